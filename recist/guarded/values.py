"""Values as text and plain bytes, and back: the only form in which a child's results are believed.

Text is JSON. What JSON does not know is an object of one key, its kind. Arrays and bytes lie outside the text; it holds
their type, shape and length.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import importlib
import json
import math
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    Take = Callable[[memoryview], None]

# Whose dataclasses and enumerations may come back.
TRUSTED_ROOT = "recist."
PLAIN_KINDS = "biufcmMSU"
MOST_DIMENSIONS = 32
ITEMS: dict[str, type] = {"tuple": tuple, "set": set, "frozenset": frozenset}
DATES: dict[str, type] = {"datetime": datetime.datetime, "date": datetime.date, "time": datetime.time}


class UnknownValue(Exception):
    """A value that cannot be passed on; the text names its type."""


class Encoder:
    """Turns one value into text and a list of the bytes that lie outside it."""

    def __init__(self) -> None:
        self.parts: list[memoryview] = []

    def encode(self, value: object) -> bytes:
        """Encode a value.

        Raises
        ------
        UnknownValue
        """
        return json.dumps(self._plain(value), separators=(",", ":")).encode("ascii")

    @property
    def n_bytes(self) -> int:
        """Bytes outside the text."""
        return sum(part.nbytes for part in self.parts)

    def _plain(self, value: object) -> object:
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return value
        if kind is list:
            return [self._plain(each) for each in value]  # type: ignore[attr-defined]
        if kind is dict:
            return {"dict": [[self._plain(key), self._plain(each)] for key, each in value.items()]}  # type: ignore[attr-defined]
        if kind.__name__ in ITEMS and kind in ITEMS.values():
            return {kind.__name__: [self._plain(each) for each in value]}  # type: ignore[attr-defined]
        return self._rich(value)

    def _rich(self, value: object) -> object:
        if isinstance(value, (bytes, bytearray)):
            return {"bytes": self._outside(memoryview(value))}
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic) and value.dtype.kind in PLAIN_KINDS:
            return {"scalar": self._array(np.asarray(value))}
        if type(value) in DATES.values():
            return {type(value).__name__: value.isoformat()}  # type: ignore[attr-defined]
        if isinstance(value, PurePath):
            return {"path": str(value)}
        return self._ours(value)

    def _ours(self, value: object) -> object:
        kind = type(value)
        name = f"{kind.__module__}:{kind.__qualname__}"
        if not kind.__module__.startswith(TRUSTED_ROOT):
            raise UnknownValue(kind.__name__)
        if isinstance(value, enum.Enum):
            return {"enum": [name, self._plain(value.value)]}
        if dataclasses.is_dataclass(value):
            fields = [field.name for field in dataclasses.fields(value) if field.init]
            return {"object": [name, [[field, self._plain(getattr(value, field))] for field in fields]]}
        raise UnknownValue(kind.__name__)

    def _array(self, value: np.ndarray[Any, Any]) -> object:
        if value.dtype.kind not in PLAIN_KINDS:
            raise UnknownValue(f"array of {value.dtype}")
        whole = np.ascontiguousarray(value)
        return {"array": [value.dtype.str, list(value.shape), self._outside(_bytes_of(whole))]}

    def _outside(self, part: memoryview) -> int:
        self.parts.append(part)
        return part.nbytes


def _bytes_of(array: np.ndarray[Any, Any]) -> memoryview:
    return memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]  # an array is a buffer


class Decoder:
    """Turns text back into a value.

    Parameters
    ----------
    take : callable
        Fills a memory view with the next bytes outside the text.
    most_bytes : int
        Of one array.
    """

    def __init__(self, take: Take, most_bytes: int) -> None:
        self._take, self._most_bytes = take, most_bytes

    def decode(self, text: bytes) -> object:
        """Decode a value.

        Raises
        ------
        ValueError, LookupError, TypeError, RecursionError
            When it is none.
        """
        return self._value(json.loads(text))

    def _value(self, plain: Any) -> object:
        if isinstance(plain, list):
            return [self._value(each) for each in plain]
        if not isinstance(plain, dict):
            return plain
        ((kind, content),) = plain.items()
        if kind == "dict":
            return {self._value(key): self._value(each) for key, each in content}
        if kind in ITEMS:
            return ITEMS[kind](self._value(each) for each in content)
        if kind in DATES:
            return DATES[kind].fromisoformat(content)  # type: ignore[attr-defined]
        return self._rich(kind, content)

    def _rich(self, kind: str, content: Any) -> object:
        if kind == "bytes":
            return self._array("|u1", [content], content).tobytes()
        if kind == "array":
            return self._array(*content)
        if kind == "scalar":
            return self._array(*content["array"])[()]
        if kind == "path":
            return Path(content)
        if kind == "enum":
            name, value = content
            return _class_named(name)(self._value(value))
        if kind == "object":
            name, fields = content
            return _class_named(name)(**{field: self._value(value) for field, value in fields})
        raise ValueError(kind)

    def _array(self, dtype: str, shape: list[int], n_bytes: int) -> np.ndarray[Any, Any]:
        """Make an array whose type, shape and length agree, and fill it."""
        kind = np.dtype(dtype)
        is_plain = kind.kind in PLAIN_KINDS and len(shape) <= MOST_DIMENSIONS and all(size >= 0 for size in shape)
        if not is_plain or not math.prod(shape) * kind.itemsize == n_bytes <= self._most_bytes:
            raise ValueError(dtype)
        array = np.empty(shape, kind)
        if n_bytes:
            self._take(_bytes_of(array))
        return array


def _class_named(name: str) -> Any:
    """Find a dataclass or an enumeration of the toolkit; nothing else is called."""
    module, _, qualified = name.partition(":")
    if not module.startswith(TRUSTED_ROOT):
        raise ValueError(module)
    found: Any = importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    is_ours = isinstance(found, type) and found.__module__ == module
    if not is_ours or not (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
        raise ValueError(qualified)
    return found
