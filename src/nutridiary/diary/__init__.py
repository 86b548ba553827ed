"""Reading food diaries: a file in, one table of entries out.

`read_diary` and `read_people` are the way in. `workbook` and `delimited` turn a file into plain grids of
cells, `columns` finds the header row, `dates`, `amounts` and `food_text` read the cells, `entries` builds the
table, and `readers` decides which reader a file belongs to.
"""

from __future__ import annotations

from nutridiary.diary.readers import READERS, Reader, read_diary, read_people

__all__ = ["READERS", "Reader", "read_diary", "read_people"]
