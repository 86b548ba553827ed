"""Choose the portion of one food that answers what a diary line asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isnan

from nutridiary.portions.food import Food, Portion, Weight, scaled
from nutridiary.portions.lengths import counts_wholes, in_proportion, of_length
from nutridiary.portions.words import (
    BASES,
    MEDIUM,
    MINIATURE,
    SIZE_NAMES,
    PortionWords,
    Request,
    content_words,
    portion_words,
    vocabulary,
)
from nutridiary.units import canonical_unit, factor_to, unit_kind

# Two portion weights this close are one [g]: FNDDS gives them to the nearest 0.1 g or coarser.
SAME_GRAMS = 0.05
# A whole food of more than this many usual quantities, and more than people eat at a time, is eaten in pieces.
USUAL_QUANTITIES = 2.5
# A whole that a diary means only where it says a size: "1/4 medium cantaloupe", but "cantaloupe" is a piece of it.
WHOLE_IF_SIZED = frozenset({"melon"})
# The sizes a person may mean who names none: small to large, neither miniature nor extra large.
COMMON_SIZES = frozenset({2, 3, 4})
# How a note begins that says which portion was asked for and is not there.
NO_SUCH = "this food has no"
# Sizes of a slice, or the name of a cracker (Wheat Thins), never of a bag or an order.
THICKNESS = frozenset({"thin", "thick"})
REFUSE = frozenset({"boneless", "skinless", "in shell", "with bone", "with skin"})
# Wholes of one shape: a patty is not whatever the food is counted in.
SHAPES = frozenset({"patty", "link", "fillet"})
FRACTIONS = {"half": 0.5, "quarter": 0.25}


def weigh_unit(request: Request, food: Food) -> Weight | None:
    """Return what one unit of `request` weighs by the food's own portions, or None where they do not say.

    Parameters
    ----------
    request : Request
    food : Food

    Returns
    -------
    Weight or None
        By ``stated_weight``, ``food_portion`` or ``food_density``.
    """
    if written := _as_written(request, food):
        return written
    if request.is_mass:
        return _stated(request, food)
    if request.is_volume:
        return _measured(request, food)
    if not isnan(request.mass):
        return Weight(
            request.mass, request.mass, request.mass, "stated_weight", "", (f'by the weight in "{request.unit}"',)
        )
    if not isnan(request.volume) and (one := _measured(replace(request, measure="ml"), food)):
        note = f'by the volume in "{request.unit}"'
        return scaled(one, request.volume, note)
    return _counted(request, food)


def _as_written(request: Request, food: Food) -> Weight | None:
    """The portion whose words the diary repeats, as our own problems ask for: "cup, dry, yields"."""
    if " " not in request.unit and request.unit != "each":
        return None  # A lone "slice" may be of a size, or cut in a way, that the food text tells.
    unit = request.unit.casefold()
    for portion in food.own:
        if portion.description.casefold() == unit and canonical_unit(unit) in (None, "each"):
            return Weight(portion.each, portion.each, portion.each, "food_portion", portion.label)
    return None


def _stated(request: Request, food: Food) -> Weight:
    """A mass is its own weight, unless it was weighed raw, dry or in the shell and the food says what is left."""
    assert request.measure is not None
    grams = factor_to("g", request.measure)
    asked = request.forms & BASES
    if asked:
        for portion in food.own:
            words = portion.words
            if words.basis and words.basis <= asked and unit_kind(words.measure) == "mass":
                share = portion.each / factor_to("g", words.measure or "g")
                note = f'weighed {listed(words.basis)} in the diary: converted to the weight eaten by "{portion.label}"'
                return Weight(grams * share, grams * share, grams * share, "food_portion", portion.label, (note,))
    notes = []
    if with_refuse := asked & {"in shell", "with bone"}:
        notes.append(f"weight taken as that of the edible part, although the line says {listed(with_refuse)}")
    fluid = [portion for portion in food.own if portion.words.measure == "fl oz" and not portion.words.other]
    if request.measure == "oz" and fluid:
        notes.append(f"ounces read as weight; a fluid ounce of it weighs {fluid[0].each:g} g")
    return Weight(grams, grams, grams, "stated_weight", "", tuple(notes))


def _measured(request: Request, food: Food) -> Weight | None:
    """A volume, by the food's portion in that unit, else by its own density from its other volume portions."""
    assert request.measure is not None
    millilitres = factor_to("ml", request.measure)
    candidates = [
        (p, p.each * factor_to(p.words.measure or "", request.measure)) for p in food.own if _is_volume(p, request)
    ]
    if not candidates:
        candidates = [(p, p.each / p.words.volume * millilitres) for p in food.own if not isnan(p.words.volume)]
    if not candidates:
        return None
    described = frozenset(portion_words(food.description).forms)
    plain = sorted(grams for p, grams in candidates if p.words.is_plain_measure) or [candidates[0][1]]
    middle = plain[len(plain) // 2]

    def rank(candidate: tuple[Portion, float]) -> tuple[float, ...]:
        portion, grams = candidate
        words = portion.words
        return (
            -len(words.forms & request.forms),
            len(words.other - set(request.words)),
            -len(words.forms & described),
            -words.unsized,
            words.measure != request.measure,
            len(words.forms),
            abs(factor_to("ml", words.measure) / millilitres - 1) if words.measure else 0,
            abs(grams - middle),
            portion.seq,
        )

    chosen, grams = min(candidates, key=rank)
    said = chosen.words.forms & request.forms
    alike = [each for p, each in candidates if p.words.forms & request.forms == said and not p.words.other] + [grams]
    same_unit = chosen.words.measure == request.measure
    notes = _edible_note(chosen, request, food)
    if chosen.words.basis:
        notes = (*notes, f'measured {listed(chosen.words.basis)}: converted to the weight eaten by "{chosen.label}"')
    return Weight(
        grams,
        min(alike),
        max(alike),
        "food_portion" if same_unit else "food_density",
        chosen.label,
        notes,
    )


def _is_volume(portion: Portion, request: Request) -> bool:
    words = portion.words
    return unit_kind(words.measure) == "volume" and words.basis <= request.forms


def _counted(request: Request, food: Food) -> Weight | None:
    """A counted portion: by its length, by the noun of the unit, else by the food's natural whole unit."""
    held = of_length(request, food)
    if held is not None and counts_wholes(request):
        return _of_this_length(held, request, food)
    if held is None and request.length and counts_wholes(request) and not request.sizes:
        # Its own portions state no length; another record of the same food may.
        unmet = _counted(replace(request, length=None), food)
        note = f"its length, {request.length.text}, is not used: no portion of this food states one"
        return unmet and replace(unmet, size_met=False, notes=(*unmet.notes, note))
    if held and not request.sizes:
        # The pieces of a 14" pizza are those of a large one.
        request = replace(request, sizes=_sizes_of(held))
    countable = [portion for portion in food.own if portion.words.measure is None]
    for pool, note in _pools(request, food, countable):
        if pool:
            return _one_of(pool, request, food, note)
    share = FRACTIONS.get(request.nouns[-1]) if request.nouns else None
    whole = _counted(replace(request, nouns=()), food) if share else None
    return None if whole is None or share is None else scaled(whole, share)


def _of_this_length(held: Sequence[Portion], request: Request, food: Food) -> Weight | None:
    """One of the portions as long as the line says; None where there is none: no other size stands in for it."""
    assert request.length is not None
    if not held:
        long = in_proportion(request, food)
        if long is None:
            return None
        portion, times = long
        one = Weight(portion.each, portion.each, portion.each, "food_portion", portion.label)
        return scaled(one, times, f"{times:g} times its length: {request.length.text}")
    # The length decides: a "medium" of 8 inches is what the food calls small.
    return _one_of(held, replace(request, sizes=_sizes_of(held)), food, f"chosen by its length, {request.length.text}")


def _sizes_of(held: Iterable[Portion]) -> frozenset[int]:
    return frozenset(size for portion in held for size in portion.words.sizes)


def _pools(request: Request, food: Food, countable: Sequence[Portion]) -> Iterator[tuple[list[Portion], str]]:
    """The portions that could be meant, the likeliest kind first, each with what choosing it assumes."""
    known = vocabulary()

    def with_nouns(nouns: Iterable[str]) -> list[Portion]:
        wanted = set(nouns)
        return [p for p in countable if p.words.nouns & wanted]

    # What the unit says beyond the food's own name decides: the "cherry" of a cherry tomato.
    name = set(content_words(food.description))
    own = [noun for noun in request.nouns if noun not in name]
    bare = not own
    if not bare:
        yield with_nouns(own[-1:]), ""
        yield with_nouns(own), ""
    if bare or request.nouns[-1] in name or known.whole.intersection(request.nouns) - SHAPES:
        yield from _natural_units(request, food, countable)
    if not bare:
        families = {known.families[noun] for noun in request.nouns if noun in known.families}
        akin = with_nouns(noun for noun, family in known.families.items() if family in families)
        yield akin, f"{NO_SUCH} {request.unit} portion: the nearest kind is used"
        if known.servings.intersection(request.nouns):
            yield [p for p in countable if p.words.is_single_serving], "a serving taken as the food's single serving"


def _natural_units(request: Request, food: Food, countable: Sequence[Portion]) -> Iterator[tuple[list[Portion], str]]:
    """What a bare count of a food counts: the food itself, else an item, a can, a slice, a serving."""
    known = vocabulary()
    name = set(content_words(food.description))
    names = [(p, _names_food(p, request, food)) for p in countable]
    named = [p for p, share in names if share == 1]
    explicit = [p for p, share in names if share >= 0.5 and p.words.nouns & set(request.words) - name]
    if request.sizes and not any(p.words.sizes & request.sizes for p in explicit):
        explicit = []
    if named and not explicit and _is_eaten_in_pieces(named, request, food):
        if not request.nouns:
            pieces = [p for p in countable if "piece" in p.words.nouns]
            yield pieces, "no unit given: counted as pieces, the whole being more than one usually eats"
        else:
            # "4 pieces of melon" are not melons.
            countable = [p for p in countable if p not in named]
            named = []
    yield explicit, ""
    if request.several and not request.sizes and named and all(p.words.is_size_alone for p in named):
        # "10 gummy bears" are not ten bags, although the bag is what FNDDS takes for an unknown quantity.
        yield [p for p in countable if p.words.nouns == {"piece"}], "so many of it counted as pieces"
    of_this_size = any(p.words.sizes & request.sizes for p in named)
    if request.sizes and not request.nouns and not of_this_size and THICKNESS.isdisjoint(request.words):
        # "Large fries" are the large order, not a large one of the fries.
        orders = known.packs | known.servings
        yield [p for p in countable if p.words.nouns & orders and p.words.sizes & request.sizes], ""
    # A food that names only its miniature is usually eaten as something else: "1 single stick".
    yield [] if all(p.words.sizes == {MINIATURE} for p in named) and not request.sizes else named, ""
    for kind in (known.whole, known.packs, known.parts, known.servings):
        pool = [p for p in countable if p.words.nouns & kind]
        if kind in (known.packs, known.servings) and request.unit:
            # "1 piece" or "1 medium" is no can; "1 small" may be the small bag.
            pool = [p for p in pool if p.words.sizes & request.sizes]
        yield pool, ""
    yield [p for p, share in names if share >= 0.5], ""


def _names_food(portion: Portion, request: Request, food: Food) -> float:
    """How far a portion is one of the food itself, 0 to 1: "1 banana" and "1 medium" are, "1 new potato" is half."""
    words, known = portion.words, vocabulary()
    if words.is_size_alone:
        return 1.0
    said = {*request.words, *request.nouns}
    if not words.nouns or words.nouns & (known.packs | known.servings) - said:
        return 0.0
    told = {*said, *content_words(food.description), *known.whole} - {"piece"}
    if request.sizes:
        told |= WHOLE_IF_SIZED
    return len(words.nouns & told) / len(words.nouns)


def _is_eaten_in_pieces(named: Sequence[Portion], request: Request, food: Food) -> bool:
    """The whole is far more than one usually eats, and the diary says neither "whole" nor a size."""
    if request.sizes or request.nouns not in ((), ("piece",)) or "whole" in request.forms:
        return False
    whole = _one_of(named, request, food, "").grams
    # A mango is many usual quantities and yet no more than people eat.
    return whole > USUAL_QUANTITIES * food.quantity_not_specified and not whole <= food.most_at_a_time


def _one_of(pool: Sequence[Portion], request: Request, food: Food, note: str) -> Weight:
    """Choose among portions of one kind by words and size; the others of that kind are the bounds."""
    said = {*request.words, *request.nouns}
    known = vocabulary()
    told = {*said, *content_words(food.description), *known.whole, *known.packs, *known.parts}
    name = set(content_words(food.description))
    typical = food.quantity_not_specified

    def rank(portion: Portion) -> tuple[float, ...]:
        words = portion.words
        unexplained = len(words.nouns - told)
        return (
            unexplained > 1,
            -len(words.forms & request.forms - BASES),
            _size_distance(words, request.sizes) if request.sizes else 0,
            -len((words.other | words.nouns) & said - name),
            len(words.other - said),
            # FNDDS's own weight for an unknown quantity tells which of a food's portions is the usual one,
            # but where it is that of a miniature ("a few small ones") chance alone made them equal.
            words.sizes == {MINIATURE} or not abs(portion.each - typical) < SAME_GRAMS,
            unexplained,
            _size_distance(words, request.sizes),
            portion.seq,
        )

    chosen = min(pool, key=rank)
    words = chosen.words
    size_met = bool(words.sizes & request.sizes)
    notes = [note] if note else []
    if request.sizes and not size_met and (words.sizes or request.sizes != {MEDIUM}):
        asked = " or ".join(SIZE_NAMES[size] for size in sorted(request.sizes))
        notes.append(f'{NO_SUCH} {asked} portion: "{chosen.description}" used')
    elif not request.unit and not note and words.nouns and not words.nouns & (said | name):
        notes.append(f'no unit given: counted as "{chosen.description}"')
    elif words.sizes and not request.sizes:
        notes.append(f'size not stated: "{chosen.description}" assumed')
    alike = [p for p in pool if p.words.nouns == words.nouns and p.words.other <= words.other | said]
    if size_met:
        weights = [p.each for p in alike if p.words.sizes & request.sizes]
    else:
        weights = [p.each for p in alike if not p.words.sizes or p.words.sizes & COMMON_SIZES]
    low, high = min([chosen.each, *weights]), max([chosen.each, *weights])
    notes += _edible_note(chosen, request, food)
    met = size_met or not request.sizes
    return Weight(chosen.each, low, high, "food_portion", chosen.label, tuple(notes), met)


def _size_distance(words: PortionWords, asked: frozenset[int]) -> float:
    """How far a portion's size is from the one asked for, or from medium where none is."""
    from_medium = min((abs(size - MEDIUM) for size in words.sizes), default=0)
    if asked:
        # Of two sizes equally far from the one asked for the commoner is taken; a miniature stands in for nothing.
        # A portion that names no size is about a medium one.
        distance = min(abs(a - b) for a in asked for b in words.sizes or {MEDIUM}) + (0 if words.sizes else 0.3)
        return distance + from_medium / 10 + (words.sizes == {MINIATURE} and MINIATURE not in asked)
    return 0.0 if words.unsized or not words.sizes else 0.5 + from_medium


def _edible_note(portion: Portion, request: Request, food: Food) -> tuple[str, ...]:
    """Say that a portion leaves out or takes in bone, skin or shell, where only its own text says so."""
    told = request.forms | portion_words(food.description).forms
    return (f'bone, skin and shell as in "{portion.description}"',) if portion.words.forms & REFUSE - told else ()


def listed(words: Iterable[str]) -> str:
    """Return words as "a and b", sorted."""
    return " and ".join(sorted(words))
