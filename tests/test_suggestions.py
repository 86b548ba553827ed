"""Foods that would close gaps: within every limit, never what is not eaten, and never without a reason."""

import csv
import importlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutridiary.analysis import analyze
from nutridiary.errors import NutridiaryError
from nutridiary.foods import load_foods
from nutridiary.references import Person, reference_values
from nutridiary.suggestions import Wishes, cautions_of
from nutridiary.suggestions.aims import ALREADY_ABOVE, ENERGY_ALLOWANCE, SODIUM_ABOVE
from nutridiary.suggestions.candidates import load_suggested_foods
from nutridiary.suggestions.exclusions import FoodTexts, excluded_by
from nutridiary.suggestions.programme import Programme, keeps_limits, solve
from suggestion_diaries import ANNA, CHICKEN, POOR, WHITE_RICE, suggested

SAUSAGE, CHIPS, OATMEAL, SPINACH, LIVER, SALMON = 2_706_191, 2_709_422, 2_708_381, 2_709_618, 2_706_153, 2_706_286
MILK, BREAD, COLLARDS, CHEESE = 2_705_386, 2_707_598, 170_407, 2_705_709
DIARY_FOODS = (WHITE_RICE, CHICKEN, SAUSAGE, CHIPS, OATMEAL, SPINACH, LIVER, SALMON, MILK, BREAD, COLLARDS, CHEESE)


def test_suggest_closes_a_gap_of_a_poor_diary_with_few_foods_and_says_by_how_much():
    found, effects, _ = suggested([POOR] * 3)
    assert 1 <= len(found) <= 3
    assert found["rank"].to_list() == list(range(1, len(found) + 1))
    assert (found["per_days"] == 7).all()
    aimed = effects[effects["aimed_at"]]
    assert (aimed["percent_with_suggestions"] > aimed["percent"] + 10).any()
    assert found.loc[0, "reading"].startswith("+")
    assert " By itself: " in found.loc[0, "reading"]


def test_suggest_for_one_day_adds_to_that_day():
    found, _, _ = suggested([POOR])
    assert (found["per_days"] == 1).all()
    assert (found["portions"] == 1).all()
    assert found["reading"].str.contains("on that day").all()


def test_suggest_adds_up_to_its_effects_by_fresh_arithmetic():
    found, effects, totals = suggested([POOR] * 2)
    _check_effects(found, effects, totals)


def test_suggest_prefers_a_food_that_is_eaten_already():
    plain, _, _ = suggested([POOR] * 7)
    chosen = plain.loc[0, "fdc_id"]
    with_it, _, _ = suggested([[*POOR, (chosen, 5.0)]] + [POOR] * 6)
    assert with_it.loc[with_it["fdc_id"] == chosen, "already_eaten"].all()
    assert not plain.loc[0, "already_eaten"]


def test_suggest_adds_no_fish_to_a_diary_with_fish_every_day():
    found, _, _ = suggested([[*POOR, (SALMON, 85.0)]] * 3)
    assert "fish and seafood" not in set(found["food_group"])


SALTY = (*POOR, (SAUSAGE, 250.0))  # three sausages: about 2,300 mg of sodium beside what the rest holds


def test_suggest_beside_much_sodium_adds_milk_or_fish_but_no_salty_food_and_says_what_would_help_more():
    found, effects, totals = suggested([SALTY] * 3, wishes=Wishes(dislikes=("soy milk",)))
    assert totals.loc[totals["nutrient"] == "sodium", "amount"].mean() > 2300
    assert {"milk and dairy", "fish and seafood"} & set(found["food_group"])
    assert _added(found, ["sodium"])["sodium"] <= 115  # 5 % of 2,300 mg
    held = load_foods().composition(found["fdc_id"], ["sodium"])["sodium"].to_numpy() / 100
    assert (held * found["portion_grams"] <= 140).all()  # 21 CFR 101.61(b)(4)
    note = effects.set_index("nutrient").loc["sodium", "note"]
    assert "no more than 5 % of it, in foods low in sodium alone" in note
    assert "In place of something salty" in note


@pytest.mark.parametrize(("reference", "limit"), [("efsa", "safe and adequate intake"), ("harmonized", None)])
def test_suggest_beside_much_sodium_adds_no_salty_food_where_the_authority_has_no_cdrr(reference, limit):
    found, effects, _ = suggested([SALTY] * 3, reference=reference)
    held = load_foods().composition(found["fdc_id"], ["sodium"])["sodium"].to_numpy() / 100
    assert (held * found["portion_grams"] <= 140).all()
    if limit:  # EFSA 2019: 2.0 g a day
        row = effects.set_index("nutrient").loc["sodium"]
        assert (row["limit_kind"], row["limit"]) == (limit, 2000)
        assert _added(found, ["sodium"])["sodium"] <= 100


def test_suggest_for_a_child_of_six_adds_fish_once_a_week_at_most():
    # At 4 to 7 years a serving is 2 ounces, two of them a week (FDA and EPA): one portion of three is within that.
    vegetables = Wishes(dislikes=("milk", "eggs", "soy", "kefir", "yogurt"))
    found, _, _ = suggested([POOR] * 7, {"": Person(sex="male", age_years=6)}, vegetables)
    adults, _, _ = suggested([POOR] * 7, {"": Person(sex="male", age_years=30)}, vegetables)
    fish = [foods.loc[foods["food_group"] == "fish and seafood", "portions"].sum() for foods in (found, adults)]
    assert fish[0] <= 1
    assert fish[1] == 2


def test_suggest_of_a_person_nobody_described_says_why_there_is_none():
    found, effects, _ = suggested([POOR], people={})
    assert len(found) == 1
    assert pd.isna(found.loc[0, "fdc_id"])
    assert "sex and age are not known" in found.loc[0, "reading"]
    assert not found.loc[0, "already_eaten"]
    assert effects.empty


@pytest.mark.parametrize(
    ("person", "reference", "reason"),
    [
        (Person(sex="male", age_years=4.9), "nasem", "below 5 years"),
        (Person(sex="female", age_years=34), "fda-dv", "Daily Values"),
        (
            Person(sex="female", age_years=34, weight_kg=45, height_cm=150, activity="inactive"),
            "nasem",
            "at or above the energy requirement",
        ),
    ],
)
def test_suggest_where_nothing_may_be_added_says_why(person, reference, reason):
    found, effects, _ = suggested([[*POOR, (CHIPS, 300.0)]], {"": person}, reference=reference)
    assert len(found) == 1
    assert reason in found.loc[0, "reading"]
    assert effects.empty


def test_suggest_to_a_record_of_very_little_energy_says_to_complete_it_and_adds_nothing():
    found, effects, _ = suggested([[(WHITE_RICE, 400.0)]] * 3)  # about 520 kcal a day
    assert len(found) == 1
    assert "too little to add a few foods to" in found.loc[0, "reading"]
    assert "complete the record first" in found.loc[0, "reading"]
    assert effects.empty


def test_suggest_counts_no_calcium_of_spinach_or_chard_as_closing_a_gap():
    greens = [168_463, 170_401, 170_376]  # cooked spinach, chard, beet greens
    everything_else = Wishes(("vegan",), dislikes=("soy", "nuts", "beans", "fruit", "grains", "kale", "potatoes"))
    found, effects, _ = suggested([POOR] * 3, wishes=everything_else, nutrients=["calcium", "magnesium", "vitamin_k"])
    assert effects.set_index("nutrient").loc["calcium", "aimed_at"]
    chosen = found[found["fdc_id"].isin(greens)]
    assert len(chosen) == 1
    assert not chosen["reading"].str.contains("calcium").any()
    said = " ".join(cautions_of(found, effects, {}))
    assert "kidney stones" in said
    assert "calcium of these greens closes no gap" in said


def test_suggest_never_adds_two_kinds_of_milk_and_says_that_milk_is_reckoned_as_fortified():
    found, effects, _ = suggested([POOR] * 3, nutrients=["calcium", "vitamin_d", "vitamin_b12"])
    milks = found["food_description"].str.match("Milk|Soy milk|Almond milk|Kefir")
    assert milks.sum() == 1
    assert "does not say so, they hold less" in " ".join(cautions_of(found, effects, {}))


def test_cautions_of_a_diet_say_that_labels_decide_and_in_pregnancy_whom_to_ask():
    found, effects, _ = suggested([POOR] * 3)
    plain = " ".join(cautions_of(found, effects, {"diets": "none stated"}))
    assert "Labels decide" not in plain
    assert "In pregnancy" not in plain
    expecting = {"": Person(sex="female", age_years=29, pregnant=True)}
    said = " ".join(cautions_of(found, effects, {"diets": "vegetarian"}, expecting))
    assert "Labels decide" in said
    assert "rennet" in said
    assert "No allergy was stated" in said
    assert "In pregnancy" in said


def test_suggest_leaves_out_every_food_of_a_long_list_of_wishes_and_says_so():
    everything = Wishes(
        diets=("vegan",),
        allergies=("soy", "tree nuts", "gluten"),
        dislikes=("fruit", "vegetables", "beans", "rice", "quinoa", "potatoes", "seeds", "chickpeas"),
    )
    found, _, _ = suggested([POOR], wishes=everything)
    assert "No suggestion: no food is left" in found.loc[0, "reading"]


def test_suggest_in_pregnancy_never_has_liver_or_fish_with_much_mercury():
    names = [food.food_description.casefold() for food in load_suggested_foods()]
    forbidden = (
        "liver",
        "swordfish",
        "shark",
        "king mackerel",
        "marlin",
        "orange roughy",
        "tilefish",
        "bigeye",
        "raw fish",
    )
    assert not [
        name for name in names if any(word in name for word in (*forbidden, "albacore", "sprouts, raw", "brie"))
    ]


@pytest.mark.parametrize("wrong", [{"diets": ("vegen",)}, {"allergies": ("peanutz",)}, {"dislikes": ("mushrums",)}])
def test_wishes_that_are_not_understood_are_refused_with_what_is_near(wrong):
    with pytest.raises(NutridiaryError, match="Did you mean"):
        Wishes(**wrong)


def test_wishes_between_commas_are_several_and_each_gets_its_one_name():
    wishes = Wishes(diets="plant-based", allergies=["peanut, sulfites"], dislikes=("Liver",))
    assert (wishes.diets, wishes.allergies, wishes.dislikes) == (("vegan",), ("peanuts", "sulphites"), ("liver",))
    assert wishes.said["allergies"] == "peanuts, sulphites"
    assert Wishes().said["allergies"] == "none stated"


def test_allergy_to_a_food_that_is_on_no_list_leaves_it_out_by_its_name():
    found, _, _ = suggested([POOR] * 3, wishes=Wishes(allergies=("kiwi",), dislikes=("kale",)))
    assert not found["food_description"].str.contains("iwi|ale,").any()


def test_cautions_name_potassium_where_it_rises_and_that_no_allergy_was_stated():
    found, effects, _ = suggested([POOR] * 3)
    texts = " ".join(cautions_of(found, effects, {}))
    assert "kidney disease" in texts
    assert "No allergy was stated" in texts
    stated = " ".join(cautions_of(found, effects, {"allergies": "milk"}))
    assert "No allergy was stated" not in stated
    assert "Labels decide" in stated


def test_suggestions_without_scipy_are_refused_before_the_diary_is_read(monkeypatch):
    monkeypatch.setattr("nutridiary.suggestions.programme.find_spec", lambda name: None)
    with pytest.raises(NutridiaryError, match=r"pip install 'nutridiary\[stats\]'"):
        analyze("there is no such diary.csv", suggest=True)


def test_suggest_without_scipy_says_how_to_install_it(monkeypatch):
    real = importlib.import_module

    def absent(name, *rest):
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr("nutridiary.suggestions.programme.import_module", absent)
    with pytest.raises(NutridiaryError, match=r"nutridiary\[stats\]"):
        suggested([POOR])


def test_every_food_that_may_be_suggested_is_the_record_it_says_with_known_values():
    known = load_suggested_foods()
    assert len(known) <= 200
    described = load_foods().foods([food.fdc_id for food in known]).set_index("fdc_id")["description"]
    assert [described[food.fdc_id] for food in known] == [food.food_description for food in known]
    held = load_foods().composition([food.fdc_id for food in known], ["energy", "magnesium", "potassium", "sodium"])
    assert held.notna().all(axis=None)
    assert len({food.phrase for food in known}) == len(known)


def test_how_often_foods_are_reported_agrees_with_the_table_of_eating_frequency():
    names = load_foods().foods().dropna(subset="food_code")[["food_code", "description"]]
    with (importlib.import_module("nutridiary.data_files").data_file("eating_frequency.csv")).open() as lines:
        reports = {int(row["food_code"]): int(row["reports"]) for row in csv.DictReader(lines)}
    counts = names["food_code"].map(reports).fillna(0)
    for food in load_suggested_foods():
        assert counts[names["description"].str.contains(food.eaten_as)].sum() == food.reports, food.say


# The programme, on any numbers


@st.composite
def programmes(draw):
    aims, foods, limits = draw(st.integers(1, 3)), draw(st.integers(1, 8)), draw(st.integers(0, 3))
    share = st.floats(0, 0.6, allow_nan=False)
    table = lambda rows: np.array([[draw(share) for _ in range(foods)] for _ in range(rows)]).reshape(rows, foods)  # noqa: E731
    days = draw(st.sampled_from([1, 7]))
    return Programme(
        gains=table(aims) / days,
        short=np.array([draw(share) for _ in range(aims)]),
        weights=np.ones(aims),
        loads=table(limits) / days,
        room=np.array([draw(share) for _ in range(limits)]),
        costs=np.full(foods, 0.03),
        kinds=np.array([draw(st.integers(0, 4)) for _ in range(foods)], dtype="int64"),
        capped=np.array([draw(st.booleans()) for _ in range(foods)]),
        cap=draw(st.integers(0, 2)),
        days=days,
    )


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_solve_never_passes_a_limit(programme):
    portions = solve(programme).portions
    assert keeps_limits(programme, portions)
    assert (programme.loads @ portions <= programme.room + 1e-9).all()
    assert (portions > 0).sum() <= 3
    assert portions.max() <= programme.days


@settings(max_examples=30, deadline=None)
@given(programmes())
def test_solve_for_one_day_is_the_best_of_every_choice(programme):
    if programme.days != 1:
        return

    def cost(chosen):
        left = np.maximum(programme.short - programme.gains @ chosen, 0).sum()
        return left + (0.03 + 0.002) * chosen.sum()

    foods = len(programme.costs)
    every = (np.array([number >> place & 1 for place in range(foods)]) for number in range(2**foods))
    best = min(cost(chosen) for chosen in every if keeps_limits(programme, chosen))
    assert cost(solve(programme).portions) <= best + 0.003 * max(best, 1)


# Whole diaries, checked with fresh arithmetic

PEOPLE = (
    ANNA,
    Person(sex="male", age_years=70),
    Person(sex="female", age_years=16),
    Person(sex="female", age_years=29, pregnant=True),
    Person(sex="male", age_years=45, weight_kg=80, height_cm=180, activity="active"),
    Person(sex="male", age_years=6),
)
WISHES = (
    Wishes(),
    Wishes(diets=("vegan",)),
    Wishes(diets=("vegetarian",), allergies=("tree nuts",)),
    Wishes(allergies=("milk", "fish")),
    Wishes(dislikes=("kale", "fruit")),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(DIARY_FOODS), st.floats(20, 500)), min_size=1, max_size=5),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(PEOPLE),
    st.sampled_from(WISHES),
)
def test_suggest_keeps_every_limit_and_wish_of_any_diary(days, person, wishes):
    found, effects, totals = suggested([[*day, (WHITE_RICE, 600.0)] for day in days], {"": person}, wishes)
    if found["fdc_id"].isna().all():
        assert found["reading"].str.startswith("No suggestion").all()
        return
    _check_effects(found, effects, totals)
    _check_limits(found, totals, person)
    texts = FoodTexts.of(found["fdc_id"], load_foods())
    for kind, name in wishes.names:
        if kind != "word":
            assert not excluded_by(kind, name, texts)


def _added(found: pd.DataFrame, nutrients: list[str]) -> pd.Series:
    """What the suggestions add to the mean of a day, from the composition of the foods alone."""
    held = load_foods().composition(found["fdc_id"], nutrients).to_numpy() / 100
    grams = (found["portion_grams"] * found["portions"] / found["per_days"]).to_numpy(dtype=float)
    return pd.Series(grams @ held, index=nutrients)


def _check_effects(found: pd.DataFrame, effects: pd.DataFrame, totals: pd.DataFrame) -> None:
    means = totals.groupby("nutrient")["amount"].mean()
    names = effects["nutrient"].to_list()
    added = _added(found, names)
    for row in effects.itertuples():
        assert row.mean_intake == pytest.approx(means[row.nutrient], abs=1e-6)
        assert row.with_suggestions == pytest.approx(means[row.nutrient] + added[row.nutrient], rel=1e-9, nan_ok=True)
        if row.reference == row.reference:
            assert row.percent_with_suggestions == pytest.approx(
                100 * row.with_suggestions / row.reference, nan_ok=True
            )


def _check_limits(found: pd.DataFrame, totals: pd.DataFrame, person: Person) -> None:
    means = totals.groupby("nutrient")["amount"].mean()
    figures = reference_values(person)
    limits = figures[figures["kind"].isin(["UL", "CDRR"]) & figures["amount"].notna()]
    parts = {"preformed_retinol": "retinol", "folic_acid_supplements_and_fortification": "folic_acid"}
    for row in limits.itertuples():
        name = (
            row.nutrient
            if row.applies_to in ("total_intake", None) or row.kind == "CDRR"
            else parts.get(row.applies_to)
        )
        if name is None or name not in means or means[name] != means[name]:
            continue
        added = _added(found, [name])[name]
        if means[name] < row.amount:
            assert means[name] + added <= row.amount * (1 + 1e-6), name
        else:
            share = SODIUM_ABOVE if row.kind == "CDRR" else ALREADY_ABOVE
            assert added <= share * row.amount * (1 + 1e-6), name
    if person.weight_kg is None:
        energy = _added(found, ["energy"])["energy"]
        assert energy <= means["energy"] * ENERGY_ALLOWANCE * (1 + 1e-6)
    assert found["fdc_id"].is_unique
    assert (found["portions"] <= found["per_days"]).all()


# The sheet


def test_suggestions_sheet_shows_foods_means_and_what_to_know(tmp_path):
    analysis = _analysed(*suggested([POOR] * 3)[:2], settings={"allergies": "none stated", "reference": "nasem"})
    cells = _cells_of_sheet(analysis, tmp_path)
    first = analysis.suggestions.loc[0]
    assert first["reading"].partition(" By itself: ")[0] in cells
    assert int(first["fdc_id"]) in cells
    assert any("kidney disease" in str(cell) for cell in cells)
    effects = analysis.suggestion_effects
    assert set(effects["with_suggestions"].round(6)) <= {
        round(cell, 6) for cell in cells if isinstance(cell, int | float)
    }


def test_suggestions_sheet_of_nobody_described_says_why_there_is_none(tmp_path):
    cells = _cells_of_sheet(_analysed(*suggested([POOR], people={})[:2], settings={}), tmp_path)
    assert "No suggestion" in cells
    assert any("Sex and age are not known" in str(cell) for cell in cells)


def _analysed(found, effects, *, settings):
    from dataclasses import replace

    from hand_made import Line, analysis_of

    return replace(analysis_of([Line()], settings=settings), suggestions=found, suggestion_effects=effects)


def _cells_of_sheet(analysis, folder):
    from openpyxl import Workbook, load_workbook

    from nutridiary.report.excel.archive import save
    from nutridiary.report.excel.looks import Palette
    from nutridiary.report.excel.page import Page
    from nutridiary.report.excel.suggestions import write_suggestions

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    palette = Palette(workbook)
    write_suggestions(Page(workbook, palette, "Suggestions"), analysis, people=[""])
    palette.close()
    save(workbook, folder / "report.xlsx", [])
    sheet = load_workbook(folder / "report.xlsx")["Suggestions"]
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
