"""In which order recipes can be computed: those that another one uses go first."""

from __future__ import annotations

from collections.abc import Mapping, Set


def in_order(uses: Mapping[str, Set[str]]) -> tuple[list[list[str]], dict[str, list[str]]]:
    """Return recipes in groups that can be computed one after the other, and the circles among them.

    Parameters
    ----------
    uses : mapping of str to set of str
        The recipes that each recipe uses.

    Returns
    -------
    groups : list of list of str
        Each recipe once, after all that it uses.
    circles : dict of str to list of str
        For each recipe that can never be computed, the recipes that need each other: it is in that circle, or uses one
        that is.

    Examples
    --------
    >>> in_order({"pie": {"crust"}, "crust": set(), "a": {"b"}, "b": {"a"}})
    ([['crust'], ['pie']], {'a': ['a', 'b', 'a'], 'b': ['b', 'a', 'b']})
    """
    groups: list[list[str]] = []
    done: set[str] = set()
    while True:
        ready = [name for name, needed in uses.items() if name not in done and needed <= done]
        if not ready:
            break
        groups.append(ready)
        done.update(ready)
    return groups, {name: _circle(name, uses, done) for name in uses if name not in done}


def _circle(start: str, uses: Mapping[str, Set[str]], done: Set[str]) -> list[str]:
    """Follow what cannot be computed from `start` until a recipe comes round again."""
    path = [start]
    while True:
        following = min(uses[path[-1]] - done)
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
