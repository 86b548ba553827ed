"""Write docs/schema/analysis-1.json, the JSON Schema of an analysis, from the declarations of the tables.

python tools/build_schema.py
"""

from __future__ import annotations

import json
from pathlib import Path

from nutridiary.report.data.declared import SCHEMA_VERSION
from nutridiary.report.data.schema import analysis_schema

PATH = Path(__file__).parents[1] / "docs" / "schema" / f"analysis-{SCHEMA_VERSION}.json"


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(analysis_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(schema_text(), encoding="utf-8")
