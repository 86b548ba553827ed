"""The lock of a report: what it rests on besides the diary, so that the same can be asked for again.

`making` says what is here, `record` is a lock and its text, `reading` takes one out of any report, `comparing` holds
two against each other. docs/lock.md tells what is in it and what is not.
"""

from __future__ import annotations

from nutridiary.lock.comparing import Difference, check_lock, differences
from nutridiary.lock.making import lock_inputs, make_lock
from nutridiary.lock.reading import read_lock
from nutridiary.lock.record import LOCK_FILE, Lock

__all__ = ["LOCK_FILE", "Difference", "Lock", "check_lock", "differences", "lock_inputs", "make_lock", "read_lock"]
