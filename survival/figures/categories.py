"""How response categories look: one colour each, of different lightness, so that they differ in grey as well."""

from __future__ import annotations

from dataclasses import dataclass

CLIP_PCT = 100.0
"""Growth beyond this is drawn as this and marked: a doubling says enough, and falls stay readable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category with its name and colours: `fill` for areas, `line` for lines on white."""

    code: str
    name: str
    fill: str
    line: str


CATEGORIES = (
    Category(code="CR", name="Complete response", fill="#08519C", line="#08519C"),
    Category(code="PR", name="Partial response", fill="#56B4E9", line="#2B8CC4"),
    Category(code="SD", name="Stable disease", fill="#CFD4D7", line="#7C868D"),
    Category(code="PD", name="Progressive disease", fill="#D55E00", line="#D55E00"),
    Category(code="NE", name="Not evaluable", fill="#FFFFFF", line="#6B757C"),
)
OTHER = Category(code="", name="Not assessed", fill="#F1F3F4", line="#5B6770")


def category_of(code: str) -> Category:
    """Find a category by its code; codes of immune criteria look like the plain ones."""
    plain = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "iUPD": "PD", "iCPD": "PD"}.get(code, code)
    return next((category for category in CATEGORIES if category.code == plain), OTHER)
