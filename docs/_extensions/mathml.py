"""Formulas as MathML, which browsers show by themselves: no script is fetched from anywhere."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
_DOTS = re.compile(r"\\dots(?![a-z])")  # GitHub knows it, docutils its other name


def _mathml(node: nodes.Node, *, as_block: bool) -> str:
    """Return a formula as MathML; one that cannot be read is a warning that says where it stands."""
    formula = _DOTS.sub(r"\\ldots", node.astext())
    try:
        return str(tex2mathml(formula, as_block=as_block))
    except MathError as error:
        _LOG.warning("formula %r: %s", formula, error, location=node)
        return ""


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(_mathml(node, as_block=False))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math" style="margin: 0.8em 0">{_mathml(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make MathML the way formulas are written."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True}
