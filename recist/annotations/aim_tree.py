"""AIM files, JSON and XML, as one kind of tree: objects are dictionaries, repeated elements lists, values text.

In XML the values are attributes, in JSON members of the same names, so that both give the same tree. Nothing outside
the file is ever read: a document type, and with it every entity, is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEEPEST = 64
MOST_ELEMENTS = 500_000

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"


class UnreadableTreeError(ValueError):
    """A file that is no tree, or one that is not to be trusted; the text says why."""


def read_tree(text: str) -> tuple[Tree, str]:
    """Read a text that begins with ``<`` as XML, else as JSON; to be called in a guarded process.

    Returns
    -------
    tree : dict, list or str
    fault : str
        Why it cannot be read; empty where it can.
    """
    try:
        return (parse_xml(text) if text.lstrip().startswith("<") else parse_json(text)), ""
    except UnreadableTreeError as fault:
        return {}, str(fault)


def parse_json(text: str) -> Tree:
    """Read JSON; numbers stay text.

    Raises
    ------
    UnreadableTreeError
    """
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError as fault:
        raise UnreadableTreeError("it is nested too deeply") from fault
    except ValueError as fault:
        raise UnreadableTreeError("it is not sound JSON") from fault
    return _plain(found, 0, [0])


def _plain(value: object, depth: int, counter: list[int]) -> Tree:
    counter[0] += 1
    if depth > DEEPEST:
        raise UnreadableTreeError("it is nested too deeply")
    if counter[0] > MOST_ELEMENTS:
        raise UnreadableTreeError(f"it has more than {MOST_ELEMENTS} elements")
    if isinstance(value, dict):
        return {str(name): _plain(each, depth + 1, counter) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1, counter) for each in value]
    return "" if value is None else str(value)


def parse_xml(text: str) -> Tree:
    """Read XML; names lose their prefix, attributes are members, and repeated elements make a list.

    Raises
    ------
    UnreadableTreeError
        Also for every document type declaration.
    """
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=None)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as fault:
        raise UnreadableTreeError("it is not sound XML") from fault
    return builder.root


def _refuse_doctype(*_: object) -> None:
    raise UnreadableTreeError("it declares a document type or entities, which no AIM file needs")


class _Builder:
    """Builds the tree while the parser reads."""

    def __init__(self) -> None:
        self.root: dict[str, Tree] = {}
        self._open: list[dict[str, Tree]] = [self.root]
        self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if len(self._open) > DEEPEST:
            raise UnreadableTreeError("it is nested too deeply")
        if self._count > MOST_ELEMENTS:
            raise UnreadableTreeError(f"it has more than {MOST_ELEMENTS} elements")
        node: dict[str, Tree] = dict(attributes)
        _add(self._open[-1], name if name == "iso:displayName" else name.rpartition(":")[2], node)
        self._open.append(node)

    def end(self, name: str) -> None:
        del name
        self._open.pop()


def _add(parent: dict[str, Tree], name: str, node: dict[str, Tree]) -> None:
    before = parent.get(name)
    if isinstance(before, list):
        before.append(node)
    elif before is None or isinstance(before, str):
        parent[name] = node
    else:
        parent[name] = [before, node]


def every(tree: Tree, *path: str) -> list[Tree]:
    """Give all nodes at the end of a path; lists on the way count as their members."""
    nodes = _members(tree)
    for name in path:
        nodes = [each for node in nodes if isinstance(node, dict) and name in node for each in _members(node[name])]
    return nodes


def text_at(tree: Tree, *path: str) -> str:
    """Give the first text at the end of a path; empty where there is none."""
    return next((node.strip() for node in every(tree, *path) if isinstance(node, str) and node.strip()), "")


def walk(tree: Tree) -> Iterator[Tree]:
    """Give every node below, this one first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        below = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        waiting.extend(reversed(below))


def _members(node: Tree) -> list[Tree]:
    return node if isinstance(node, list) else [node]
