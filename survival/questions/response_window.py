"""The window of the first follow-up: the one the cohort was linked with, or a narrower one that it can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import UsageError

if TYPE_CHECKING:
    from survival.questions.study_cohort import StudyCohort
    from survival.responses import Domain

OUTSIDE = "assessed outside the window"


def require_window(
    cohort: StudyCohort, domain: Domain, asked: tuple[int, int] | None
) -> tuple[StudyCohort, tuple[int, int] | None]:
    """Find the cohort and the window that answer; a study file is linked again with the window.

    A folder holds one response a subject. An earlier end of the window only leaves the late ones out; any other change
    could bring another assessment to the fore, which the folder does not hold.

    Raises
    ------
    UsageError
        If only linking again can answer.
    """
    setting = f"{domain.key}_days"
    linked = _linked_window(cohort, setting)
    if asked is None or tuple(asked) == linked:
        return cohort, linked
    first, last = asked
    if not 0 <= first < last:
        raise UsageError(f"window_days={asked!r}: give the first and the last day, such as (42, 183).")
    if cohort.study_file is not None:
        from survival.questions.linking import link_study

        return link_study(cohort.study_file, {setting: [first, last]}), (first, last)
    evaluable = cohort.frame[domain.response_column].isin(domain.evaluable)
    earlier = int((evaluable & (cohort.frame[domain.days_column] < first)).sum())
    is_wider = linked is not None and (first < linked[0] or last > linked[1])
    is_closest = cohort.rules is not None and cohort.rules.get("followup") == "closest"
    if earlier or is_wider or is_closest:
        _refuse(asked, linked, setting, earlier)
    return cohort, (first, last)


def _linked_window(cohort: StudyCohort, setting: str) -> tuple[int, int] | None:
    value = None if cohort.rules is None else cohort.rules.get(setting)
    if isinstance(value, list) and len(value) == 2 and all(isinstance(day, int) for day in value):
        return value[0], value[1]
    return None


def _refuse(asked: tuple[int, int], linked: tuple[int, int] | None, setting: str, earlier: int) -> None:
    was = f"it was linked with {linked}" if linked else "it holds one assessment a patient"
    more = f"; {earlier} assessed before day {asked[0]} may have a later one, which is not in it" if earlier else ""
    raise UsageError(
        f"window_days={asked!r}: this cohort cannot tell, {was}{more}.\nWrite instead:\n"
        f'    load_cohort("study.toml")    # the study file links again with the window asked for\n'
        f"    {setting} = [{asked[0]}, {asked[1]}] under [windows] of the study file, and `recist link`"
    )
