"""Execute the notebooks and the code of the page on Python, and keep what they print: run this file."""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "survival_api.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.DOTALL)
SECONDS = 300
CHANGING = ("execution", "language_info")  # what differs from run to run and from machine to machine


def execute(path: Path) -> nbformat.NotebookNode:
    """Execute a notebook from top to bottom, in the folder it lies in."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(notebook, timeout=SECONDS, resources=where, coalesce_streams=True).execute()
    for cell in notebook.cells:
        cell.metadata.pop(CHANGING[0], None)
    notebook.metadata.pop(CHANGING[1], None)
    return notebook


def print_page(page: str, sample: Path) -> str:
    """Execute the code of a page in the folder of the sample study, and put what it prints below each block."""
    names: dict[str, object] = {}

    def answer(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.chdir(sample), contextlib.redirect_stdout(printed):
            exec(block["code"], names)  # noqa: S102 -- the page's own code
        return f"```python\n{block['code']}```\n\n```text\n{printed.getvalue()}```\n"

    return BLOCK.sub(answer, page)


def main() -> None:
    """Execute everything in place."""
    from sample_cohort import make_sample_cohort

    with tempfile.TemporaryDirectory() as name:
        sample = Path(name) / "sample"
        make_sample_cohort(sample)
        PAGE.write_text(print_page(PAGE.read_text(encoding="utf-8"), sample), encoding="utf-8")
    for found in sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(execute(found), found)


if __name__ == "__main__":
    main()
