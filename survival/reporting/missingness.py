"""What is missing: every covariate and response, in all, in those with the event and in those censored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survival.results import ResultTable, RowKind, ShownRow
from survival.words.wording import say_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survival.reporting.study import Study
    from survival.responses import Domain

DIED, ALIVE = "died", "censored"


def missingness_table(study: Study) -> ResultTable | None:
    """Count what is missing, in all and by how the primary endpoint ended; None where nothing can be missing."""
    event = study.frame[study.primary.event_column].eq(1).to_numpy()
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    covariates = (*study.covariates, *study.further_covariates)
    blocks = (
        ("Baseline", [(one.column, one.meaning.label, one.is_missing) for one in covariates]),
        ("Response at first follow-up", [entry for domain in study.domains for entry in _of_domain(study, domain)]),
    )
    for title, entries in blocks:
        if entries:
            shown.append(ShownRow(cells=(title,), kind=RowKind.HEADING))
        for key, label, missing in entries:
            parts = {"all": np.ones(study.n, dtype=bool), DIED: event, ALIVE: ~event}
            record = {f"{name}_missing": int(missing[rows].sum()) for name, rows in parts.items()}
            record |= {f"{name}_n": int(rows.sum()) for name, rows in parts.items()}
            numbers[key] = {"label": label} | record
            cells = tuple(say_count(record[f"{name}_missing"], record[f"{name}_n"]) for name in parts)
            shown.append(ShownRow(cells=(label, *cells), kind=RowKind.INDENTED))
    if not numbers:
        return None
    complete = _complete(study)
    return ResultTable(
        name="missing",
        title="Missing values",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "Missing in",
            f"all (n = {study.n})",
            f"with the event (n = {int(event.sum())})",
            f"censored (n = {int((~event).sum())})",
        ),
        shown=tuple(shown),
        notes=(
            (
                f"{complete} of {study.n} patients have every covariate of the multivariable models. Who dies "
                "early cannot be assessed: a response missing more often in one column than the other is no accident."
            ),
        ),
        folded=True,
    )


def _of_domain(study: Study, domain: Domain) -> list[tuple[str, str, NDArray[np.bool_]]]:
    codes = study.frame[domain.response_column]
    entries = [(f"{domain.key}_response", f"{domain.name} response: missing", codes.eq("").to_numpy())]
    if codes.eq("NE").any():
        entries.append((f"{domain.key}_NE", f"{domain.name} response: not evaluable", codes.eq("NE").to_numpy()))
    return entries


def _complete(study: Study) -> int:
    whole = np.ones(study.n, dtype=bool)
    for covariate in study.covariates:
        whole &= ~covariate.is_missing
    return int(whole.sum())
