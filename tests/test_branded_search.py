"""Searching branded foods: what somebody types brings the product first that somebody means."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.fdc.branded import BrandedDatabase
from nutridiary.fdc.branded.build import build_branded
from nutridiary.fdc.branded.words import is_near, shortened, stem, words_of
from official_layout import BrandedProduct, write_csv_release

# Brand owner, brand, description: as labels word them.
SHELF = [
    ("The Coca-Cola Company", "COCA-COLA", "COKE"),
    ("The Coca-Cola Company", "COCA-COLA", "DIET COKE"),
    ("The Coca-Cola Company", "COCA-COLA", "CHERRY COKE"),
    ("The Coca-Cola Company", "COCA-COLA", "COKE ZERO SUGAR, CHERRY"),
    ("PepsiCo, Inc.", "PEPSI", "DIET COLA"),
    ("Kraft Heinz Foods Company", "HEINZ", "TOMATO KETCHUP"),
    ("Kraft Heinz Foods Company", "HEINZ", "TOMATO KETCHUP WITH A BLEND OF VEGGIES"),
    ("Kraft Heinz Foods Company", "KRAFT", "SHARP CHEDDAR CHEESE"),
    ("Kraft Heinz Foods Company", "KRAFT", "MACARONI & CHEESE DINNER, ORIGINAL"),
    ("Red Gold", "RED GOLD", "TOMATO KETCHUP"),
    ("Mondelez Global LLC", "OREO", "CHOCOLATE SANDWICH COOKIES"),
    ("Mondelez Global LLC", "OREO", "CHOCOLATE SANDWICH COOKIES, DOUBLE STUF"),
    ("Mondelez Global LLC", "CHIPS AHOY!", "CHOCOLATE CHIP COOKIE"),
    ("Mars Chocolate North America LLC", "M&M'S", "MILK CHOCOLATE CANDIES"),
    ("Mars Chocolate North America LLC", "M&M'S", "PEANUT CHOCOLATE CANDIES"),
    ("Dean Foods Company", "TRUMOO", "CHOCOLATE MILK"),
    ("Dean Foods Company", "TRUMOO", "LOWFAT CHOCOLATE MILK"),
    ("Chobani, LLC", "CHOBANI", "GREEK YOGURT, PEACH"),
    ("Chobani, LLC", "CHOBANI", "GREEK YOGURT, STRAWBERRY"),
    ("Nestlé USA", "HÄAGEN-DAZS", "VANILLA ICE CREAM"),
    ("Grafton Village Cheese Co, LLC", "GRAFTON VILLAGE", "CHEDDAR CHEESE"),
    ("A&W Concentrate Company", "A&W", "ROOT BEER"),
    ("H-E-B", "H-E-B", "ORGANIC TOMATOES"),
    ("Florida's Natural", "FLORIDA'S NATURAL", "ORANGE JUICE, NO PULP"),
]
FLAVOURS = ["SEA SALT", "BARBECUE", "RANCH", "HONEY", "JALAPENO", "VANILLA", "LEMON", "GARLIC", "MAPLE", "CINNAMON"]
FOODS = ["POTATO CHIPS", "ALMONDS", "CRACKERS", "POPCORN", "CHEDDAR CHEESE", "MILK", "CHOCOLATE", "COOKIES", "HUMMUS"]
FOODS += ["SALSA", "GRANOLA BARS", "PEACHES", "CHERRIES", "TOMATO SAUCE", "JUICE", "YOGURT", "SODA", "KETCHUP"]
STORES = [f"{first}{last}" for first in ("BEST", "GREEN", "SUN", "OLD", "TRUE") for last in ("MART", "FARM", "VALE")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> BrandedDatabase:
    """About 3,000 products: those of `SHELF` among the many alike that stores sell under their own names."""
    named = [
        BrandedProduct(1000 + number, name, brand_owner=owner, brand_name=brand, gtin_upc=str(10**10 + number))
        for number, (owner, brand, name) in enumerate(SHELF)
    ]
    stores = [
        BrandedProduct(
            5000 + number, f"{flavour}, {food}", brand_owner=f"{store} Inc.", gtin_upc=str(2 * 10**10 + number)
        )
        for number, (flavour, food, store) in enumerate(itertools.product(FLAVOURS, FOODS, STORES))
    ]
    folder = tmp_path_factory.mktemp("shelf")
    build_branded(write_csv_release(folder, branded=[*stores, *named]), folder / "branded.sqlite")
    return BrandedDatabase(folder / "branded.sqlite")


def first(shelf: BrandedDatabase, text: str, **more) -> tuple[str, str]:
    row = shelf.search(text, **more).iloc[0]
    return row["brand_name"] if isinstance(row["brand_name"], str) else row["brand_owner"], row["description"]


@pytest.mark.parametrize(
    ("text", "brand", "description"),
    [
        ("coke", "COCA-COLA", "COKE"),
        ("diet coke", "COCA-COLA", "DIET COKE"),
        ("cherry coke", "COCA-COLA", "CHERRY COKE"),
        ("coca cola coke", "COCA-COLA", "COKE"),
        ("heinz ketchup", "HEINZ", "TOMATO KETCHUP"),
        ("Heinz tomato ketchup", "HEINZ", "TOMATO KETCHUP"),
        ("kraft sharp cheddar", "KRAFT", "SHARP CHEDDAR CHEESE"),
        ("kraft macaroni and cheese", "KRAFT", "MACARONI & CHEESE DINNER, ORIGINAL"),
        ("oreo", "OREO", "CHOCOLATE SANDWICH COOKIES"),
        ("oreos", "OREO", "CHOCOLATE SANDWICH COOKIES"),
        ("oreo double stuf", "OREO", "CHOCOLATE SANDWICH COOKIES, DOUBLE STUF"),
        ("chocolate chip cookies", "CHIPS AHOY!", "CHOCOLATE CHIP COOKIE"),
        ("peanut m&ms", "M&M'S", "PEANUT CHOCOLATE CANDIES"),
        ("M&M's milk chocolate candy", "M&M'S", "MILK CHOCOLATE CANDIES"),
        ("chocolate milk", "TRUMOO", "CHOCOLATE MILK"),
        ("chobani peach", "CHOBANI", "GREEK YOGURT, PEACH"),
        ("chobani strawberries", "CHOBANI", "GREEK YOGURT, STRAWBERRY"),
        ("haagen dazs vanilla", "HÄAGEN-DAZS", "VANILLA ICE CREAM"),
        ("cheddar cheese", "GRAFTON VILLAGE", "CHEDDAR CHEESE"),
        ("a&w root beer", "A&W", "ROOT BEER"),
        ("HEB organic tomato", "H-E-B", "ORGANIC TOMATOES"),
        ("floridas natural orange juice", "FLORIDA'S NATURAL", "ORANGE JUICE, NO PULP"),
    ],
)
def test_search_brings_the_product_that_is_meant_first(shelf, text, brand, description):
    assert first(shelf, text) == (brand, description)


@pytest.mark.parametrize("text", ["trumoo choclate milk", "chobani peech", "heinz ketchap", "karft macaroni cheese"])
def test_word_with_one_wrong_letter_is_understood(shelf, text):
    assert first(shelf, text)[0] in ("TRUMOO", "CHOBANI", "HEINZ", "KRAFT")


def test_word_that_is_known_is_never_corrected(shelf):
    # "cola" and "coke" are two words of the index, one letter apart from neither.
    assert "DIET COKE" not in shelf.search("pepsi cola")["description"].to_list()[:1]
    assert first(shelf, "diet cola") == ("PEPSI", "DIET COLA")


def test_word_that_nobody_has_does_not_hide_the_others(shelf):
    assert first(shelf, "xqzzyw heinz tomato ketchup") == ("HEINZ", "TOMATO KETCHUP")


def test_products_that_lack_one_word_follow_those_with_all(shelf):
    found = shelf.search("heinz tomato ketchup", limit=10)
    assert found["brand_name"].to_list()[:2] == ["HEINZ", "HEINZ"]
    assert "RED GOLD" in found["brand_name"].to_list()


def test_words_that_no_product_has_together_bring_the_most_of_them(shelf):
    assert first(shelf, "chobani greek peach root beer") == ("CHOBANI", "GREEK YOGURT, PEACH")


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("diet cok", "DIET COKE"),
        ("chobani pea", "GREEK YOGURT, PEACH"),
        ("heinz tom", "TOMATO KETCHUP"),
        ("organic tomatoe", "ORGANIC TOMATOES"),
        ("chocolate sandwich c", "CHOCOLATE SANDWICH COOKIES"),
        ("co", "COKE"),
    ],
)
def test_unfinished_word_is_any_that_begins_so(shelf, text, description):
    assert first(shelf, text, unfinished=True)[1] == description


def test_unfinished_word_that_is_whole_counts_as_itself(shelf):
    assert first(shelf, "cherry", unfinished=True)[1] == first(shelf, "cherry")[1]


def test_brand_leaves_only_its_own_products(shelf):
    found = shelf.search("chocolate", brand="trumoo")
    assert set(found["brand_name"]) == {"TRUMOO"}
    assert set(shelf.search("cheese", brand="Kraft Heinz")["brand_owner"]) == {"Kraft Heinz Foods Company"}
    assert shelf.search("ketchup", brand="nobody at all").empty
    assert shelf.search("ketchup", brand="!!!").empty


def test_brand_is_not_looked_for_in_names(shelf):
    # "honey" is a flavour of hundreds of products and the brand of none.
    assert shelf.search("almonds", brand="honey").empty


def test_brand_alone_brings_its_products_plainest_first(shelf):
    assert shelf.search("", brand="chobani")["description"].to_list() == [
        "GREEK YOGURT, PEACH",
        "GREEK YOGURT, STRAWBERRY",
    ]


@pytest.mark.parametrize("text", ["", " ", "'\"*()", "NEAR(a b)", "AND OR NOT", "xqzzyw", "the", '" OR "', "brand : x"])
def test_text_that_finds_nothing_or_is_no_words_gives_an_empty_table(shelf, text):
    found = shelf.search(text)
    assert list(found.columns)[:3] == ["fdc_id", "gtin", "barcode"]
    assert found.empty or not text.strip("'\"*() ")[:1].islower()


def test_long_text_is_read_as_far_as_any_name_goes(shelf, monkeypatch):
    asked: list[str] = []
    rows = shelf._store.rows
    monkeypatch.setattr(shelf._store, "rows", lambda sql, *more: asked.append(sql) or rows(sql, *more))
    found = shelf.search("heinz tomato ketchup " + " ".join(f"unknown{number}word" for number in range(5000)))
    assert (found["brand_name"][0], found["description"][0]) == ("HEINZ", "TOMATO KETCHUP")
    assert len(asked) < 100


def test_limit_is_kept_and_each_product_comes_once(shelf):
    found = shelf.search("cheddar cheese", limit=150)
    assert len(found) == 150
    assert found["gtin"].is_unique
    assert found["description"].str.contains("CHEDDAR CHEESE").all()
    assert len(shelf.search("cheddar cheese", limit=3)) == 3


@given(st.text(max_size=40), st.text(max_size=10), st.booleans())
def test_any_text_can_be_searched(shelf, text, brand, unfinished):
    found = shelf.search(text, brand=brand, unfinished=unfinished, limit=5)
    assert len(found) <= 5
    assert found["fdc_id"].is_unique


@given(st.sampled_from([row[2] for row in SHELF]))
def test_whole_name_in_any_order_of_its_words_is_found(shelf, name):
    backwards = " ".join(reversed(name.replace(",", "").split()))
    assert name in shelf.search(backwards)["description"].to_list()[:3]


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "many"),
    [
        *(("cookie", "cookies"), ("berry", "berries"), ("peach", "peaches"), ("tomato", "tomatoes"), ("box", "boxes")),
        *(("cheese", "cheeses"), ("bar", "bars"), ("juice", "juices"), ("turkey", "turkeys"), ("brownie", "brownies")),
        *(
            ("sandwich", "sandwiches"),
            ("glass", "glasses"),
            ("radish", "radishes"),
            ("egg", "eggs"),
            ("candy", "candies"),
        ),
    ],
)
def test_plural_and_singular_are_one_word(one, many):
    assert stem(one) == stem(many)


@pytest.mark.parametrize(("one", "other"), [("bar", "bare"), ("pin", "pine"), ("bun", "bus"), ("swiss", "swis")])
def test_different_words_stay_different(one, other):
    assert stem(one) != stem(other)


@given(st.text(max_size=60))
def test_words_of_words_are_the_same_words(text):
    for word in words_of(text):
        assert word
        assert " " not in word


@given(st.text("abcde", min_size=1, max_size=8), st.data())
def test_a_wrong_letter_is_near_and_meets_in_a_shorter_form(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcde"))
    other = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
            ]
        )
    )
    assert is_near(word, other)
    assert is_near(other, word)
    assert ({word} | shortened(word)) & ({other} | shortened(other))


def test_two_exchanged_letters_are_near():
    assert is_near("mlik", "milk")
    assert not is_near("mlki", "milk")
    assert not is_near("milk", "silky")


def test_file_of_the_database_is_not_written_by_searching(shelf):
    path = Path(shelf._store.name)
    before = path.read_bytes()
    shelf.search("cheddar cheese")
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.glob("branded.sqlite-*")] == []
