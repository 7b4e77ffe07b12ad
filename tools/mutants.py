"""The small changes that `mutate.py` makes to a file, found in its syntax tree."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE,),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE,),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
LINE = 100
REMOVABLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One file with one small change."""

    file: Path
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        """Say where the change is and what it is."""
        return f"{self.file}:{self.line}  {self.change}"


def find_mutants(root: Path, file: Path) -> Iterator[Mutant]:
    """Give every mutant of one file."""
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    spared = {id(node) for part in spared_parts(tree) for node in ast.walk(part)}
    for number, node in enumerate(ast.walk(tree)):
        if not hasattr(node, "lineno") or is_text(node) or id(node) in spared:
            continue
        for variant, _ in enumerate(list(changes_of(node))):
            mutated = copy.deepcopy(tree)
            target = list(ast.walk(mutated))[number]
            change = apply(mutated, target, variant)
            if change:
                source = ast.unparse(ast.fix_missing_locations(mutated)) + "\n"
                yield Mutant(file=file, line=node.lineno, change=change, source=source)


def spared_parts(tree: ast.AST) -> Iterator[ast.AST]:
    """Give what decides nothing when the program runs: types, decorators, exported names and imports for types."""
    for node in ast.walk(tree):
        yield from getattr(node, "decorator_list", [])
        yield from (part for name in ("annotation", "returns") if (part := getattr(node, name, None)) is not None)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield node


def is_text(node: ast.AST) -> bool:
    """Tell whether a node is a docstring or another bare text."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def apply(tree: ast.AST, target: ast.AST, variant: int) -> str:
    """Make one change in place and say what it was."""
    before = ast.unparse(target)
    replacement = list(changes_of(target))[variant]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, replacement)
            elif isinstance(value, list) and any(item is target for item in value):
                kept: list[ast.AST | None] = [replacement if item is target else item for item in value]
                setattr(parent, name, [item for item in kept if item is not None])
    after = ast.unparse(ast.fix_missing_locations(replacement)) if replacement is not None else "(removed)"
    return "" if before == after else f"{shorten(before)}  ->  {shorten(after)}"


def shorten(text: str) -> str:
    """Keep one line of a change."""
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 3]}..."


def changes_of(node: ast.AST) -> Iterator[ast.AST | None]:
    """Give what a node may be changed into; None removes it."""
    yield from changes_of_logic(node)
    yield from changes_of_values(node)
    if isinstance(node, REMOVABLE) and not is_text(node):
        yield ast.copy_location(ast.Pass(), node)


def changes_of_logic(node: ast.AST) -> Iterator[ast.AST]:
    """Change comparisons, and, or, not, arithmetic, and which branch is taken."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), ()):
                changed = copy.deepcopy(node)
                changed.ops[number] = other()
                yield changed
    if isinstance(node, ast.BoolOp):
        changed_logic = copy.deepcopy(node)
        changed_logic.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield changed_logic
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield copy.deepcopy(node.operand)
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in ARITHMETIC and not is_union(node):
        changed_sum = copy.deepcopy(node)
        changed_sum.op = ARITHMETIC[type(node.op)]()
        yield changed_sum
    if isinstance(node, ast.IfExp):
        yield ast.copy_location(ast.IfExp(test=node.test, body=node.orelse, orelse=node.body), node)


def is_union(node: ast.AST) -> bool:
    """Tell whether a bar stands between types."""
    sides = [getattr(node, "left", None), getattr(node, "right", None)]
    return any(isinstance(side, ast.Constant) and side.value is None for side in sides)


def changes_of_values(node: ast.AST) -> Iterator[ast.AST]:
    """Change whole numbers, truth values, fractions, and the cells of tables."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.copy_location(ast.Constant(value=not node.value), node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.copy_location(ast.Constant(value=node.value + 1), node)
        if node.value > 0:
            yield ast.copy_location(ast.Constant(value=node.value - 1), node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fraction":
        changed = copy.deepcopy(node)
        if changed.args and isinstance(changed.args[0], ast.Constant) and isinstance(changed.args[0].value, int):
            changed.args[0] = ast.Constant(value=changed.args[0].value + 2)
            yield changed
    if isinstance(node, (ast.Set, ast.Tuple)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        yield from without_one(node)


def without_one(node: ast.Set | ast.Tuple) -> Iterator[ast.AST]:
    """Leave one row of a table, or one word of a cell, out."""
    rows = all(isinstance(item, (ast.Call, ast.Attribute)) for item in node.elts)
    if rows and len(node.elts) > 1:
        for number in range(len(node.elts)):
            changed = copy.deepcopy(node)
            del changed.elts[number]
            yield changed
