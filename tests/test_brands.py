"""Lines with a barcode or a brand: which product they are, and what is said where they are none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from branded_shelf import LABEL, PRODUCTS, RELEASE_DAY, Made, Shelf, install, plain
from fdc_server import FdcServer, full_value, product, status
from nutridiary.analysis import analyze
from nutridiary.barcodes import check_digit
from nutridiary.brands import look_up_products
from nutridiary.brands.lookup import Found
from nutridiary.cli import main
from nutridiary.errors import FoodDataError
from nutridiary.fdc.answers import foods_from_answers
from nutridiary.fdc.branded import BrandedDatabase
from nutridiary.fdc.looked_up import LookedUp
from nutridiary.foods import load_foods
from nutridiary.matching import match_foods
from nutridiary.portions import weigh
from nutridiary.references import Person
from nutridiary.tables import ALIASES, ENTRIES, conform
from nutridiary.web.asked import Asked, Correction
from nutridiary.web.steps.corrections import alias_files, problem_of

WASA = "4006381333931"
TWO_LABELS = "016000275287"


def lines(*rows: dict[str, Any]) -> pd.DataFrame:
    made = [
        {"source": "d.csv", "line": number, "kind": "food", "date": pd.Timestamp("2026-03-01"), **row}
        for number, row in enumerate(rows, 2)
    ]
    return conform(pd.DataFrame(made), ENTRIES)


def look_up(*rows: dict[str, Any], **where: Any) -> Found:
    return look_up_products(lines(*rows), load_foods(), **({"branded": Shelf()} | where))


def only(found: Found) -> pd.Series:
    assert len(found.entries) == 1
    return found.entries.iloc[0]


# By barcode


def test_barcode_finds_the_product_whatever_way_it_is_written() -> None:
    for written in (WASA, "4 006381 333931", f"EAN: {WASA}", f"0{WASA}"):
        row = only(look_up({"food_text": "crispbread", "barcode": written}))
        assert (row["product_id"], row["product_by"], row["product_score"]) == (9000001, "barcode", 1.0)
        assert "FDC id 9000001, Branded Foods 2026-04-30" in row["note"]


def test_upc_e_finds_the_product_that_is_filed_as_upc_a() -> None:
    assert only(look_up({"food_text": "cola", "barcode": "04963406"}))["product_id"] == 9000002


def test_barcode_that_nobody_knows_is_said_and_its_line_matched_by_words() -> None:
    found = look_up({"food_text": "peanuts", "barcode": "4005500012344"})
    assert only(found)["note"] == "barcode 4005500012344: not in Branded Foods 2026-04-30: matched by its words"
    assert match_foods(found.entries, found.foods)["food_description"].item() == "Peanuts, NFS"


def test_wrong_barcode_is_not_looked_up() -> None:
    shelf = Shelf()
    row = only(look_up({"food_text": "crispbread", "barcode": "4006381333930"}, branded=shelf))
    assert pd.isna(row["product_id"])
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("text", "barcode", "is_sure"),
    [
        ("crispbread", WASA, True),
        ("whole grain crispbread", WASA, True),
        ("coke", "049000006346", True),
        ("milk", "051000012517", False),  # it is tomato soup
        ("diet cola", "049000006346", False),  # it is not
        ("cola", "049000042566", False),  # it has no sugar
    ],
)
def test_product_whose_name_is_not_that_of_the_line_is_to_be_confirmed(text: str, barcode: str, is_sure: bool) -> None:
    found = look_up({"food_text": text, "barcode": barcode})
    matched = match_foods(found.entries, found.foods).iloc[0]
    assert matched["match_method"] == "barcode"
    assert matched["needs_review"] == (not is_sure)
    assert ("please confirm" in matched["note"]) == (not is_sure)


@pytest.mark.parametrize(
    ("day", "product"),
    [("2018-01-01", 9000009), ("2020-03-01", 9000009), ("2025-06-01", 9000010), ("2026-03-01", 9000010)],
)
def test_version_of_a_product_is_that_of_the_day_it_was_eaten(day: str, product: int) -> None:
    row = only(look_up({"food_text": "cereal", "barcode": TWO_LABELS, "date": pd.Timestamp(day)}))
    assert row["product_id"] == product
    assert ("there is one of 2025-06-01" in row["note"]) == (product == 9000009)


def test_newest_version_counts_where_the_day_is_unknown() -> None:
    assert only(look_up({"food_text": "cereal", "barcode": TWO_LABELS, "date": None}))["product_id"] == 9000010


@pytest.mark.parametrize(
    ("barcode", "why"), [("5000159484695", "contradict each other"), ("5012345678900", "no energy")]
)
def test_label_that_cannot_be_used_leaves_the_line_to_its_words(barcode: str, why: str) -> None:
    found = look_up({"food_text": "chocolate bar", "barcode": barcode})
    assert why in only(found)["note"]
    assert match_foods(found.entries, found.foods)["data_type"].item() == "survey_fndds_food"


def test_label_whose_energy_is_in_kilojoules_is_not_said_to_state_none() -> None:
    milka = Made(9000120, "7622210449283", "MILK CHOCOLATE", "MILKA", plain(2220, 6.4, 30, 58, 57.2))
    row = only(look_up({"food_text": "milk chocolate", "barcode": "7622210449283"}, branded=Shelf([milka])))
    assert pd.isna(row["product_id"])
    assert "the energy of its label cannot be: 2,220 kcal" in row["note"]
    assert "kJ written as kcal" in row["note"]
    assert "states no energy" not in row["note"]


def test_barcode_of_a_supplement_is_said_not_to_be_looked_up() -> None:
    shelf = Shelf()
    rows = [
        {"food_text": text, "barcode": WASA, "kind": "supplement", "note": note}
        for text, note in (("iron", None), ("zinc", "with food"))
    ]
    found = look_up(*rows, branded=shelf)
    assert shelf.asked == []
    assert found.entries["note"].str.contains("its barcode is not looked up: only foods are").all()
    assert found.entries["note"].iloc[1].startswith("with food; ")


def test_product_that_is_filed_without_its_last_digit_is_found_and_said_so() -> None:
    # As in ../shared/fdc/api: Schnucks' cheddar is filed as 04131858036, its bars say 041318580365.
    shelf = Shelf([Made(2101618, "04131858036", "CHEDDAR CHEESE", "SCHNUCKS", plain(393, 25, 32, 4))])
    row = only(look_up({"food_text": "cheddar", "barcode": "041318580365"}, branded=shelf))
    assert row["product_id"] == 2101618
    assert "without the last digit" in row["note"]
    # What is left of this one is the number of another product.
    longer = f"818290011534{check_digit('818290011534')}"
    row = only(look_up({"food_text": "strawberry yogurt", "barcode": longer}))
    assert pd.isna(row["product_id"])
    assert "not in Branded Foods" in row["note"]


def test_line_that_states_its_food_by_number_is_not_looked_up() -> None:
    row = only(look_up({"food_text": "banana", "barcode": WASA, "stated_fdc_id": 173944}))
    assert pd.isna(row["product_id"])


def test_no_line_is_lost_and_lines_without_barcode_and_brand_stay_as_they_are() -> None:
    rows = [{"food_text": "milk"}, {"food_text": "felt ill", "kind": "note", "barcode": WASA}, {"food_text": "egg"}]
    before = lines(*rows, {"food_text": "crispbread", "barcode": WASA})
    after = look_up_products(before, load_foods(), branded=Shelf()).entries
    assert after[["source", "line"]].equals(before[["source", "line"]])
    pd.testing.assert_frame_equal(after.iloc[:3], before.iloc[:3])


def test_diary_without_barcodes_and_brands_asks_nobody() -> None:
    shelf = Shelf()
    entries = lines({"food_text": "milk"})
    assert look_up_products(entries, load_foods(), branded=shelf).entries is entries
    assert shelf.asked == []


def test_product_of_one_line_is_never_what_another_line_is_matched_to() -> None:
    found = look_up({"food_text": "crispbread", "barcode": WASA}, {"food_text": "crispbread whole grain rye"})
    matched = match_foods(found.entries, found.foods)
    assert matched["fdc_id"].tolist()[0] == 9000001
    assert matched["data_type"].tolist()[1] == "survey_fndds_food"


def test_alias_of_the_user_goes_before_the_product() -> None:
    said = [{"said": text, "decision": "food", "fdc_id": 173944, "source": "mine.csv"} for text in (WASA, "soup")]
    aliases = conform(pd.DataFrame(said), ALIASES)
    found = look_up(
        {"food_text": "crispbread", "barcode": f"0{WASA}"}, {"food_text": "soup", "barcode": "051000012517"}
    )
    matched = match_foods(found.entries, found.foods, aliases)
    assert matched["match_method"].tolist() == ["user_alias", "user_alias"]
    assert matched["fdc_id"].tolist() == [173944, 173944]


@settings(max_examples=15)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "food_text": st.sampled_from(["milk", "cola", "crispbread", "", WASA, "diet cola", "?"]),
                "barcode": st.sampled_from([None, WASA, "049000006346", "4006381333930", "no", TWO_LABELS]),
                "brand": st.sampled_from([None, "Wasa", "Coca-Cola", "Nobody", "&"]),
                "kind": st.sampled_from(["food", "note", "water"]),
                "note": st.sampled_from([None, "as written"]),
            }
        ),
        max_size=6,
    )
)
def test_looking_up_changes_nothing_but_products_and_notes_and_loses_no_line(rows: list[dict[str, Any]]) -> None:
    before = lines(*rows) if rows else conform(pd.DataFrame(), ENTRIES)
    after = look_up_products(before, load_foods(), branded=Shelf()).entries
    kept = [name for name in before.columns if name not in ("product_id", "product_by", "product_score", "note")]
    pd.testing.assert_frame_equal(after[kept], before[kept])
    assert all(
        str(new).startswith(str(old)) for old, new in zip(before["note"], after["note"], strict=True) if old == old
    )
    found = after["product_id"].notna()
    assert (found == after["product_score"].notna()).all()
    assert after.loc[found, "product_by"].isin(["barcode", "brand"]).all()


# By brand


@pytest.mark.parametrize(
    ("text", "brand", "product"),
    [
        ("strawberry yogurt", "Chobani", 9000005),
        ("strawberry yoghurt", "CHOBANI, LLC", 9000005),
        ("cola", "Coca-Cola", 9000002),
        ("coke zero", "Coca Cola", 9000003),
        ("nonfat plain greek yogurt", "Chobani", 9000008),
        ("tomato soup", "Campbells", 9000004),
    ],
)
def test_product_of_a_brand_is_found_where_nothing_of_the_line_is_left_over(
    text: str, brand: str, product: int
) -> None:
    found = look_up({"food_text": text, "brand": brand})
    assert only(found)["product_id"] == product
    matched = match_foods(found.entries, found.foods).iloc[0]
    assert (matched["match_method"], bool(matched["needs_review"])) == ("brand", False)


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("vanilla yogurt", "Chobani"),  # a word is left over
        ("strawberry yogurt", "Yoplait"),  # another brand
        ("diet cola", "Coca-Cola"),  # neither cola nor the one without sugar is called so
        ("crispbread", "Wa"),
    ],
)
def test_line_stays_with_the_generic_food_where_a_word_or_the_brand_does_not_agree(text: str, brand: str) -> None:
    found = look_up({"food_text": text, "brand": brand})
    assert pd.isna(only(found)["product_id"])
    assert "matched by its words" in only(found)["note"]
    assert match_foods(found.entries, found.foods)["data_type"].item() != "branded_food"


def test_variants_that_differ_in_what_they_hold_are_to_be_confirmed_with_their_spread() -> None:
    found = look_up({"food_text": "greek yogurt", "brand": "Chobani"})
    matched = match_foods(found.entries, found.foods).iloc[0]
    assert matched["needs_review"]
    # Strawberry 80, peach 80 and plain 97 kcal; the one without fat is another product than the line says.
    assert "3 products of the brand fit and differ (energy 80-97" in matched["note"]
    assert found.foods.composition([matched["fdc_id"]], ["energy"]).to_numpy().item() == 80.0


def test_variants_that_are_alike_are_taken_unseen() -> None:
    shelf = Shelf([product for product in PRODUCTS if product.fdc_id in (9000005, 9000006)])
    found = look_up({"food_text": "greek yogurt", "brand": "Chobani"}, branded=shelf)
    assert not match_foods(found.entries, found.foods)["needs_review"].item()


def test_brand_helps_where_the_barcode_is_not_known() -> None:
    row = only(look_up({"food_text": "strawberry yogurt", "brand": "Chobani", "barcode": "4005500012344"}))
    assert (row["product_id"], row["product_by"]) == (9000005, "brand")
    assert "barcode 4005500012344: not in Branded Foods 2026-04-30" in row["note"]


def test_brand_is_never_assumed_where_none_is_stated() -> None:
    assert pd.isna(only(look_up({"food_text": "chobani strawberry yogurt"}))["product_id"])


# What Tropicana's label of orange juice says: of 240 ml 110 kcal, 2 g protein, 26 g carbohydrate, 22 g sugars.
JUICE = plain(45.8, 0.83, 0, 10.83, 9.17)
JUICES = [
    Made(9000101, "048500018330", "ORANGE JUICE, NO PULP", "TROPICANA", JUICE | {"calcium": 8.0}),
    Made(9000102, "048500018347", "ORANGE JUICE, CALCIUM + VITAMIN D", "TROPICANA", JUICE | {"calcium": 146.0}),
]


def test_scanned_juice_without_pulp_or_milk_of_oats_is_what_the_line_says() -> None:
    values = plain(50, 1.3, 2.1, 6.7, 2.9)
    oats = Made(9000103, "025293002975", "OATMILK, UNSWEETENED", "OATLY", values, category="Plant Based Milk")
    cheese = Made(9000104, "041318580365", "LOWFAT COTTAGE CHEESE", "LUCERNE", plain(80, 11.5, 2.2, 4.4, 3.5))
    shelf = Shelf([*JUICES, oats, cheese])
    found = look_up(
        {"food_text": "orange juice", "barcode": "048500018330"},
        {"food_text": "oat milk", "barcode": "025293002975"},
        {"food_text": "oat drink", "barcode": "025293002975"},
        {"food_text": "cottage cheese", "barcode": "041318580365"},
        branded=shelf,
    )
    matched = match_foods(found.entries, found.foods)
    assert not matched["needs_review"].any()
    assert not matched["note"].str.contains("contradict").any()
    # A brand's oat milk is found by its two words, too.
    row = only(look_up({"food_text": "oat milk, unsweetened", "brand": "Oatly"}, branded=shelf))
    assert row["product_id"] == 9000103


def test_glass_of_a_drink_that_is_labelled_by_the_ml_is_counted_by_the_ml() -> None:
    values = plain(50, 1.25, 2.1, 6.7, 2.9)
    shelf = Shelf([Made(9000103, "025293002975", "OATMILK", "OATLY", values, unit="ml", serving=240)])
    line = {"food_text": "oat milk", "barcode": "025293002975", "amount": 1.0, "unit": "glass"}
    found = look_up(line, branded=shelf)
    weighed = weigh(match_foods(found.entries, found.foods), found.foods).iloc[0]
    assert pd.isna(weighed["problem"])
    assert (weighed["portion"], weighed["gram_weight"]) == ("240 ml", 240.0)
    assert "a glass taken as 240 ml, by 21 CFR 101.12(b)" in weighed["note"]


def test_juice_with_calcium_is_not_taken_unseen_for_one_of_the_brand_without() -> None:
    found = look_up({"food_text": "orange juice", "brand": "Tropicana"}, branded=Shelf(JUICES))
    matched = match_foods(found.entries, found.foods).iloc[0]
    assert matched["needs_review"]
    assert "2 products of the brand fit and differ (calcium 8-146 per 100)" in matched["note"]


def test_brand_with_a_word_more_is_another_brand_unless_the_product_is_called_so() -> None:
    soy = plain(46, 3.3, 1.9, 3.8, 2.5)
    shelf = Shelf(
        [
            Made(9000130, "025293000018", "SOY MILK", "SILK", soy),
            Made(9000131, "025293000025", "NEXT MILK", "SILK", soy),
        ]
    )
    other = only(look_up({"food_text": "soy milk", "brand": "Silk Road"}, branded=shelf))
    assert pd.isna(other["product_id"])
    assert 'no product of "Silk Road"' in other["note"]
    assert only(look_up({"food_text": "milk", "brand": "Silk Next"}, branded=shelf))["product_id"] == 9000131


@pytest.mark.parametrize(
    ("other", "what"), [(plain(100, 5, 2, 15.5, 2), "total fat 2-4"), (plain(100, 5, 4, 11, 10), "sugars 2-10")]
)
def test_products_of_a_brand_that_differ_in_fat_or_sugars_are_to_be_confirmed(
    other: dict[str, float], what: str
) -> None:
    shelf = Shelf(
        [
            Made(9000110, "037600000017", "CHILI, MILD", "HORMEL", plain(100, 5, 4, 11, 2)),
            Made(9000111, "037600000024", "CHILI, HOT", "HORMEL", other),
        ]
    )
    row = only(look_up({"food_text": "chili", "brand": "Hormel"}, branded=shelf))
    assert row["product_score"] == 0.5
    assert what in row["note"]


# Elsewhere


class Online:
    """FoodData Central, as far as products by number go; it notes what it is sent."""

    def __init__(self, products: Sequence[Made] = PRODUCTS, *, fails: str = "") -> None:
        self.shelf, self.fails = Shelf(products), fails
        self.sent: list[int] = []

    def __call__(self, gtins: Sequence[int]) -> Any:
        self.sent += gtins
        if self.fails:
            raise FoodDataError(self.fails)
        hits = self.shelf.by_barcode(gtins)
        missing = [gtin for gtin in gtins if gtin not in set(hits["gtin"])]
        return SimpleNamespace(
            tables=self.shelf.tables(hits["fdc_id"]),
            hits=hits,
            failures=pd.DataFrame({"gtin": missing, "why": ["FoodData Central has no such product"] * len(missing)}),
        )


def test_what_is_on_this_machine_is_not_asked_for_elsewhere_and_only_numbers_are_sent() -> None:
    online = Online()
    at_home = Shelf([product for product in PRODUCTS if product.gtin == WASA])
    found = look_up(
        {"food_text": "crispbread", "barcode": WASA},
        {"food_text": "my mother's soup", "barcode": "051000012517"},
        {"food_text": "strawberry yogurt", "brand": "Chobani"},
        branded=at_home,
        online=online,
    )
    assert online.sent == [51000012517]
    assert found.entries["product_id"].tolist()[:2] == [9000001, 9000004]
    assert pd.isna(found.entries["product_id"].iloc[2])  # its words are sent nowhere


def test_failure_of_fooddata_central_is_said_on_each_line_and_loses_none() -> None:
    rows = [{"food_text": "tomato soup", "barcode": "051000012517"}, {"food_text": "cola", "barcode": "049000006346"}]
    found = look_up(*rows, branded=None, online=Online(fails="too many requests with this key for now."))
    assert found.entries["product_id"].isna().all()
    assert found.entries["note"].str.contains("not looked up at FoodData Central: too many requests").all()
    assert match_foods(found.entries, found.foods)["problem"].isna().all()


def test_further_source_is_asked_for_what_nobody_else_has() -> None:
    ours = Made(10**14 + 3017620422003, "3017620422003", "HAZELNUT SPREAD", "", plain(539, 6.3, 30.9, 57.5, 56.3))
    tables = foods_from_answers([ours.answer], fetched=RELEASE_DAY)
    asked: list[int] = []

    def second(gtins: Sequence[int]) -> Any:
        asked.extend(gtins)
        return SimpleNamespace(
            tables=tables,
            ids={3017620422003: ours.fdc_id},
            failures={4005500012344: "Open Food Facts does not know it"},
            notes={ours.fdc_id: "values as sold"},
        )

    found = look_up(
        {"food_text": "hazelnut spread", "barcode": "3017620422003"},
        {"food_text": "peanuts", "barcode": "4005500012344"},
        {"food_text": "crispbread", "barcode": WASA},
        second=second,
    )
    assert sorted(asked) == [3017620422003, 4005500012344]
    assert found.entries["product_id"].tolist()[0] == ours.fdc_id
    assert "values as sold" in found.entries["note"].iloc[0]
    assert (
        found.entries["note"]
        .iloc[1]
        .startswith("barcode 4005500012344: not in Branded Foods 2026-04-30; Open Food Facts does not know it: matched")
    )


def test_answers_that_were_kept_give_the_same_entries_and_ask_nobody() -> None:
    rows = [
        {"food_text": "crispbread", "barcode": WASA},
        {"food_text": "greek yogurt", "brand": "Chobani"},
        {"food_text": "peanuts", "barcode": "4005500012344"},
    ]
    first = look_up(*rows)
    kept = LookedUp.of([first.tables] if first.tables is not None else [], first.products)
    again = look_up(*rows, branded=None, answered=kept)
    pd.testing.assert_frame_equal(again.entries, first.entries)
    ids = first.entries["product_id"].dropna().astype("int64").tolist()
    pd.testing.assert_frame_equal(again.foods.composition(ids), first.foods.composition(ids))


def test_spoilt_product_names_are_repeated_without_characters_that_act() -> None:
    shelf = Shelf([replace(PRODUCTS[0], name="CRISP\x1b[2JBREAD " + "X" * 500)])
    note = only(look_up({"food_text": "crispbread", "barcode": WASA}, branded=shelf))["note"]
    assert "\x1b" not in note
    assert len(note) < 250


# From a diary to a report


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A release with a database of the made-up products is in use."""
    folder = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUTRIDIARY_DATA", str(folder))
        install(folder)
        yield folder


DIARY = f"""Date,Barcode,Food,Amount,Brand
2026-03-01,{WASA},Crispbread,50 g,
2026-03-01,049000006346,cola,330 ml,
2026-03-01,,{WASA} crispbread,20 g,
2026-03-01,{WASA},,30 g,
2026-03-01,,strawberry yogurt,150 g,Chobani
2026-03-01,4006381333930,milk,200 ml,
2026-03-01,051000012517,soup and bread,200 g,
"""


def test_diary_with_barcodes_and_brands_is_analysed_by_its_products(installed: Path, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(DIARY)
    analysis = analyze(path, nutrients=["energy", "protein", "magnesium"])
    entries = analysis.entries
    assert entries["line"].tolist() == list(range(2, 9))  # nothing lost, "soup and bread" is not cut
    assert entries["match_method"].tolist()[:5] == ["barcode", "barcode", "barcode", "barcode", "brand"]
    intakes = analysis.intakes[analysis.intakes["nutrient"] == "energy"].set_index("line")["amount"]
    # 360 kcal/100 g x 50 g; 42 kcal/100 ml x 330 ml; 80 kcal/100 g x 150 g.
    assert intakes[[2, 3, 4, 5, 6]].tolist() == pytest.approx([180.0, 138.6, 72.0, 108.0, 120.0])
    assert pd.isna(entries["gram_weight"].iloc[1])  # nobody states what a ml of it weighs
    assert "it would be 1" in entries["note"].iloc[5]
    assert "Branded Foods 2026-04-30" in analysis.releases["release"].tolist()


def test_stated_id_of_a_product_is_found_on_this_machine_without_asking_anybody(
    installed: Path, tmp_path: Path
) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("Date,Food,Amount,FDC id\n2026-03-01,crispbread,50 g,9000001\n")
    entries = analyze(path, nutrients=["energy"]).entries
    assert entries[["fdc_id", "match_method"]].to_numpy().tolist() == [[9000001, "stated_fdc_id"]]


def test_foods_command_finds_products_by_number_and_words(installed: Path) -> None:
    runner = CliRunner()
    by_number = json.loads(runner.invoke(main, ["foods", TWO_LABELS, "--json"]).output)
    assert [row["fdc_id"] for row in by_number] == [9000010, 9000009]
    assert by_number[0] | {"energy": 375.0, "magnesium": None, "barcode": TWO_LABELS, "per": "100 g"} == by_number[0]
    by_words = json.loads(runner.invoke(main, ["foods", "chobani strawberry", "--branded", "--json"]).output)
    assert by_words[0]["fdc_id"] == 9000005
    shown = runner.invoke(main, ["foods", "049000006346"])
    assert shown.exit_code == 0
    assert "100 ml" in shown.output
    assert runner.invoke(main, ["foods", TWO_LABELS, "--why"]).exit_code == 2


def test_foods_command_says_what_to_do_where_no_branded_foods_are_installed() -> None:
    done = CliRunner().invoke(main, ["foods", WASA], env={"NUTRIDIARY_DATA": "/nonexistent"})
    assert done.exit_code == 2
    assert "nutridiary fdc update --branded" in done.output


def test_search_of_the_web_page_finds_products_beside_other_foods(installed: Path) -> None:
    from nutridiary.web.steps.foods import search

    by_number = search("049000006346", 8).foods
    assert [(food.fdc_id, food.per, food.energy) for food in by_number] == [(9000002, "100 ml", 42.0)]
    named = search("chobani straw", 8).foods
    assert named[0].fdc_id == 9000005
    plain_words = search("milk", 8).foods
    assert plain_words[0].data_type == "survey_fndds_food"
    assert {food.data_type for food in search("yogurt", 5, "branded_food").foods} == {"branded_food"}


def test_product_that_was_chosen_in_a_review_is_found_again_without_asking_anybody(
    installed: Path, tmp_path: Path
) -> None:
    diary, aliases = tmp_path / "diary.csv", tmp_path / "aliases.csv"
    diary.write_text("Date,Food,Amount\n2026-03-01,my knaecke,50 g\n")
    aliases.write_text("said,fdc_id\nmy knaecke,9000001\n")
    entries = analyze(diary, nutrients=["energy"], aliases=aliases).entries
    assert entries[["fdc_id", "match_method", "data_type"]].to_numpy().tolist() == [
        [9000001, "user_alias", "branded_food"]
    ]


def test_barcode_of_a_diary_is_kept_when_it_is_de_identified(installed: Path, tmp_path: Path) -> None:
    diary = tmp_path / "anna.csv"
    diary.write_text(
        f"Date,Person,Barcode,Food,Amount\n2026-03-01,Anna,{WASA},,50 g\n2026-03-01,Anna,Anna's own,tea,1 cup\n"
    )
    entries = analyze(diary, nutrients=["energy"], de_identify=True).entries
    assert entries["product_id"].tolist()[0] == 9000001
    assert "Anna" not in entries.astype("str").to_csv()


@pytest.fixture
def fdc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FdcServer]:
    """A server that speaks as FoodData Central does, and has the made-up products."""
    with FdcServer() as server:
        monkeypatch.setenv("NUTRIDIARY_DATA", str(tmp_path / "nothing installed"))
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        monkeypatch.setenv("NUTRIDIARY_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("FDC_API_KEY", "a-key")
        for made in PRODUCTS:
            values = [full_value(LABEL[name][0], amount, LABEL[name][1]) for name, amount in made.values.items()]
            server.foods[made.fdc_id] = product(made.fdc_id, **(made.answer | {"foodNutrients": values}))
        yield server


ONLINE_DIARY = f"""Date,Barcode,Food,Amount,Brand
2026-03-01,{WASA},Crispbread,50 g,
2026-03-01,051000012517,my mother's soup,200 g,
2026-03-01,4005500012344,peanuts,20 g,
2026-03-01,,strawberry yogurt,150 g,Chobani
"""


def test_diary_is_looked_up_at_fooddata_central_by_its_barcodes_alone(fdc: FdcServer, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(ONLINE_DIARY)
    entries = analyze(path, nutrients=["energy"], online=True).entries
    assert entries["fdc_id"].tolist()[:2] == [9000001, 9000004]
    assert entries["match_method"].tolist()[:2] == ["barcode", "barcode"]
    assert "no product with this barcode" in entries["note"].iloc[2]
    assert entries["problem"].isna().all()
    sent = json.dumps([asked.body for asked in fdc.asked]).casefold()
    assert not any(word in sent for word in ("soup", "peanut", "yogurt", "chobani", "2026-03-01"))
    # Answers are kept: the same diary asks nobody.
    before = len(fdc.asked)
    again = analyze(path, nutrients=["energy"], online=True).entries
    pd.testing.assert_frame_equal(again, entries)
    assert len(fdc.asked) == before


def test_refused_key_leaves_every_line_to_its_words_and_is_said(fdc: FdcServer, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(ONLINE_DIARY)
    fdc.faults = [status(403)] * 50
    entries = analyze(path, nutrients=["energy"], online=True).entries
    assert len(entries) == 4
    assert entries["problem"].isna().all()
    assert entries["note"].iloc[:3].str.contains("refused").all()
    assert "a-key" not in entries.to_csv()


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_ingredient_of_a_recipe_is_the_product_of_its_barcode(installed: Path, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "diary.xlsx",
        Diary=[["Date", "Food", "Amount"], ["2026-03-01", "crumble", "1 serving"]],
        Recipes=[
            ["Recipe", "Ingredient", "Amount", "Barcode", "Servings"],
            ["crumble", "crispbread", "100 g", int(WASA), 2],
            ["crumble", None, "50 g", WASA, None],
        ],
    )
    analysis = analyze(path, nutrients=["energy"])
    assert analysis.own_foods is not None
    assert analysis.own_foods.ingredients["match_method"].tolist() == ["barcode", "barcode"]
    # 360 kcal/100 g x 150 g, in two servings.
    energy = analysis.intakes.loc[analysis.intakes["nutrient"] == "energy", "amount"]
    assert energy.tolist() == pytest.approx([270.0])


def test_barcode_of_a_label_written_down_is_the_users_own_food_and_asked_of_nobody(
    installed: Path, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "diary.xlsx",
        Diary=[["Date", "Food", "Amount", "Barcode"], ["2026-03-01", "bread from home", "50 g", WASA]],
        Custom_foods=[["Food", "Serving", "Calories", "EAN"], ["my crispbread", "100 g", 400, f"0{WASA}"]],
    )
    entries = analyze(path, nutrients=["energy"]).entries
    assert entries["match_method"].tolist() == ["own_food"]
    assert "Branded Foods" not in entries["note"].iloc[0]


def test_barcodes_in_cells_of_figures_are_read_to_the_last_digit(installed: Path, tmp_path: Path) -> None:
    rows = [["Date", "EAN", "Amount"], ["2026-03-01", 4006381333931.0, "50 g"], ["2026-03-02", 49000006346, "100 ml"]]
    entries = analyze(workbook(tmp_path / "diary.xlsx", Diary=rows), nutrients=["energy"]).entries
    assert entries["fdc_id"].tolist() == [9000001, 9000002]
    assert "its zeros in front were lost" in entries["note"].iloc[1]


def test_corrected_diary_keeps_barcodes_and_counts_the_same(installed: Path, tmp_path: Path) -> None:
    from nutridiary.analysis import read_inputs
    from nutridiary.report.corrected_diary import write_corrected

    path = tmp_path / "diary.csv"
    path.write_text(DIARY)
    corrected = write_corrected(read_inputs(path), tmp_path / "corrected.xlsx")
    before, after = (analyze(each, nutrients=["energy"]) for each in (path, corrected))
    assert after.entries["barcode"].dropna().tolist() == before.entries["barcode"].dropna().tolist()
    assert after.entries["fdc_id"].tolist() == before.entries["fdc_id"].tolist()
    energy = [each.intakes.loc[each.intakes["nutrient"] == "energy", "amount"].tolist() for each in (before, after)]
    assert energy[0] == pytest.approx(energy[1])


# Chosen by hand


def test_product_that_is_chosen_on_the_page_is_kept_by_its_name(installed: Path) -> None:
    chosen = Correction(said="my breakfast", decision="food", fdc_id=9000009)
    assert problem_of(chosen) == ""
    assert "is not in the food data in use" in problem_of(Correction(said="x", decision="food", fdc_id=9999999))
    folder = installed / "opened"
    folder.mkdir()
    file = alias_files(folder, Asked(files=("d.csv",), corrections=(chosen,)))[0]
    assert "my breakfast,,9000009,OAT CEREAL" in file.read_text("utf-8")


def test_product_that_is_chosen_in_a_workbook_is_learned_and_counts(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "corrections.csv").write_text("said,fdc_id\nmy breakfast,9000009\n", "utf-8")
    (tmp_path / "d.csv").write_text("Date,Food,Amount\n2026-03-01,my breakfast,40 g\n", "utf-8")
    told = ["learn", str(tmp_path / "corrections.csv"), "--aliases", str(tmp_path / "kept.csv")]
    learned = CliRunner().invoke(main, told)
    assert learned.exit_code == 0, learned.output
    assert "my breakfast,,9000009,OAT CEREAL" in (tmp_path / "kept.csv").read_text("utf-8")
    result = analyze(tmp_path / "d.csv", Person(sex="female", age_years=34), aliases=tmp_path / "kept.csv")
    energy = result.intakes.loc[result.intakes["nutrient"].eq("energy"), "amount"]
    assert energy.tolist() == [pytest.approx(0.4 * 371)]  # its label: 371 kcal in 100 g


def test_brand_with_a_word_of_the_product_and_a_name_in_one_word_are_found_in_the_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("brands")
    cola = [each for each in PRODUCTS if each.brand == "COCA-COLA"]
    oats = Made(9000103, "025293002975", "OATMILK", "OATLY", plain(50, 1.25, 2.1, 6.7, 2.9))
    patty = Made(9000140, "852129000108", "BURGER, PLANT-BASED PATTIES", "BEYOND MEAT", plain(204, 17.7, 12.4, 6.2))
    branded = BrandedDatabase(install(folder, [*cola, oats, patty]))
    found = look_up(
        {"food_text": "cola", "brand": "Coca-Cola Zero"},
        {"food_text": "cola", "brand": "Coca-Cola"},
        {"food_text": "oat milk", "brand": "Oatly"},
        {"food_text": "burger", "brand": "Beyond Meat"},
        {"food_text": "beef burger", "brand": "Beyond Meat"},
        branded=branded,
    )
    # Never the one with sugar for the one without.
    assert found.entries["product_id"].tolist()[:4] == [9000003, 9000002, 9000103, 9000140]
    assert pd.isna(found.entries["product_id"].iloc[4])
    # Of plants, which the line does not say.
    assert match_foods(found.entries, found.foods)["needs_review"].tolist()[:4] == [False, False, False, True]
