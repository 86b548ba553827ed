"""An analysis as data: every table in one JSON file, for other programs, and to make reports of again.

`declared` says which tables there are, `writing` and `reading` are the two directions, `schema` is what is published
of the form. docs/json.md tells it for those who read such a file.
"""

from __future__ import annotations

from nutridiary.report.data.reading import from_data, read_analysis
from nutridiary.report.data.writing import as_data, json_bytes, to_json

__all__ = ["as_data", "from_data", "json_bytes", "read_analysis", "to_json"]
