"""One visit beside the iUPD that waits: what is worse, what holds, what was not evaluated (Seymour 2017, Table 2)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .branches import note
from .irecist_memory import ImmuneCourse, Run, non_target_words, values_of
from .limits import whole_or

if TYPE_CHECKING:
    import datetime

    from .irecist_new import NewNow
    from .overall import Visit

LEAST_INCREASE_MM = Fraction(5)
BETTER = ("CR", "PR", "SD", "PD")


def gone_size(name: str, course: ImmuneCourse) -> Fraction | None:
    """Give the size of a new lesion without a row: none, unless it was gone before."""
    return Fraction(0) if course.there.get(name) is False else None


def increase_since(run: Run, visit: Visit, *, partial: bool) -> Fraction | None:
    """Give by how much the targets grew at least, each since its first value in the run."""
    now = values_of(visit)
    compared = [name for name in run.sizes if name in now]
    if not compared or not (visit.target.sum.complete or partial):
        return None
    lower_bound = visit.target.sum.size or Fraction(0)
    beside = sum((size for name, size in now.items() if name not in run.sizes), Fraction(0))
    return lower_bound - beside - sum(run.sizes.values(), Fraction(0))


def change_since(run: Run, visit: Visit) -> Fraction | None:
    """Give the change of the targets since the iUPD; None unless all that can be compared has a value."""
    now = values_of(visit)
    if not run.sizes or not set(run.sizes) <= set(now):
        return None
    return sum((now[name] - size for name, size in run.sizes.items()), Fraction(0))


def is_enough(increase: Fraction, options: dict[str, object]) -> bool:
    """Tell whether an increase since the iUPD confirms it."""
    if options["icpd_increase"] == "more_than":
        return increase > LEAST_INCREASE_MM
    return increase >= LEAST_INCREASE_MM


def is_worse(  # noqa: PLR0917
    run: Run, visit: Visit, news: dict[str, NewNow], course: ImmuneCourse, now: set[str], further: set[str]
) -> set[str]:
    """List what is worse than at the iUPD (Seymour 2017, Table 2)."""
    options, worse = course.options, set()
    if now - run.made_by:
        note("irecist: another kind of lesions progresses")
        worse.add("category")
    change = increase_since(run, visit, partial=bool(options["partial_pd"]))
    if "target" in run.made_by and change is not None and is_enough(change, options):
        note("irecist: targets grow by 5 mm since the iUPD")
        worse.add("target")
    if "non_target" in run.made_by:
        words = non_target_words(visit)
        more = [name for name in words if words[name] == "unequivocal_pd" != run.words.get(name, "unequivocal_pd")]
        if more or "increased" in words.values():
            note("irecist: non-targets increase")
            worse.add("non_target")
    if "new" in run.made_by and new_is_worse(run, news, course, further):
        worse.add("new")
    return worse


def new_is_worse(run: Run, news: dict[str, NewNow], course: ImmuneCourse, further: set[str]) -> bool:
    """Tell whether new lesions are larger or more than at the iUPD."""
    if further:
        note("irecist: a further new lesion")
        return True
    before = {name: size for name, size in run.new_sizes.items() if name in run.known & course.targets}
    sizes = [news[name].size if name in news else gone_size(name, course) for name in before]
    if None in sizes and not course.options["partial_pd"]:
        before = {}
    total = sum((size for size in sizes if size is not None), Fraction(0))
    if before and is_enough(total - sum(before.values(), Fraction(0)), course.options):
        note("irecist: new targets grow by 5 mm")
        return True
    for name in run.known & set(news):
        if not news[name].there:
            continue
        then, size = run.new_sizes.get(name), news[name].size
        larger = then is not None and size is not None and size > then
        if (news[name].progressed and not run.new_progressed.get(name, True)) or (
            name not in course.targets and (news[name].larger or larger)
        ):
            note("irecist: a new non-target grows")
            return True
    return False


def while_waiting(
    run: Run,
    visit: Visit,
    news: dict[str, NewNow],
    further: set[str],
    course: ImmuneCourse,
    *,
    now: set[str],
    day: datetime.date,
    word: str,
) -> str:
    """Give the response of a visit while an iUPD waits."""
    options = course.options
    worse = is_worse(run, visit, news, course, now, further)
    if worse and may_confirm(run, visit, day, options, further):
        note("irecist: iCPD")
        run.confirmed = True
    run.fresh |= further
    holds = what_holds(run, visit, news, course, now)
    if run.confirmed and (worse or holds):
        return "iCPD"
    if worse or holds:
        note("irecist: iUPD again")
        run.last_seen = day
        run.not_evaluated_since = False
        return "iUPD"
    if not was_evaluated(run, visit, news, course) or word in {"NE", "ND"}:
        note("irecist: what made the iUPD was not evaluated")
        run.not_evaluated_since = True
        return "NE"
    return word


def may_confirm(run: Run, visit: Visit, day: datetime.date, options: dict[str, object], further: set[str]) -> bool:
    """Tell whether a scan comes in time to confirm an iUPD."""
    least = whole_or(options, "early_scan_days", 28) - whole_or(options, "early_scan_tolerance_days", 2)
    if (day - run.date).days < least:
        symptoms = any(row.symptoms for row in visit.point.findings)
        note("irecist: early scan for symptoms") if symptoms else note("irecist: early scan")
        return symptoms and bool(further)
    late = (day - run.last_seen).days > whole_or(options, "late_scan_days", 56) or run.not_evaluated_since
    if late and options["late_scan"] == "waits":
        note("irecist: late scan confirms nothing")
        return False
    return True


def what_holds(run: Run, visit: Visit, news: dict[str, NewNow], course: ImmuneCourse, now: set[str]) -> bool:
    """Tell whether anything that made the iUPD is still there."""
    there = [name for name in run.fresh if name in news and news[name].there]
    if "target" in now and visit.target.response == "PD":
        return True
    if "non_target" in run.made_by and visit.non_target == "NE":
        return "new" in run.made_by and (bool(there) or "new" in now)
    if "target" in now and not has_improved(run, visit, course.options):
        return True
    if "non_target" in now:
        return True
    if "new" in run.made_by and there and not has_improved(run, visit, course.options):
        note("irecist: the new lesion is still there")
        return True
    return "new" in run.made_by and "new" in now


def has_improved(run: Run, visit: Visit, options: dict[str, object]) -> bool:
    """Tell whether the targets became smaller since the iUPD (EORTC, scenarios B and F)."""
    change = change_since(run, visit)
    if change is None or change >= 0 or visit.target.response not in {"CR", "PR", "SD"}:
        return False
    if options["shrinkage_after_iupd"] == "better_response":
        before = run.visit.target.response
        return before not in BETTER or BETTER.index(visit.target.response) < BETTER.index(before)
    return True


def was_evaluated(run: Run, visit: Visit, news: dict[str, NewNow], course: ImmuneCourse) -> bool:
    """Tell whether all that made the iUPD was looked at."""
    if "target" in run.made_by and visit.target.response == "NE":
        return False
    if "non_target" in run.made_by and visit.non_target == "NE":
        return False
    unseen_fresh = any(name not in news and course.there.get(name, True) for name in run.fresh)
    if "new" in run.made_by and unseen_fresh and not has_improved(run, visit, course.options):
        return False
    grown = "new" in run.made_by and not run.fresh
    unseen = any(name not in news and course.there.get(name, True) for name in run.known) and not has_improved(
        run, visit, course.options
    )
    return not (grown and unseen)
