"""How the rows of a dataset are completed and put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.cdisc.evaluators import evaluator_of
from recist.cdisc.variables import VariableType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.cdisc.results import Results
    from recist.cdisc.variables import Definition

Row = dict[str, object]


def laid_out(rows: Sequence[Row], definition: Definition, study: str) -> pd.DataFrame:
    """Complete the rows of a dataset: study, domain, sequence numbers, empty cells, order."""
    frame = pd.DataFrame(list(rows), columns=definition.names)
    frame["STUDYID"] = study
    for variable in definition.variables:
        if variable.kind is VariableType.TEXT:
            frame[variable.name] = frame[variable.name].astype(object).where(frame[variable.name].notna(), "")
        elif variable.kind is VariableType.DATE:
            frame[variable.name] = pd.to_datetime(frame[variable.name])
        else:
            frame[variable.name] = frame[variable.name].astype("float64")
    sequence = f"{definition.name}SEQ"
    if sequence in definition.names:
        frame["DOMAIN"] = definition.name
        frame[sequence] = frame.groupby("USUBJID", sort=False).cumcount() + 1.0
        frame = frame.sort_values(["USUBJID", sequence], kind="stable", ignore_index=True)
    return frame


def is_yes(value: Any) -> bool:
    """Say whether a flag is given and true."""
    return value is True or (not pd.isna(value) and bool(value))


def place_of(results: Results, prefix: str, subject: str, reader: str, timepoint: str) -> Row:
    """Give who read what, and when, as the variables of a domain."""
    role, name = evaluator_of(reader)
    return {
        "USUBJID": subject,
        f"{prefix}EVAL": role,
        f"{prefix}EVALID": name,
        "VISIT": timepoint,
        "VISITNUM": results.visit_numbers.get(timepoint),
    }


def link_group(results: Results, reader: str, timepoint: str) -> str:
    """Name the records that one response rests on."""
    return f"{reader} {results.visit_numbers.get(timepoint, timepoint)}"


def analysis_place(results: Results, subject: str, reader: str, timepoint: str) -> Row:
    """Give who read what, and when, as the variables of an analysis dataset."""
    role, name = evaluator_of(reader)
    return {
        "USUBJID": subject,
        "EVAL": role,
        "EVALID": name,
        "AVISIT": timepoint,
        "AVISITN": results.visit_numbers.get(timepoint),
    }
