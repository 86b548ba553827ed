"""What was found out, for people to read: a workbook, a terminal, a notebook."""

from nutridiary.report.excel import to_excel
from nutridiary.report.summary import summary_html

__all__ = ["summary_html", "to_excel"]
