"""Search foods, as somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from nutridiary.web.server import server_of
from nutridiary.web.steps.foods import FoundFoods

api = APIRouter(prefix="/api/foods", tags=["foods"])


@api.get("", operation_id="searchFoods")
async def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, description="What somebody calls the food.")],
    top: Annotated[int, Query(ge=1, le=50, description="How many foods.")] = 10,
) -> FoundFoods:
    """Find foods in FoodData Central that a text may mean, best first."""
    found: FoundFoods = await server_of(request).workers.search(q, top)
    return found
