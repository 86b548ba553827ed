"""What many people's days say of a group: means, usual intakes and their prevalences."""

from __future__ import annotations

from nutridiary.tables.table import NUMBER, TEXT, WHOLE, Column, Table

PERCENTILES = (5, 10, 25, 50, 75, 90, 95)
"""Percentiles of usual intake that a table of groups gives."""

_GROUP = (
    Column("group", TEXT, "whose days: a life-stage group, or what the people were grouped by"),
    Column("nutrient", TEXT, "name as in nutrients.csv"),
    Column("label", TEXT, "the nutrient's name for a reader"),
    Column("unit", TEXT, "the nutrient's one unit, per day"),
    Column("people", WHOLE, "people with at least one day whose intake is known"),
    Column("days", WHOLE, "their days whose intake is known"),
)
_DESIGN = (
    Column("se_method", TEXT, "where the standard errors (`_se`) come from"),
    Column("degrees", WHOLE, "their degrees of freedom"),
)


def _share(name: str, meaning: str) -> tuple[Column, Column]:
    return Column(name, NUMBER, meaning, "%"), Column(f"{name}_se", NUMBER, "its standard error", "% points")


def _percentile(percent: int) -> tuple[Column, Column]:
    meaning = f"{percent} % of the people have a usual intake below it"
    return (
        Column(f"p{percent}", NUMBER, meaning, "unit/d"),
        Column(f"p{percent}_se", NUMBER, "its standard error", "unit/d"),
    )


USUAL_INTAKES = Table(
    "usual_intakes",
    "group x nutrient: usual intakes as a distribution, and how it lies beside the references",
    ("group", "nutrient"),
    (
        *_GROUP,
        Column("people_repeated", WHOLE, "of these people, with two or more such days"),
        Column("days_left_out", WHOLE, "days whose intake is not known; left out of the fit"),
        Column("days_without", WHOLE, "days with none of the nutrient"),
        Column("method", TEXT, "amount_model, nrc_1986, not_adjusted, mean_only or withheld"),
        Column("exponent", NUMBER, "of the Box-Cox scale"),
        Column("share_between", NUMBER, "of the variance of days on that scale, what is between people"),
        Column("mean", NUMBER, "mean of usual intakes; of days where the method is mean_only", "unit/d"),
        Column("mean_se", NUMBER, "its standard error", "unit/d"),
        Column("sd", NUMBER, "standard deviation of usual intakes between people", "unit/d"),
        *(column for percent in PERCENTILES for column in _percentile(percent)),
        Column("ear", NUMBER, "estimated average requirement", "unit/d"),
        *_share("inadequate", "people whose usual intake is likely below their own requirement"),
        Column("inadequate_by", TEXT, "cut_point, probability or withheld"),
        Column("ai", NUMBER, "adequate intake", "unit/d"),
        *_share("above_ai", "people whose usual intake is above the AI; the others may well have enough"),
        Column("ul", NUMBER, "tolerable upper intake level", "unit/d"),
        *_share("above_ul", "people whose usual intake of the part that the UL counts is above it"),
        Column("cdrr", NUMBER, "chronic disease risk reduction intake", "unit/d"),
        *_share("above_cdrr", "people whose usual intake is above the CDRR"),
        *_DESIGN,
        Column("reading", TEXT, "in plain words"),
        Column("note", TEXT, "what it rests on, and why a figure is withheld"),
    ),
)

SURVEY_MEANS = Table(
    "survey_means",
    "group x nutrient: mean of days, with the error that the survey's design gives",
    ("group", "nutrient"),
    (
        *_GROUP,
        Column("days_left_out", WHOLE, "days whose intake is not known"),
        Column("mean", NUMBER, "weighted mean of the days", "unit/d"),
        Column("mean_se", NUMBER, "its standard error", "unit/d"),
        Column("mean_low", NUMBER, "lower end of its 95 % interval", "unit/d"),
        Column("mean_high", NUMBER, "upper end of its 95 % interval", "unit/d"),
        *_DESIGN,
    ),
)
