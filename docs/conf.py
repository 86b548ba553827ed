"""Settings of the documentation site: `make docs` builds it, without network, into build/docs."""

from __future__ import annotations

import sys
from pathlib import Path

import nutridiary

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "nutridiary"
author = "The nutridiary authors"
copyright = "the nutridiary authors, MIT licence"
version = release = nutridiary.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "command_help",
    "mathml",
    "pages_beside",
    "reference_numbers",
    "shipped_tables",
]
exclude_patterns = ["_extensions"]
myst_enable_extensions = ["dollarmath", "deflist"]
# Every heading can be linked to as on GitHub.
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"

html_theme = "furo"
html_title = "nutridiary"
html_copy_source = False
html_show_sphinx = False
# The same sources give the same pages: no date of today.
html_last_updated_fmt = None
html_theme_options = {"footer_icons": []}
