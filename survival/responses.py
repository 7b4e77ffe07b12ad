"""The three response domains: their categories, what counts as a good response, and how many had which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = "missing"
SOURCES = ("image", "report", "lab", "chart", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category of response; `good` is None where it says nothing about response and leaves the denominator."""

    code: str
    name: str
    good: bool | None
    responder: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A response domain.

    Attributes
    ----------
    key, name : str
        ``imaging`` and "Imaging".
    good_name, bad_name : str
        The two sides of the contrast of survival.
    contrast_name : str
        What being on the good side is called, in a sentence on survival.
    responder_name : str
        What the response rate counts.
    bad_term : str
        Name of the covariate that is 1 on the bad side.
    categories : tuple of Category
    citation : str
        Where the contrast comes from.
    """

    key: str
    name: str
    good_name: str
    bad_name: str
    contrast_name: str
    responder_name: str
    bad_term: str
    categories: tuple[Category, ...]
    citation: str

    @property
    def response_column(self) -> str:
        """Name of the column with the category at first follow-up."""
        return f"{self.key}_response"

    @property
    def days_column(self) -> str:
        """Name of the column with the day it was known."""
        return f"{self.key}_days"

    @property
    def source_column(self) -> str:
        """Name of the column that says where it was taken from."""
        return f"{self.key}_source"

    @property
    def reason_column(self) -> str:
        """Name of the column that says why there is a response or none."""
        return f"{self.key}_reason"

    @property
    def evaluable(self) -> tuple[str, ...]:
        """Codes that are in the denominator."""
        return tuple(category.code for category in self.categories if category.good is not None)

    @property
    def good(self) -> tuple[str, ...]:
        """Codes on the good side of the contrast."""
        return tuple(category.code for category in self.categories if category.good)

    @property
    def responders(self) -> tuple[str, ...]:
        """Codes that the response rate counts."""
        return tuple(category.code for category in self.categories if category.responder)


_NOT_EVALUABLE = Category(code="NE", name="Not evaluable (NE)", good=None)
_CONTRAST = "Kane et al. 2018, abstract: response or stable disease against progression"


def _response_categories() -> tuple[Category, ...]:
    return (
        Category(code="CR", name="Complete response (CR)", good=True, responder=True),
        Category(code="PR", name="Partial response (PR)", good=True, responder=True),
        Category(code="SD", name="Stable disease (SD)", good=True),
        Category(code="PD", name="Progressive disease (PD)", good=False),
        _NOT_EVALUABLE,
    )


SYMPTOMATIC = Domain(
    key="symptomatic",
    name="Symptomatic",
    good_name="Improved",
    bad_name="Not improved",
    contrast_name="Symptomatic response",
    responder_name="Improved",
    bad_term="Symptoms not improved",
    categories=(
        Category(code="improved", name="Improved", good=True, responder=True),
        Category(code="unchanged", name="Unchanged", good=False),
        Category(code="worse", name="Worse", good=False),
        Category(code="asymptomatic", name="Asymptomatic at baseline", good=None),
        _NOT_EVALUABLE,
    ),
    citation="Kane et al. 2018, abstract: symptomatic response against none",
)
BIOCHEMICAL = Domain(
    key="biochemical",
    name="Biochemical",
    good_name="Control (CR, PR, SD)",
    bad_name="Progression (PD)",
    contrast_name="Biochemical control",
    responder_name="CR or PR",
    bad_term="Biochemical progression",
    categories=_response_categories(),
    citation=_CONTRAST,
)
IMAGING = Domain(
    key="imaging",
    name="Imaging",
    good_name="Disease control (CR, PR, SD)",
    bad_name="Progression (PD)",
    contrast_name="Disease control on imaging",
    responder_name="CR or PR",
    bad_term="Imaging progression",
    categories=_response_categories(),
    citation=_CONTRAST,
)
DOMAINS = (SYMPTOMATIC, BIOCHEMICAL, IMAGING)


def domain_named(key: str) -> Domain | None:
    """Find a domain by its key."""
    return next((domain for domain in DOMAINS if domain.key == key), None)


def derive_contrast(frame: pd.DataFrame, domain: Domain) -> NDArray[np.float64]:
    """Tell the good side of a domain from the bad one.

    Returns
    -------
    ndarray of shape (n_subjects,)
        1 on the bad side, 0 on the good one, NaN where the response is missing, not evaluable or not applicable:
        missing is never non-response.
    """
    codes = frame[domain.response_column]
    bad = np.where(codes.isin(domain.good), 0.0, 1.0)
    return np.where(codes.isin(domain.evaluable), bad, np.nan)


def count_categories(frame: pd.DataFrame, domain: Domain) -> pd.DataFrame:
    """Count the categories of a domain.

    Returns
    -------
    pandas.DataFrame
        Rows in the order of the domain, `missing` last; columns ``code, name, in_denominator, responder, n``.
    """
    codes = frame[domain.response_column]
    rows = [
        (
            category.code,
            category.name,
            category.good is not None,
            category.responder,
            int(codes.eq(category.code).sum()),
        )
        for category in domain.categories
    ]
    rows.append((MISSING, "Missing", False, False, int(codes.eq("").sum())))
    return pd.DataFrame(rows, columns=["code", "name", "in_denominator", "responder", "n"])
