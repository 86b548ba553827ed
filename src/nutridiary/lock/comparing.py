"""Holds what is here against a lock, and says what to do where the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nutridiary.errors import LockError, listing
from nutridiary.fdc.product_ids import gtin_of
from nutridiary.lock.record import Lock

if TYPE_CHECKING:
    from nutridiary.fdc.looked_up import LookedUp

_SHOWN = 60  # characters of a value
_MOST_TOLD = 20

# How options are called on the command line where it is not --name-with-hyphens.
FLAGS: Mapping[str, str] = {
    "nutrients": "nutrient",
    "columns": "column",
}
_EITHER: Mapping[str, tuple[str, str]] = {
    "fill_in": ("--fill-in", "--no-fill-in"),
    "split": ("--split", "--no-split"),
    "day_first": ("--day-first", "--month-first"),
}


@dataclass(frozen=True)
class Difference:
    """Something that is not as a lock says.

    Attributes
    ----------
    what : str
        ``"food data: release"``.
    locked, here : str
        What the lock says, and what is here; "none" for nothing.
    advice : str
        What to do to have what the lock says.
    """

    what: str
    locked: str
    here: str
    advice: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.what}: locked {self.locked}, here {self.here}. {self.advice}"


def differences(locked: Lock, here: Lock) -> list[Difference]:
    """Return what is not as a lock says, the plainest first.

    Parameters
    ----------
    locked : Lock
    here : Lock
        What is here. Foods it did not fetch are not asked for: another diary needs other ones.

    Returns
    -------
    list of Difference
        Empty where a report of one diary made under either is the same.
    """
    found: list[Difference] = []
    before, now = locked.data, here.data
    if before["nutridiary"] != now["nutridiary"]:
        version = _shown(before["nutridiary"])
        found.append(
            Difference(
                "version of nutridiary", version, _shown(now["nutridiary"]), f"Do: pip install nutridiary=={version}"
            )
        )
    found += _food_data(before, now)
    # The tables of another version are other ones, which was said.
    if not found or before["nutridiary"] == now["nutridiary"]:
        found += _tables(before, now)
    for part in ("options", "reading"):
        found += _options(before[part], now[part])
    found += _aliases(before["aliases"], now["aliases"])
    found += _looked_up(locked.held["looked_up"], here.held["looked_up"])
    return found


def check_lock(locked: Lock, here: Lock, where: str = "", *, looked_up: LookedUp | None = None) -> None:
    """Refuse to go on where something is not as a lock says.

    Parameters
    ----------
    locked, here : Lock
    where : str
        What the lock was read from, for the message.
    looked_up : LookedUp, optional
        What was looked up for this diary: what it asked for and did not get, though the lock has it, is a difference.

    Raises
    ------
    LockError
        Where they differ; its text has a line for each difference.
    """
    found = differences(locked, here) + ([] if looked_up is None else _lost(locked, looked_up))
    if not found:
        return
    told = [f"  {difference}" for difference in found[:_MOST_TOLD]]
    more = len(found) - len(told)
    told += [f"  and {more} more"] if more else []
    name = f"{where}: " if where else ""
    raise LockError(f"{name}what is here is not what the lock says; nothing was done.\n" + "\n".join(told))


def _food_data(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    locked, here = before["food_data"], now["food_data"]
    release = _shown(locked.get("release") or "embedded")
    if locked.get("sha256") != here.get("sha256"):
        yield Difference(
            "food data",
            _named(locked),
            _named(here),
            f"Do: nutridiary fdc use {release}"
            if locked.get("release") != here.get("release")
            else f"{release} was changed: install it again, or use the nutridiary of the lock.",
        )
    elif locked.get("index_sha256") != here.get("index_sha256"):
        yield Difference(
            "matching index of the food data",
            _hash(locked.get("index_sha256")),
            _hash(here.get("index_sha256")),
            f"{release} was changed: install it again, or use the nutridiary of the lock.",
        )
    if locked.get("added_sha256") != here.get("added_sha256"):
        yield Difference(
            "foods given from Python",
            _hash(locked.get("added_sha256")),
            _hash(here.get("added_sha256")),
            "Give the foods it was made with." if locked.get("added_sha256") else "Leave `foods` out.",
        )
    if before["branded"] and now["branded"] and before["branded"].get("sha256") != now["branded"].get("sha256"):
        yield Difference(
            "branded foods",
            _named(before["branded"]),
            _named(now["branded"]),
            f"Do: nutridiary fdc use {_shown(before['branded'].get('release'))}, installed with its branded foods: "
            "nutridiary fdc update --branded",
        )


def _tables(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    version = _shown(before["nutridiary"])
    again = f"Do: pip install --force-reinstall nutridiary=={version}"
    locked, here = before["reference"], now["reference"]
    for name, flag in (("name", "--reference"), ("edition", "--edition")):
        if locked.get(name) != here.get(name):
            what = "reference" if name == "name" else "reference edition"
            yield Difference(what, _shown(locked.get(name)), _shown(here.get(name)), _give(flag, locked.get(name)))
    same = all(locked.get(name) == here.get(name) for name in ("name", "edition"))
    if same and locked.get("editions") != here.get("editions"):
        yield Difference("editions used", _shown(locked.get("editions")), _shown(here.get("editions")), again)
    if same and locked.get("sha256") != here.get("sha256"):
        yield Difference("reference tables", _hash(locked.get("sha256")), _hash(here.get("sha256")), again)
    elif before["tables"].get("sha256") != now["tables"].get("sha256"):
        yield Difference(
            "shipped tables", _hash(before["tables"].get("sha256")), _hash(now["tables"].get("sha256")), again
        )


def _options(locked: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*locked, *here}):
        before, now = locked.get(name), here.get(name)
        if before != now or type(before) is not type(now):
            then, today = (_shown(each[name]) if name in each else "nothing" for each in (locked, here))
            yield Difference(_shown(name.replace("_", " ")), then, today, advice_for(name, before))


def advice_for(name: str, value: object) -> str:
    """Return what to write on the command line, so that an option has a value.

    Examples
    --------
    >>> advice_for("defaults", True), advice_for("fill_in", False), advice_for("day_starts", "04:00")
    ('Give --defaults.', 'Give --no-fill-in.', 'Give --day-starts 04:00.')
    >>> advice_for("suggest", False), advice_for("nutrients", ["iron", "zinc"])
    ('Leave --suggest out.', 'Give --nutrient iron --nutrient zinc.')
    """
    if name in _EITHER:
        yes, no = _EITHER[name]
        return f"Leave {yes} and {no} out." if value is None else f"Give {yes if value else no}."
    flag = "--" + FLAGS.get(name, _shown(name)).replace("_", "-")
    if value is True:
        return f"Give {flag}."
    if isinstance(value, str) and value.startswith("mark "):
        return f"Give {flag} as it was when the lock was made; the lock does not tell it."
    return _give(flag, value)


def _give(flag: str, value: object) -> str:
    if value in (None, False, [], ""):
        return f"Leave {flag} out."
    values = value if isinstance(value, list) else [value]
    return "Give " + " ".join(f"{flag} {_quoted(_shown(each))}" for each in values[:_MOST_TOLD]) + "."


def _quoted(text: str) -> str:
    return f"'{text}'" if any(sign.isspace() for sign in text) else text


def _aliases(locked: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Difference]:
    if locked.get("sha256") == here.get("sha256"):
        return
    before, now = (f"{_shown(each.get('count', 0))} ({_hash(each.get('sha256'))})" for each in (locked, here))
    advice = (
        "Give the --aliases files it was made with, as they were then."
        if locked.get("count")
        else "Leave --aliases out."
    )
    yield Difference("aliases", before, now, advice)


def _looked_up(locked: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[Difference]:
    changed = [each for each in here if each in locked and locked[each]["sha256"] != here[each]["sha256"]]
    for fdc_id in changed:
        yield Difference(
            f"record of {_food(fdc_id)}",
            _hash(locked[fdc_id]["sha256"]),
            _hash(here[fdc_id]["sha256"]),
            "Its source changed it since. A bundle made then carries the record: nutridiary reproduce BUNDLE.zip",
        )
    if new := [each for each in here if each not in locked]:
        yield Difference(
            "foods that were looked up",
            "none of these",
            listing(map(_food, new), most=6),
            "The lock knows nothing of them: write a new one, nutridiary lock DIARY, or leave these lines out.",
        )


def _lost(locked: Lock, looked_up: LookedUp) -> list[Difference]:
    """Return the records of a lock that were asked for and are not here: the report would rest on others."""
    answers = looked_up.products
    nothing = set() if answers is None else set(answers.loc[answers["product_by"].ne("barcode"), "barcode"].dropna())
    return [
        Difference(
            f"record of {_food(fdc_id)}",
            _hash(said["sha256"]),
            "not found",
            "Nobody who was asked has it, or nobody answered: try again later. A bundle made then carries the record: "
            "nutridiary reproduce BUNDLE.zip",
        )
        for fdc_id, said in locked.data["looked_up"].items()
        if int(fdc_id) in looked_up.not_found or nothing.intersection(said.get("barcodes", ()))
    ]


def _food(fdc_id: str) -> str:
    gtin = gtin_of(int(fdc_id))
    return f"fdc_id {fdc_id}" if gtin is None else f"product {gtin}"


def _named(data: Mapping[str, Any]) -> str:
    if not data.get("release") and not data.get("sha256") and "holds" not in data:
        return "none"
    return f"{_shown(data.get('release') or 'tables of your own')} ({_hash(data.get('sha256'))})"


def _hash(value: object) -> str:
    return _printable(value[:12]) if isinstance(value, str) and value else "none"


def _shown(value: object) -> str:
    """Return a value of a lock, which may come from anywhere, for a message."""
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _printable(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _printable(text: str) -> str:
    """Return a text without characters that would command a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
