"""Search foods, as somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from nutridiary.web.routes.answers import OF_A_DIARY
from nutridiary.web.server import server_of
from nutridiary.web.steps.foods import DataType, FoundFoods

api = APIRouter(prefix="/api/foods", tags=["foods"])


@api.get("", operation_id="searchFoods", responses={422: OF_A_DIARY[422]})
async def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="What somebody calls the food, or its FDC id.")],
    top: Annotated[int, Query(ge=1, le=50, description="How many foods.")] = 10,
    of: Annotated[DataType | None, Query(description="Foods of this part of FoodData Central only.")] = None,
) -> FoundFoods:
    """Find foods in FoodData Central that a text may mean, best first; its last word may be unfinished."""
    return await server_of(request).workers.search(q, top, of or "")
