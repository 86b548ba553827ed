"""What each confidence rests on: the figure, the spread of needs, whose variation, and which method that allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nutridiary.comparison.groups import person_key, person_of
from nutridiary.references import REFERENCES, kind_names
from nutridiary.usual_intake.individual import MOST_VARIATION
from nutridiary.usual_intake.requirements import requirement_spread
from nutridiary.usual_intake.variation import Peers, peers_of, pooled_variation, usual_intake_models

if TYPE_CHECKING:
    import pandas as pd

    from nutridiary.references import Person

MODEL, BY_DAYS_ALONE, WITHHELD = "usual_intake_model", "iom_2000", "withheld"

# What the EAR counts beyond what records hold: niacin made from tryptophan (IOM 1998, doi:10.17226/6015).
PARTLY_RECORDED = frozenset({"niacin"})

NOTHING_KNOWN = "no amount is known"
NO_FIGURE = "it is held against no requirement or AI"
NOT_ON_RECORD = "how much it varies from day to day is not on record"
TOO_SKEWED = "its days vary too much for a figure by these days alone, and how people differ is not on record"


def grounds(
    comparison: pd.DataFrame, means: pd.DataFrame, people: Mapping[str, Person], last_days: Mapping[str, Any]
) -> pd.DataFrame:
    """Return what the confidence of each row of a comparison rests on.

    Parameters
    ----------
    comparison : pandas.DataFrame
        `tables.COMPARISON`, on an index of 0..n-1.
    means : pandas.DataFrame
        As `records.means_of_days` gives it.
    people : mapping of str to Person
    last_days : mapping of str to Timestamp
        The last recorded day, by the key of a person.

    Returns
    -------
    pandas.DataFrame
        On the same index:

        - `peers`, `survey`: whose variation is used, in words, and where it was seen; `exact`, whether the person is
          one of them;
        - `kind`, `figure` [unit/d]: EAR or AI; `cv` [-], `cv_source`, `by_table`: how needs are spread around it;
        - `upper_kind`, `upper` [unit/d]: UL or CDRR, where it counts all intake;
        - `reference_name`, `upper_name`, `rda_name`: what the authority calls them;
        - `sd_within` [unit/d], `cv_within` [-]: variation within a person on the scale of intake;
        - `model`: the key of the usual-intake model, or None;
        - `method`, and `withheld`: why there is none.
    """
    import pandas as pd

    groups = {
        key: peers_of(person_of(key, people), last_days.get(key)) for key in map(person_key, comparison["person_id"])
    }
    known_days = means["known_days"].tolist()
    found = [
        _ground(row, *groups[person_key(row.person_id)], known)
        for row, known in zip(comparison.itertuples(), known_days, strict=True)
    ]
    return pd.DataFrame(found, index=comparison.index, columns=list(_NOTHING)).astype(_TYPES)


_NOTHING: dict[str, Any] = {
    "peers": None,
    "survey": None,
    "exact": False,
    "kind": None,
    "figure": float("nan"),
    "cv": float("nan"),
    "cv_source": "",
    "by_table": False,
    "upper_kind": None,
    "upper": float("nan"),
    "reference_name": None,
    "upper_name": None,
    "rda_name": None,
    "sd_within": float("nan"),
    "cv_within": float("nan"),
    "model": None,
    "method": WITHHELD,
    "withheld": "",
}
_TYPES = {name: "float64" for name, value in _NOTHING.items() if isinstance(value, float)}
_TYPES |= dict.fromkeys(("peers", "survey", "kind", "upper_kind", "reference_name", "upper_name"), "str")


def _ground(row: Any, peers: Peers | None, no_peers: str, known_days: float) -> dict[str, Any]:
    found = {**_NOTHING, **_figures(row)}
    if known_days == 0:
        return found | {"withheld": NOTHING_KNOWN}
    if peers is None:
        return found | {"withheld": no_peers}
    key = (row.nutrient, peers.sex, peers.age_from)
    pooled, model = pooled_variation().get(key), usual_intake_models().get(key) if peers.exact else None
    found |= {"peers": peers.words, "exact": peers.exact}
    if pooled is not None:
        found |= {"survey": pooled.survey, "sd_within": pooled.sd_within, "cv_within": pooled.cv_within}
    if model is not None:
        found |= {"survey": model.survey, "model": key}
    withheld = found["withheld"] or ("" if found["kind"] else NO_FIGURE)
    if found["kind"] == "EAR":
        spread = requirement_spread(row, peers)
        found |= {"cv": spread.cv, "cv_source": spread.source, "by_table": spread.by_table}
        withheld = spread.withheld
    if withheld:
        return found | {"withheld": withheld}
    if model is not None:
        return found | {"method": MODEL}
    if pooled is None:
        return found | {"withheld": NOT_ON_RECORD}
    if pooled.cv_within > MOST_VARIATION:
        return found | {"withheld": TOO_SKEWED}
    if found["by_table"]:
        return found | {"withheld": "people's needs are spread too unevenly for a figure by these days alone"}
    return found | {"method": BY_DAYS_ALONE}


def _figures(row: Any) -> dict[str, Any]:
    """Return the figure a confidence is about, and the upper one where it counts all intake."""
    found: dict[str, Any] = {}
    for kind, value in (("AI", row.ai), ("EAR", row.ear)):
        if value > 0:
            found |= {"kind": kind, "figure": value}
    if row.cdrr == row.cdrr:
        found |= {"upper_kind": "CDRR", "upper": row.cdrr}
    if row.ul == row.ul and row.ul_applies_to == "total_intake":
        found |= {"upper_kind": "UL", "upper": row.ul}
    reference = _reference_of(row.authority)
    names = kind_names(reference, row.nutrient) if reference else {}
    if found.get("kind") == "AI" and names.get("AI", "AI") != "AI":  # EFSA's figure for sodium
        found |= {"kind": None, "withheld": f"the {names['AI']} is no level to reach"}
    return found | {
        "reference_name": names.get(found.get("kind") or "", found.get("kind")),
        "upper_name": names.get(found.get("upper_kind", ""), found.get("upper_kind")),
        "rda_name": names.get("RDA", "RDA"),
    }


def _reference_of(authority: object) -> str | None:
    """Return the reference whose authority is named so in the tables."""
    return next((name for name, known in REFERENCES.items() if known.code == authority), None)
