"""The notebooks run from top to bottom, show what they promise, and are kept without outputs."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SURVEY = ROOT.parent / "shared" / "nhanes"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_ends_with_what_cannot_be_said(path):
    cells = nbformat.read(path, as_version=4).cells
    assert cells[-1]["source"].startswith("## What cannot be said")


# The kernel's own libraries warn of what is theirs to mend.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_from_top_to_bottom(path, monkeypatch):
    monkeypatch.delenv("NUTRIDIARY_NHANES", raising=False)
    outputs = executed(path)
    assert any("Magnesium" in shown for shown in html_of(outputs))
    assert not [output for output in outputs if output.get("name") == "stderr"]
    if path.stem == "06_reproducing_nhanes":
        assert any("NO SURVEY FILES" in output.get("text", "") for output in outputs)


@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(not SURVEY.is_dir(), reason=f"the survey's files are not in {SURVEY.name}: nothing is reproduced")
def test_notebook_reproduces_the_means_of_the_survey(monkeypatch):
    monkeypatch.setenv("NUTRIDIARY_NHANES", str(SURVEY))
    shown = html_of(executed(NOTEBOOKS[0].parent / "06_reproducing_nhanes.ipynb"))
    # Worked out by others from the same files: mean and standard error of women and men.
    means = next(table for table in shown if "mean_se" in table)
    assert all(figure in means for figure in ("<td>263.7</td>", "<td>6.7</td>", "<td>329.9</td>", "<td>6.1</td>"))


def executed(path):
    """Return the outputs of a notebook that was run from top to bottom."""
    notebook = nbformat.read(path, as_version=4)
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def html_of(outputs):
    return [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
