"""Numbers below the bars: what people write of them, and which product number it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutridiary.barcodes import (
    barcode_in,
    check_digit,
    expand_upc_e,
    gtin_of_digits,
    is_valid,
    read_barcode,
    shown,
    spellings,
)

# GS1, "Check digit calculator: how to calculate a check digit manually", https://www.gs1.org/services/how-calculate-
# check-digit-manually: 6291041500213. ISO/IEC 15420 and Wikipedia, "International Article Number": 4006381333931
# (Stabilo), 73513537 (EAN-8); "Universal Product Code": 036000291452 (Kleenex), and of UPC-E 425261 -> 042100005264.
PUBLISHED = ["6291041500213", "4006381333931", "73513537", "036000291452", "042100005264", "9780306406157"]


def with_check(body: str) -> str:
    return f"{body}{check_digit(body)}"


def bodies(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@pytest.mark.parametrize("digits", PUBLISHED)
def test_check_digit_of_published_examples_agrees(digits: str) -> None:
    assert is_valid(digits)


@given(body=st.one_of(bodies(7), bodies(11), bodies(12), bodies(13)), data=st.data())
def test_every_single_wrong_digit_is_caught(body: str, data: st.DataObject) -> None:
    digits = with_check(body)
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    assert not is_valid(digits[:place] + other + digits[place + 1 :])


@pytest.mark.parametrize(
    ("upc_e", "upc_a"),
    [
        # One of each rule of the suppression of zeros: the last of the six digits says which.
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234523", "012200003453"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234565", "012345000065"),
        ("04252614", "042100005264"),
        ("04963406", "049000006346"),
    ],
)
def test_upc_e_is_expanded_by_its_last_digit(upc_e: str, upc_a: str) -> None:
    assert expand_upc_e(upc_e) == upc_a
    assert is_valid(upc_a)
    assert read_barcode(upc_e).gtin == int(upc_a)
    assert read_barcode(upc_e).kind == "UPC-E"


def suppressed(upc_a: str) -> str | None:
    """Return the UPC-E of a UPC-A, written from the rules a second time: by what can be left out."""
    system, company, item, check = upc_a[0], upc_a[1:6], upc_a[6:11], upc_a[11]
    if company[2:] in ("000", "100", "200") and item[:2] == "00":
        return f"{system}{company[:2]}{item[2:]}{company[2]}{check}"
    if company[3:] == "00" and item[:3] == "000":
        return f"{system}{company[:3]}{item[3:]}3{check}"
    if company[4:] == "0" and item[:4] == "0000":
        return f"{system}{company[:4]}{item[4:]}4{check}"
    if item[:4] == "0000" and item[4] >= "5":
        return f"{system}{company}{item[4]}{check}"
    return None


@given(system=st.sampled_from("01"), body=bodies(6))
def test_upc_e_expanded_and_suppressed_again_is_the_same_product(system: str, body: str) -> None:
    expanded = expand_upc_e(f"{system}{body}0")
    assert expanded is not None
    assert len(expanded) == 12
    short = suppressed(expanded)
    # A number may have two short forms; both stand for it.
    assert short is not None
    assert expand_upc_e(short) == expanded


@given(bodies(11))
def test_one_product_has_one_number_however_long_it_is_printed(body: str) -> None:
    upc_a = with_check(f"7{body[1:]}")
    ways = [upc_a, f"0{upc_a}", f"00{upc_a}", " ".join(upc_a), f"{upc_a[0]}-{upc_a[1:6]}-{upc_a[6:]}", f"UPC: {upc_a}"]
    assert {read_barcode(way).gtin for way in ways} == {int(upc_a)}
    assert {gtin_of_digits(way) for way in spellings(int(upc_a))} == {int(upc_a)}
    assert shown(int(upc_a)) == upc_a


@pytest.mark.parametrize(
    ("written", "gtin"),
    [
        ("EAN 4006381333931", 4006381333931),
        ("EAN-13: 4006381333931", 4006381333931),
        ("ean13 4006381333931", 4006381333931),
        ("４００６３８１３３３９３１", 4006381333931),
        ("4006381333931.0", 4006381333931),
        ("'4006381333931", 4006381333931),
        ("4 006381 333931", 4006381333931),
        ("4006381‑333931", 4006381333931),
        ("(01)04006381333931", 4006381333931),
        ("https://id.gs1.org/01/04006381333931/10/ABC", 4006381333931),
        ("Strichcode 4006381333931", 4006381333931),
        ("49000006346", 49000006346),
        ("4963406", 49000006346),
        ("73513537", 73513537),
        ("0000073513537", 73513537),
    ],
)
def test_barcode_is_read_as_people_and_programs_write_it(written: str, gtin: int) -> None:
    found = read_barcode(written)
    assert (found.gtin, found.problem) == (gtin, "")


def test_lost_zeros_are_put_back_only_where_the_check_digit_agrees_and_are_said() -> None:
    assert read_barcode("49000006346").note == "barcode 49000006346 read as 049000006346: its zeros in front were lost"
    assert read_barcode("49000006347").gtin is None
    assert "no zeros in front" in read_barcode("49000006347").problem


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("4006381333930", "it would be 1"),
        ("4.00638E+12", "lost its last digits"),
        ("4,00638e+12", "lost its last digits"),
        ("2012345678903", "one shop's own"),
        ("0212345678909", "one shop's own"),
        ("212345678909", "one shop's own"),
        ("20123451", "one shop's own"),
        ("9780306406157", "a book"),
        ("9771234567003", "newspaper"),
        ("9912345678909", "coupon"),
        ("512345678900", "coupon"),
        ("0000000000000", "only zeros"),
        ("123456", "too few"),
        ("123456789012345678", "too many"),
        ("oat milk", "not a number"),
        ("40063813339AB", "not a number"),
    ],
)
def test_number_that_is_no_product_is_refused_with_the_reason(written: str, why: str) -> None:
    found = read_barcode(written)
    assert found.gtin is None
    assert why in found.problem


@pytest.mark.parametrize("written", ["", "  ", "-", "n/a", "none", "0", "?"])
def test_word_for_no_barcode_is_neither_number_nor_problem(written: str) -> None:
    assert read_barcode(written).is_blank


def test_eight_digits_that_are_two_numbers_are_asked_for_as_both() -> None:
    both = [f"1{n:06d}" for n in range(20_000)]
    found = [read_barcode(with_check(body)) for body in both]
    two = [code for code in found if code.gtin is not None and code.others]
    assert two
    for code in two:
        digits = code.written
        assert code.gtin == int(digits)
        assert code.others == (int(expand_upc_e(digits) or 0),)


def test_number_of_a_case_leads_to_the_package_in_it() -> None:
    case = with_check("1400638133393")
    found = read_barcode(case)
    assert found.gtin == int(case)
    assert found.others == (4006381333931,)
    assert "case" in found.note


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4006381333931 Müsli", ("4006381333931", "Müsli")),
        ("Müsli 4006381333931", ("4006381333931", "Müsli")),
        ("Müsli (EAN: 4006381333931)", ("4006381333931", "Müsli")),
        ("Milk, UPC 73513537", ("73513537", "Milk")),
        ("4006381333931", ("4006381333931", "")),
        # A wrong last digit: only where the text is nothing else can it be meant as a barcode.
        ("4006381333930", ("4006381333930", "")),
        ("4006381333930 Müsli", None),
        ("milk 200 ml", None),
        ("Vitamin D 1000 IU", None),
        ("11710689 infant formula", None),
        ("phone 491701234567 for pizza", None),
    ],
)
def test_barcode_in_a_food_text_is_taken_only_where_it_can_be_nothing_else(
    text: str, found: tuple[str, str] | None
) -> None:
    assert barcode_in(text) == found


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read_barcode(text)
    assert found.gtin is None or (found.gtin > 0 and not found.problem)
    taken = barcode_in(text)
    assert taken is None or len(taken[0]) >= 8
