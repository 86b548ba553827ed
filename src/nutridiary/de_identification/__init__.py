"""A diary without what says whose it is: names, days, files, comments. docs/sharing.md tells what that is worth.

`names` takes people's names out of texts, `places` those of files and sheets, `people` turns birth dates into ages,
`whole` does all of it to a diary.
"""

from __future__ import annotations

from nutridiary.de_identification.names import Names
from nutridiary.de_identification.whole import DIARY_TABLES, DeIdentified, de_identify, without_names

__all__ = ["DIARY_TABLES", "DeIdentified", "Names", "de_identify", "without_names"]
