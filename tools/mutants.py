"""The small changes that `mutate.py` makes to a file, found in its syntax tree."""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Columns = dict[str, list[str]]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
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
ROWS = (ast.Call, ast.Attribute, ast.Tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One file with one small change: which node of its syntax tree becomes which of its variants."""

    file: Path
    line: int
    where: str
    change: str
    number: int
    variant: int

    @property
    def name(self) -> str:
        """Say what the change is and where, without the number of the line."""
        return f"{self.file} {self.where}  {self.change}"

    def __str__(self) -> str:
        """Say where the change is and what it is."""
        return f"{self.file}:{self.line} {self.where}  {self.change}"


def find_mutants(root: Path, file: Path) -> list[Mutant]:
    """Give every mutant of one file."""
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    spared = {id(node) for part in spared_parts(tree) for node in ast.walk(part)}
    columns, names, top = columns_of(tree), names_of(tree), {id(node) for node in tree.body}
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if not hasattr(node, "lineno") or is_text(node) or id(node) in spared:
            continue
        before = ast.unparse(node)
        for variant, changed in enumerate(changes_of(node, columns)):
            if isinstance(changed, ast.Pass) and isinstance(node, ast.Assign) and id(node) in top:
                continue  # a name that is missing everywhere tells nothing
            after = "(removed)" if isinstance(changed, ast.Pass) else ast.unparse(changed)
            if after != before:
                change = describe(before, after)
                where = names.get(id(node), "")
                found.append(
                    Mutant(file=file, line=node.lineno, where=where, change=change, number=number, variant=variant)
                )
    return found


def write_source(root: Path, mutant: Mutant) -> str:
    """Write the file of a mutant."""
    tree = ast.parse((root / mutant.file).read_text(encoding="utf-8"))
    columns = columns_of(tree)
    target = list(ast.walk(tree))[mutant.number]
    replacement = list(changes_of(target, columns))[mutant.variant]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, replacement)
            elif isinstance(value, list):
                value[:] = [replacement if item is target else item for item in value]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def names_of(tree: ast.AST) -> dict[int, str]:
    """Name the function, class or table that each node belongs to."""
    names: dict[int, str] = {}

    def visit(node: ast.AST, name: str) -> None:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            name = f"{name}.{node.name}".lstrip(".")
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and not name:
            name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        names[id(node)] = name
        for child in ast.iter_child_nodes(node):
            visit(child, name)

    visit(tree, "")
    return names


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


def describe(before: str, after: str) -> str:
    """Write a change on one line; of long ones, what differs and a little before it."""
    before, after = " ".join(before.split()), " ".join(after.split())
    if len(before) > LINE:
        start = max(0, same_until(before, after) - LINE // 3)
        before, after = f"...{before[start : start + LINE]}...", f"...{after[start : start + LINE]}..."
    return f"{before}  ->  {after}"


def same_until(one: str, other: str) -> int:
    """Count the letters that two texts begin with in common."""
    return next((place for place, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), len(one))


def columns_of(tree: ast.AST) -> Columns:
    """Collect what stands in each column of the tables of a file: what else a cell could hold.

    A column is a named argument of rows that are calls, or the members that are used of one enumeration.
    """
    columns: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for part in node.keywords:
                if part.arg != "citation" and is_cell(part.value):
                    columns[f"{part.arg}="].add(ast.unparse(part.value))
        elif isinstance(node, ast.Tuple):
            for place, cell in enumerate(node.elts):
                if isinstance(cell, ast.Name) and cell.id.isupper():
                    columns[f"{len(node.elts)}:{place}"].add(cell.id)
        elif isinstance(node, ast.Attribute) and is_member(node):
            columns[f"{ast.unparse(node.value)}."].add(ast.unparse(node))
    return {name: sorted(cells) for name, cells in columns.items()}


def is_cell(node: ast.AST) -> bool:
    """Tell whether an argument is a set of words or a constant that holds one."""
    return (isinstance(node, ast.Name) and node.id.isupper()) or ast.unparse(node).startswith("frozenset(")


def is_member(node: ast.AST) -> bool:
    """Tell whether a node is a word of an enumeration."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.isupper()


def next_of(node: ast.expr, cells: list[str]) -> Iterator[ast.expr]:
    """Give the next cell of the column of this one."""
    text = ast.unparse(node)
    if len(cells) > 1 and text in cells:
        other = cells[(cells.index(text) + 1) % len(cells)]
        yield ast.copy_location(ast.parse(other, mode="eval").body, node)


def changes_of(node: ast.AST, columns: Columns) -> Iterator[ast.AST]:
    """Give what a node may be changed into; nothing, written `pass`, for a statement that is left out."""
    yield from changes_of_logic(node)
    yield from changes_of_values(node)
    yield from changes_of_tables(node, columns)
    if isinstance(node, REMOVABLE) and not is_text(node):
        yield ast.copy_location(ast.Pass(), node)


def changes_of_logic(node: ast.AST) -> Iterator[ast.AST]:
    """Change comparisons, and, or, not, arithmetic, and which branch is taken."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                changed = copy.deepcopy(node)
                changed.ops[number] = COMPARISONS[type(operator)]()
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
    """Change truth values, whole numbers, and the ratios of limits, which are written as text."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.copy_location(ast.Constant(value=not value), node)
    elif isinstance(value, int):
        yield from (
            ast.copy_location(ast.Constant(value=other), node) for other in (value + 1, value - 1) if other >= 0
        )
    elif isinstance(value, str) and value.replace("/", "", 1).isdigit():
        above, _, below = value.partition("/")
        bar = f"/{below}" if below else ""
        for other in (int(above) + 1, int(above) - 1):
            yield ast.copy_location(ast.Constant(value=f"{other}{bar}"), node)


def changes_of_tables(node: ast.AST, columns: Columns) -> Iterator[ast.AST]:
    """Leave a row of a table or a word of a cell out, or put another cell of the column in its place."""
    if isinstance(node, (ast.Set, ast.Tuple)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        words = all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in node.elts)
        if words or all(isinstance(item, ROWS) for item in node.elts):
            yield from without_one(node, "elts")
    if isinstance(node, ast.Dict):
        yield from without_one(node, "keys", "values")
    if isinstance(node, ast.Attribute) and is_member(node) and isinstance(node.ctx, ast.Load):
        yield from next_of(node, columns.get(f"{ast.unparse(node.value)}.", []))
    yield from changes_of_cells(node, columns)


def changes_of_cells(node: ast.AST, columns: Columns) -> Iterator[ast.AST]:
    """Put another cell of the column in the place of one."""
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for place, cell in enumerate(node.elts):
            for other in next_of(cell, columns.get(f"{len(node.elts)}:{place}", [])):
                row = copy.deepcopy(node)
                row.elts[place] = other
                yield row
    if isinstance(node, ast.Call):
        for place, argument in enumerate(node.keywords):
            for other in next_of(argument.value, columns.get(f"{argument.arg}=", [])):
                call = copy.deepcopy(node)
                call.keywords[place].value = other
                yield call


def without_one(node: ast.AST, *lists: str) -> Iterator[ast.AST]:
    """Leave out one entry after the other."""
    number_of = len(getattr(node, lists[0]))
    for number in range(number_of if number_of > 1 else 0):
        changed = copy.deepcopy(node)
        for name in lists:
            del getattr(changed, name)[number]
        yield changed
