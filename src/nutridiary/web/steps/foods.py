"""Foods that a text may mean, for a search as somebody types."""

from __future__ import annotations

from pydantic import BaseModel, Field


class FoundFood(BaseModel):
    """A food that was found."""

    fdc_id: int
    description: str
    data_type: str = Field(description="Which part of FoodData Central it is of.")
    category: str


class FoundFoods(BaseModel):
    """What was found, best first."""

    foods: list[FoundFood]


def search(text: str, top: int) -> FoundFoods:
    """Return the foods that `text` may mean, best first."""
    from nutridiary.foods import load_foods
    from nutridiary.matching import match_texts

    data = load_foods()
    found = match_texts([text], data, top=top)
    ids = found["fdc_id"].dropna().astype("int64").tolist()
    foods = [data.food(fdc_id) for fdc_id in ids]
    return FoundFoods(
        foods=[
            FoundFood(
                fdc_id=fdc_id,
                description=str(food["description"]),
                data_type=str(food["data_type"]),
                category=str(food["category"] or ""),
            )
            for fdc_id, food in zip(ids, foods, strict=True)
        ]
    )
