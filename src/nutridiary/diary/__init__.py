"""Reading food diaries: files in, one table of entries out, and all that stands beside them.

`read_diary`, `read_whole` and `read_people` are the way in (`whole`), `preview` shows how the files begin. `files`
turns a file into plain grids of cells, `readers` decides which format they are; each format has a module. `columns`
finds a header row, `dates`, `amounts`, `food_text` and `recorded` read the cells, `entries` builds the lines of a
table.
"""

from __future__ import annotations

from nutridiary.diary.preview import SheetPreview, preview
from nutridiary.diary.readers import READERS, formats
from nutridiary.diary.reading import Reader
from nutridiary.diary.whole import Diary, ReadingOptions, read_diary, read_people, read_whole

__all__ = [
    "READERS",
    "Diary",
    "Reader",
    "ReadingOptions",
    "SheetPreview",
    "formats",
    "preview",
    "read_diary",
    "read_people",
    "read_whole",
]
