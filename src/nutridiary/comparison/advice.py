"""What to find out about a food, or to write, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from nutridiary.fdc.product_ids import LABELLED
from nutridiary.foods import OWN_FOOD
from nutridiary.nutrients import nutrient_label

_MOST_NAMED = 4


def advice_on_left_out(kind: object, problem: str, without_weight: bool) -> str:
    """Return what to write so that a line counts that is left out.

    Parameters
    ----------
    kind, problem : str
        As in `tables.WEIGHED`. A problem says itself what to write.
    without_weight : bool
        Whether its food was found, and no weight.

    Examples
    --------
    >>> advice_on_left_out("food", "no weight for a cup of Tofu. Write grams.", True)
    'How much was it? No weight for a cup of Tofu. Write grams.'
    """
    said = problem[:1].upper() + problem[1:]
    if kind == "supplement":
        return f"What does one hold? {said}"
    return f"How much was it? {said}" if without_weight else said


def advice_on_gap(nutrients: Sequence[str], data_type: object, kind: object, filled_in: bool) -> str:
    """Return what to do about nutrients that the food's own record does not have.

    Parameters
    ----------
    nutrients : sequence of str
    data_type, kind : str or missing
        As in `tables.WEIGHED`.
    filled_in : bool
        Whether a twin record lends the values.

    Examples
    --------
    >>> advice_on_gap(["vitamin_d", "vitamin_b12"], "foundation_food", "food", False)
    'No record has vitamin D (D2 + D3) and vitamin B12 of this food. A label may: enter it as a food of your own.'
    >>> advice_on_gap(["vitamin_k"], "foundation_food", "food", True)
    'Vitamin K (phylloquinone) is that of another record of the same food. A label tells more surely.'
    >>> advice_on_gap(["magnesium"], None, "supplement", False)
    'How much magnesium it gives is open. Write the amount of the nutrient itself, as the label has it.'
    >>> advice_on_gap(["magnesium"], "branded_food", "food", True)
    'The label of this product has no magnesium: that of a generic food stands in. The maker may tell.'
    """
    named = _listed(nutrients)
    lacking = f"The label of this product has no {named.replace(' and ', ' or ')}"
    if kind == "supplement":
        return f"How much {named} it gives is open. Write the amount of the nutrient itself, as the label has it."
    if filled_in and data_type in LABELLED:
        that = "that of a generic food stands" if len(nutrients) == 1 else "those of a generic food stand"
        return f"{lacking}: {that} in. The maker may tell."
    if filled_in:
        verb = "is that" if len(nutrients) == 1 else "are those"
        return f"{named[:1].upper()}{named[1:]} {verb} of another record of the same food. A label tells more surely."
    if data_type == OWN_FOOD:
        return f"Your label or recipe has no {named.replace(' and ', ' or ')}. Add what the maker tells of it."
    if data_type in LABELLED:
        return f"{lacking}, and no generic food lends it. The maker may tell: enter it as a food of your own."
    return f"No record has {named} of this food. A label may: enter it as a food of your own."


def advice_on_amount(weight: float, low: float, high: float) -> str:
    """Return what to write so that a weight is known better. [g]

    Examples
    --------
    >>> advice_on_amount(150.0, 60.0, 300.0)
    'How much was it? It was taken as 150 g and may be 60 to 300 g. Write the weight in g.'
    """
    return (
        f"How much was it? It was taken as {weight:,.0f} g and may be {low:,.0f} to {high:,.0f} g. "
        "Write the weight in g."
    )


def advice_on_match(taken: str, others: Sequence[str]) -> str:
    """Return which foods a text may mean.

    Examples
    --------
    >>> advice_on_match("Milk, whole", ["Milk, reduced fat (2%)", "Milk, NFS"])
    'Which was it: Milk, whole (as taken); Milk, reduced fat (2%); or Milk, NFS?'
    >>> advice_on_match("Milk, whole", [])
    'Was it Milk, whole?'
    """
    if not others:
        return f"Was it {taken}?"
    *first, last = [f"{taken} (as taken)", *others]
    return f"Which was it: {'; '.join(first)}; or {last}?"


def _listed(nutrients: Sequence[str]) -> str:
    """Return nutrients as within a sentence."""
    labels = [nutrient_label(name) for name in nutrients]
    named = [label[:1].lower() + label[1:] for label in labels[:_MOST_NAMED]]
    if len(labels) > _MOST_NAMED:
        return f"{', '.join(named)} and {len(labels) - _MOST_NAMED} more"
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
