"""The nutrient values of one food in one short text of bytes, which gives every published digit back.

A value takes six bytes: which nutrient, unit and derivation it is of (12 bits), how many decimals it is
written with (4 bits), and its digits as a whole number (32 bits, signed). 28.6 is 286 with one decimal: the
decimal fraction itself is kept, not a rounding of it, and comes back as the double nearest to it, which is
what reading "28.6" gives. A number with more digits takes twelve bytes: the double itself in two halves,
both marked by `WHOLE_DOUBLE`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_KINDS = 1 << 12
"""Most combinations of nutrient, unit and derivation; releases have fewer than 300."""
WHOLE_DOUBLE = 15
"""Stands in place of the number of decimals where the next eight bytes of digits are a double."""
BYTES = 6
"""Length of one value."""

_MOST_DECIMALS = 9  # of more decimals than digits that fit into 32 bits there is nothing to gain


def packed(kinds: NDArray[np.integer], amounts: NDArray[np.float64]) -> tuple[bytes, NDArray[np.int64]]:
    """Return values as bytes, and where in them each value begins, with the end of the last at the end.

    Parameters
    ----------
    kinds : numpy.ndarray of int
        Number of each value's kind, below `MOST_KINDS`.
    amounts : numpy.ndarray of float
        Finite.

    Examples
    --------
    >>> import numpy as np
    >>> content, starts = packed(np.array([3, 3, 4]), np.array([28.6, -0.07, 1 / 3]))
    >>> list(unpacked(content)), starts.tolist()
    ([(3, 28.6), (3, -0.07), (4, 0.3333333333333333)], [0, 6, 12, 24])
    """
    import numpy as np

    decimals = np.full(len(amounts), WHOLE_DOUBLE, dtype="uint16")
    digits = np.zeros(len(amounts), dtype="int32")
    left = np.flatnonzero(np.abs(amounts) < 2**31)
    for places in range(_MOST_DECIMALS + 1):
        scaled = np.rint(amounts[left] * 10.0**places)
        # A whole number below 2**53 over an exact power of ten is rounded once, to the double nearest to the
        # decimal fraction: that is what reading the digits gives.
        exact = (np.abs(scaled) < 2**31) & (scaled / 10.0**places == amounts[left])
        decimals[left[exact]] = places
        digits[left[exact]] = scaled[exact].astype("int32")
        left = left[~exact]
        if not len(left):
            break
    long = np.flatnonzero(decimals == WHOLE_DOUBLE)
    starts = np.concatenate([[0], np.cumsum(np.where(decimals == WHOLE_DOUBLE, 2, 1))])
    values = np.empty(starts[-1], dtype=[("kind", "<u2"), ("digits", "<i4")])
    values["kind"][starts[:-1]] = (kinds.astype("uint16") << 4) | decimals
    values["digits"][starts[:-1]] = digits
    halves = amounts[long].astype("<f8").view("<i4").reshape(-1, 2)
    for half in (0, 1):
        values["kind"][starts[long] + half] = (kinds[long].astype("uint16") << 4) | WHOLE_DOUBLE
        values["digits"][starts[long] + half] = halves[:, half]
    return values.tobytes(), starts * BYTES


def unpacked(content: bytes) -> Iterator[tuple[int, float]]:
    """Yield kind and amount of each value that `packed` put into bytes."""
    cells = struct.iter_unpack("<Hi", content)
    for mark, digits in cells:
        kind, decimals = mark >> 4, mark & 15
        if decimals == WHOLE_DOUBLE:
            yield kind, struct.unpack("<d", struct.pack("<ii", digits, next(cells)[1]))[0]
        else:
            yield kind, digits / 10.0**decimals
