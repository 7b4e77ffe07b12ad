"""The checks of the tables beside a cohort: start-stop rows and flow counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

FLOW_KINDS = ("box", "excluded", "split")
ZERO_TIME_IN_SPANS_DAYS = 0.5  # a subject who leaves on day 0 is given half a day in start-stop rows


def check_spans(
    spans: pd.DataFrame, cohort: pd.DataFrame, file: str, *, end: tuple[str, str] = ("os_days", "os_event")
) -> list[Problem]:
    """Check start-stop rows against themselves and against the cohort they belong to.

    Parameters
    ----------
    spans, cohort : pandas.DataFrame
    file : str
        Name for the messages.
    end : (str, str)
        Columns of the cohort with the day on which the last span ends, and the event there.
    """
    problems = [
        *_problems(
            spans,
            spans["subject"].eq(""),
            file,
            field="subject",
            code="missing_value",
            message="every row needs a subject",
        ),
        *_problems(
            spans,
            ~(spans["start_days"] < spans["stop_days"]) | (spans["start_days"] < 0),
            file,
            field="start_days",
            code="bad_span",
            message="a span must start at day 0 or later and end after it starts",
        ),
        *_code_problems(spans, "event", file),
        *_code_problems(spans, "second_treatment", file),
        *_problems(
            spans,
            _overlaps(spans),
            file,
            field="start_days",
            code="overlap",
            message="this span overlaps the one before it",
            expected="a start on the stop day of the span before",
        ),
        *_problems(
            spans,
            _gaps(spans),
            file,
            field="start_days",
            code="gap",
            message="there is a gap between this span and the one before it: the subject would be out of sight",
            expected="a start on the stop day of the span before",
        ),
        *_problems(
            spans,
            _falls_back(spans),
            file,
            field="second_treatment",
            code="falls_back",
            message="a second treatment, once given, cannot become not given",
            expected="1 in every later span",
        ),
        *_problems(
            spans,
            _goes_on(spans),
            file,
            field="event",
            code="after_event",
            message="the subject has a span after the event",
            expected="the event in the last span only",
        ),
    ]
    if all(name in cohort for name in ("subject", *end)):
        problems += _disagreements(spans, cohort, file, end)
    return problems


def _problems(
    frame: pd.DataFrame, wrong: pd.Series, file: str, *, field: str, code: str, message: str, expected: str = ""
) -> list[Problem]:
    return [
        Problem(
            file=file,
            row=int(row),
            subject=str(frame["subject"].loc[row]) if "subject" in frame else "",
            field=field,
            code=code,
            message=message,
            found=str(frame[field].loc[row]),
            expected=expected,
        )
        for row in frame.index[wrong]
    ]


def _code_problems(spans: pd.DataFrame, column: str, file: str) -> list[Problem]:
    wrong = ~spans[column].isin([0, 1])
    message = "coded 1 for yes and 0 for no"
    return _problems(spans, wrong, file, field=column, code="bad_event_code", message=message, expected="0 or 1")


def _overlaps(spans: pd.DataFrame) -> pd.Series:
    ordered = spans.sort_values(["subject", "start_days"], kind="stable")
    before = ordered.groupby("subject")["stop_days"].shift()
    return (ordered["start_days"] < before).reindex(spans.index)


def _gaps(spans: pd.DataFrame) -> pd.Series:
    ordered = spans.sort_values(["subject", "start_days"], kind="stable")
    before = ordered.groupby("subject")["stop_days"].shift()
    return (ordered["start_days"] > before).reindex(spans.index)


def _falls_back(spans: pd.DataFrame) -> pd.Series:
    ordered = spans.sort_values(["subject", "start_days"], kind="stable")
    before = ordered.groupby("subject")["second_treatment"].shift()
    return (ordered["second_treatment"] < before).reindex(spans.index)


def _goes_on(spans: pd.DataFrame) -> pd.Series:
    ordered = spans.sort_values(["subject", "start_days"], kind="stable")
    after = ordered.groupby("subject")["stop_days"].shift(-1)
    return (ordered["event"].eq(1) & after.notna()).reindex(spans.index)


def _disagreements(spans: pd.DataFrame, cohort: pd.DataFrame, file: str, end: tuple[str, str]) -> list[Problem]:
    days, happened = end
    people = cohort.drop_duplicates("subject").set_index("subject")
    unknown = ~spans["subject"].isin(people.index)
    message = "this subject is not in the cohort"
    problems = _problems(spans, unknown, file, field="subject", code="unknown_subject", message=message)
    known = spans[~unknown]
    totals = known.groupby("subject").agg(stop=("stop_days", "max"), events=("event", "sum"))
    expected_stop = people[days].clip(lower=ZERO_TIME_IN_SPANS_DAYS)
    for subject in people.index.difference(totals.index):
        problems.append(Problem(file=file, subject=subject, code="missing_spans", message="the subject has no spans"))
    both = totals.join(people[[days, happened]]).assign(expected=expected_stop).reset_index()
    for row in both.to_dict("records"):
        if row["stop"] != row["expected"] or row["events"] != row[happened]:
            problems.append(
                Problem(
                    file=file,
                    subject=row["subject"],
                    field="stop_days, event",
                    code="disagreement",
                    message="the last span and its event do not agree with the cohort",
                    found=f"day {row['stop']:g}, events: {row['events']:g}",
                    expected=f"day {row['expected']:g}, events: {row[happened]:g}",
                )
            )
    return problems


def check_flow(flow: pd.DataFrame, file: str) -> list[Problem]:
    """Check that every subject is accounted for at every arrow.

    The count of box k equals that of box k + 1 plus the exclusions of step k; the splits of step k sum to box k.
    """
    problems = _problems(
        flow,
        ~flow["kind"].isin(FLOW_KINDS),
        file,
        field="kind",
        code="unknown_kind",
        message="unknown kind of row",
        expected=", ".join(FLOW_KINDS),
    )
    problems += _problems(
        flow,
        ~(flow["n"] >= 0) | flow["step"].isna(),
        file,
        field="n",
        code="bad_count",
        message="every row needs a step and a count of 0 or more",
    )
    if problems:
        return problems
    for domain, rows in flow.groupby("domain", sort=False):
        problems += _accounting_problems(str(domain), rows, file)
    return problems


def _accounting_problems(domain: str, rows: pd.DataFrame, file: str) -> list[Problem]:
    boxes = rows[rows["kind"].eq("box")].sort_values("step", kind="stable")
    excluded = rows[rows["kind"].eq("excluded")].groupby("step")["n"].sum()
    splits = rows[rows["kind"].eq("split")].groupby("step")["n"].sum()
    count = boxes.set_index("step")["n"]
    if count.index.has_duplicates:
        return [Problem(file=file, field="step", code="duplicate_step", message=f"{domain}: two boxes share a step")]
    expected = {
        f"box of step {after:g} plus the exclusions before it": (count[before], count[after] + excluded.get(before, 0))
        for before, after in zip(count.index, count.index[1:], strict=False)
    }
    expected |= {f"splits of step {step:g}": (count.get(step, float("nan")), n) for step, n in splits.items()}
    return [
        Problem(
            file=file,
            field="n",
            code="accounting",
            message=f"{domain}: the {what} do not add up to the box",
            found=f"{found:g}",
            expected=f"{wanted:g}",
        )
        for what, (wanted, found) in expected.items()
        if wanted != found
    ]
