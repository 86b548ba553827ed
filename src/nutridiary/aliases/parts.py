"""What a user said the foods of a text are: "rice and beans" is "1 cup rice; 150 g beans".

A part is read as a line of a diary is: its amount, then its food. It may be a text the user said something of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nutridiary.aliases.lookup import PARTS, parts_of, text_key
from nutridiary.errors import AliasError

if TYPE_CHECKING:
    from nutridiary.aliases.files import Said

MOST_PARTS = 20
MOST_FOODS = 100
"""Foods of one line, where parts have parts of their own."""

_BETWEEN = "Write the foods with ; between them: 1 cup rice; 150 g beans."


def food_of(part: str) -> str:
    """Return a part without its amount.

    Examples
    --------
    >>> food_of("150 g black beans"), food_of("rice")
    ('black beans', 'rice')
    """
    from nutridiary.diary.food_text import split_food

    found = split_food(part)
    return part if found.problem else found.rest or part


def checked_parts(text: str, said: str, where: str) -> str:
    """Return the parts a row gives, in one spelling.

    Parameters
    ----------
    text : str
        As written, with semicolons between the parts.
    said : str
        What they are the parts of.
    where : str
        File and row, for an error.

    Raises
    ------
    AliasError
        If there are fewer than two or more than `MOST_PARTS`, one names no food or an amount that cannot be read, or is
        the text itself.
    """
    parts = parts_of(text)
    if len(parts) < 2:
        given = "no food" if not parts else "one food"
        instead = "" if not parts else " Name two, or write the decision whole for a text that is one food."
        raise AliasError(f'{where}: the parts of "{said}" name {given}. {_BETWEEN}{instead}')
    if len(parts) > MOST_PARTS:
        raise AliasError(f'{where}: "{said}" has {len(parts)} parts, more than {MOST_PARTS}. Leave out the smallest.')
    for part in parts:
        _check_part(part, said, where)
    return "; ".join(parts)


def _check_part(part: str, said: str, where: str) -> None:
    from nutridiary.diary.food_text import split_food

    found = split_food(part)
    if found.problem:
        raise AliasError(f'{where}: cannot use the part "{part}" of "{said}": {found.problem}. {_BETWEEN}')
    if not any(character.isalpha() for character in (found.rest if found.text else part)):
        raise AliasError(f'{where}: the part "{part}" of "{said}" names no food. {_BETWEEN}')
    if text_key(said) in (text_key(part), text_key(food_of(part))):
        raise AliasError(
            f'{where}: "{said}" cannot be a part of itself. Write what it is when it stands alone, in other words.'
        )


def check_loops(rows: Iterable[Said]) -> None:
    """Make sure that no text is a part of its own parts, and that none holds more than `MOST_FOODS` foods.

    Raises
    ------
    AliasError
        With the row of the text.
    """
    own = {text_key(row.said): row for row in rows if row.decision == PARTS}
    held = {text: [text_key(food_of(part)) for part in parts_of(row.parts)] for text, row in own.items()}
    counted: dict[str, int] = {}
    for text in own:
        _count(text, held, counted, (), own)


def _count(
    text: str, held: Mapping[str, list[str]], counted: dict[str, int], inside: tuple[str, ...], own: Mapping[str, Said]
) -> int:
    """Return how many foods a text holds, and remember it."""
    if text not in held:
        return 1
    if text in inside:
        row = own[text]
        raise AliasError(f'{row.where}: "{row.said}" is a part of its own parts. Change the parts of one of them.')
    if text not in counted:
        counted[text] = sum(_count(part, held, counted, (*inside, text), own) for part in held[text])
        if counted[text] > MOST_FOODS:
            row = own[text]
            raise AliasError(
                f'{row.where}: "{row.said}" is {counted[text]} foods, counting the parts of its parts. '
                f"{MOST_FOODS} can be told apart."
            )
    return counted[text]
