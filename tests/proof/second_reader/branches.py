"""Which branches of the second reader were reached."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

reached: Counter[str] = Counter()


def note(branch: str) -> None:
    """Count that a branch was reached."""
    reached[branch] += 1


def all_branches() -> set[str]:
    """Find the names of all branches in the source of the second reader."""
    names = set()
    for path in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                names.add(ast.literal_eval(node.args[0]))
    return names
