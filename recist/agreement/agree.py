"""Agreement of readers on the same subjects: one call, four tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from recist.agreement.bland_altman import compute_limits
from recist.agreement.discordance import list_discordances, list_subjects
from recist.agreement.icc import compute_consistency, compute_icc
from recist.agreement.kappa import Weights, compute_kappa
from recist.agreement.pairs import pair_readers
from recist.agreement.repeatability import compute_repeatability
from recist.errors import DataError
from recist.problems import Problem

if TYPE_CHECKING:
    from recist.agreement.pairs import ReaderPair
    from recist.response import Scored

# From best to worst, for weighted kappa; what is no step of this ladder (NE, ND, NED) counts in unweighted kappa only.
# NON-CR/NON-PD stands beside SD: it is what SD is called where there is nothing to measure.
RANK = {
    "CR": 0,
    "PR": 1,
    "SD": 2,
    "NON-CR/NON-PD": 2,
    "PD": 3,
    "iCR": 0,
    "iPR": 1,
    "iSD": 2,
    "NON-iCR/NON-iUPD": 2,
    "iUPD": 3,
    "iCPD": 4,
}


class _Compared(NamedTuple):
    """A word or a size that two readers gave, and where it stands."""

    name: str
    rows: str
    column: str


WORDS = (
    _Compared("overall response", "visits", "overall_response"),
    _Compared("target response", "visits", "target_response"),
    _Compared("non-target response", "visits", "non_target_response"),
    _Compared("new lesion", "visits", "new_lesion"),
    _Compared("best response", "subjects", "best_response"),
    _Compared("confirmed best response", "subjects", "confirmed_best_response"),
)
SIZES = (
    _Compared("diameter, mm", "lesions", "size_mm"),
    _Compared("baseline sum, mm", "subjects", "baseline_sum_mm"),
    _Compared("sum at follow-up, mm", "visits", "sum_mm"),
    _Compared("change from baseline, %", "visits", "change_from_baseline_pct"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """How far readers agree.

    Attributes
    ----------
    categories : pandas.DataFrame
        Kappa of every two readers: reader_a, reader_b, what, weights, n, n_subjects, agreement, kappa,
        standard_error, lower, upper, interval, note (why a number is missing).
    sizes : pandas.DataFrame
        ICC and limits of agreement of every two readers, in the unit that ``what`` names.
    discordances : pandas.DataFrame
        Every time point whose overall response differs, with the parts that differ.
    subjects : pandas.DataFrame
        Every subject of two readers: what differs, and whether it must be adjudicated.
    differences : pandas.DataFrame
        The pairs behind ``sizes``: reader_a, reader_b, what, subject, value_a, value_b.
    uncompared_visits : int
        Time points that only one of two readers read, or that come after the other called progression.
    """

    categories: pd.DataFrame
    sizes: pd.DataFrame
    discordances: pd.DataFrame
    subjects: pd.DataFrame
    differences: pd.DataFrame
    uncompared_visits: int

    @property
    def n_subjects(self) -> int:
        """Subjects that at least two readers read."""
        return int(self.subjects["subject"].nunique())

    @property
    def n_adjudicated(self) -> int:
        """Subjects on whom at least two readers differ so that they must be adjudicated."""
        needs = self.subjects["needs_adjudication"].astype(bool)
        return int(self.subjects.loc[needs, "subject"].nunique())


def agree(scored: Scored) -> Agreement:
    """Compare the readers of scored measurements.

    Parameters
    ----------
    scored : Scored
        Of at least two readers that share subjects.

    Raises
    ------
    DataError
        When no two readers read the same subject.
    """
    pairs = [pair for pair in pair_readers(scored) if len(pair.subjects)]
    if not pairs:
        readers = scored.best_responses["reader"].nunique()
        message = "no two readers read the same subject; give the reads of at least two, each with its name in reader"
        raise DataError(
            [Problem(field="reader", code="no_shared_subject", found=f"{readers} readers", message=message)]
        )
    differences = pd.concat([_differences(pair, one) for pair in pairs for one in SIZES], ignore_index=True)
    return Agreement(
        categories=pd.DataFrame([row for pair in pairs for one in WORDS for row in _kappas(pair, one)]),
        sizes=pd.DataFrame(
            [_size_row(tuple(map(str, keys)), rows) for keys, rows in differences.groupby(_KEYS, sort=False)]
        ),
        discordances=pd.concat([list_discordances(pair) for pair in pairs], ignore_index=True),
        subjects=pd.concat([list_subjects(pair) for pair in pairs], ignore_index=True),
        differences=differences,
        uncompared_visits=sum(pair.uncompared_visits for pair in pairs),
    )


_KEYS = ["reader_a", "reader_b", "what"]


def _both(pair: ReaderPair, compared: _Compared) -> pd.DataFrame:
    rows: pd.DataFrame = getattr(pair, compared.rows)
    columns = {"subject": rows["subject"], "a": rows[f"{compared.column}_a"], "b": rows[f"{compared.column}_b"]}
    return pd.DataFrame(columns).dropna()


def _kappas(pair: ReaderPair, compared: _Compared) -> list[dict[str, object]]:
    """Compute kappa over all words, and weighted over those that have a rank."""
    both = _both(pair, compared)
    a, b, subject = (both[name].astype(object).to_numpy() for name in ("a", "b", "subject"))
    words = sorted({*a, *b})
    whole = compute_kappa(a, b, words, subject=subject)
    found = [_kappa_row(pair, compared, Weights.NONE, asdict(whole))]
    is_ranked = both["a"].isin(RANK) & both["b"].isin(RANK)
    if compared.column in {"new_lesion", "non_target_response"}:
        return found
    ranks = both[is_ranked].assign(a=lambda rows: rows["a"].map(RANK), b=lambda rows: rows["b"].map(RANK))
    a, b, subject = (ranks[name].to_numpy(dtype=object) for name in ("a", "b", "subject"))
    ladder = range(max(RANK[word] for word in ("PD", *words) if word in RANK) + 1)
    for weights in (Weights.LINEAR, Weights.QUADRATIC):
        kappa = compute_kappa(a, b, list(ladder), weights=weights, subject=subject)
        found.append(_kappa_row(pair, compared, weights, asdict(kappa)))
    return found


def _kappa_row(pair: ReaderPair, compared: _Compared, weights: Weights, kappa: dict[str, object]) -> dict[str, object]:
    head = {"reader_a": pair.reader_a, "reader_b": pair.reader_b, "what": compared.name, "weights": str(weights)}
    return head | kappa | {"interval": str(kappa["interval"]), "note": str(kappa["note"])}


def _differences(pair: ReaderPair, compared: _Compared) -> pd.DataFrame:
    both = _both(pair, compared).astype({"a": float, "b": float})
    if compared.rows == "visits" and compared.column == "sum_mm":
        is_complete = pair.visits["sum_complete_a"] & pair.visits["sum_complete_b"]
        is_complete = is_complete.fillna(value=False).astype(bool)  # without targets there is no sum to be complete
        both = both[is_complete.loc[both.index]]
    head = {"reader_a": pair.reader_a, "reader_b": pair.reader_b, "what": compared.name}
    return pd.DataFrame({**head, "subject": both["subject"], "value_a": both["a"], "value_b": both["b"]})


def _size_row(keys: tuple[str, ...], rows: pd.DataFrame) -> dict[str, object]:
    a, b = rows["value_a"].to_numpy(), rows["value_b"].to_numpy()
    subject = rows["subject"].to_numpy(dtype=object)
    icc, same = (compute(np.column_stack((a, b)), subject) for compute in (compute_icc, compute_consistency))
    repeated = compute_repeatability(a, b, subject)
    return dict(zip(_KEYS, keys, strict=True)) | {
        "n": icc.n,
        "n_subjects": icc.n_subjects,
        "icc": icc.icc,
        "icc_lower": icc.lower,
        "icc_upper": icc.upper,
        "consistency": same.icc,
        "consistency_lower": same.lower,
        "consistency_upper": same.upper,
        "repeatability": repeated.coefficient,
        "repeatability_lower": repeated.lower,
        "repeatability_upper": repeated.upper,
        **{name: value for name, value in asdict(compute_limits(a, b, subject)).items() if not name.startswith("n")},
    }
