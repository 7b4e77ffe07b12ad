"""Time points of iRECIST: unconfirmed progression, its confirmation and its end (Seymour 2017, Table 2; EORTC)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from .branches import note
from .irecist_best import PROGRESSED
from .irecist_compare import change_since, gone_size, while_waiting
from .irecist_memory import ImmuneCourse, Run
from .irecist_new import NewNow, seen_now
from .limits import LIMITS
from .overall import Visit, by_tables, has_disease, only_one_node_is_back
from .target import has_progressed

if TYPE_CHECKING:
    import datetime

NAMES = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "NON-CR/NON-PD": "NON-iCR/NON-iUPD"}


@dataclass(frozen=True, kw_only=True)
class Immune:
    """What is expected of one visit under iRECIST."""

    word: str
    date: datetime.date
    iupd_date: datetime.date | None
    change: Fraction | None
    new_sum: Fraction | None


def still_gone(name: str, now: NewNow, course: ImmuneCourse) -> NewNow:
    """Take a known lesion that went for gone, as long as it is no more than equivocal."""
    if now.there and not now.certain and name in course.known and not course.there[name]:
        note("irecist: an equivocal return is nothing yet")
        return replace(now, there=False, size=Fraction(0))
    return now


def follow_immune(
    visits: list[Visit], days: list[datetime.date], kinds: list[dict[str, str]], course: ImmuneCourse
) -> list[Immune]:
    """Walk through the visits."""
    answers = []
    for visit, day, kind in zip(visits, days, kinds, strict=True):
        news = {name: still_gone(name, now, course) for name, now in seen_now(visit.point, kind).items()}
        fresh = {
            name
            for name, now in news.items()
            if now.certain and now.there and not (name in course.known and course.there[name])
        }
        answers.append(judge(visit, day, news, fresh, course))
        if visit.too_early:
            note("irecist: before the start, forgotten")
            course.forget()
            continue
        if answers[-1].word in {"iCR", "NED"}:
            note("irecist: after iCR no new lesion is known")
            course.known, course.there, course.sums = set(), {}, []
            continue
        course.known |= fresh
        course.there |= {name: now.there for name, now in news.items() if name in course.known}
        names = course.targets & course.known
        course.sums.append({name: news[name].size if name in news else gone_size(name, course) for name in names})
    return recode(answers, visits) if course.options["post_cr"] == "recode_pr" else answers


def recode(answers: list[Immune], visits: list[Visit]) -> list[Immune]:
    """Make an iCR an iPR where a later visit, before any iCPD, shows that disease was there."""
    recoded = list(answers)
    confirmed = [number for number, one in enumerate(answers) if one.word == "iCPD" and not visits[number].too_early]
    end = confirmed[0] + 1 if confirmed else len(answers)
    for number, one in enumerate(answers):
        if one.word != "iCR" or visits[number].too_early or visits[number].too_late:
            continue
        for later, visit in zip(answers[number + 1 : end], visits[number + 1 : end], strict=True):
            is_seen = has_disease(visit.target.sum, visit.nt_present) and not visit.too_late
            if is_seen and later.word in {"iPR", "iSD", "NON-iCR/NON-iUPD"}:
                note("irecist: iCR recoded")
                recoded[number] = replace(one, word="iPR" if visit.nodes else "NON-iCR/NON-iUPD")
    return recoded


def judge(visit: Visit, day: datetime.date, news: dict[str, NewNow], fresh: set[str], course: ImmuneCourse) -> Immune:
    """Give the response of one visit, and open, confirm or close a run."""
    options = course.options
    returned = course.was_cr and comes_back(visit, options)
    run = course.run
    further = fresh if run is None else find_further(run, news, fresh, course)
    now = progressions(visit, news, further, course, returned=returned)
    word = base_word(visit, course, news, fresh)
    waiting = run
    if run is None:
        if now:
            note("irecist: iUPD")
            standing = {name for name in course.known if course.there[name]}
            course.run = waiting = Run(visit, day, now, standing | fresh, fresh, returned, day)
            word = "iUPD"
    else:
        word = while_waiting(run, visit, news, further, course, now=now, day=day, word=word)
        if word not in {*PROGRESSED, "NE", "ND"}:
            note("irecist: the bar is set anew")
            course.run = waiting = None
    change = None if run is None else change_since(run, visit)
    if word == "iCR" or (run is not None and waiting is None):
        course.was_cr = word == "iCR"
    if waiting is not None:
        waiting.remember(visit, news)
    return Immune(
        word=word,
        date=day,
        iupd_date=waiting.date if waiting else None,
        change=change,
        new_sum=new_sum(course, news, fresh),
    )


def find_further(run: Run, news: dict[str, NewNow], fresh: set[str], course: ImmuneCourse) -> set[str]:
    """List the new lesions that came after the iUPD, or that were gone before it and are back."""
    run.known -= {name for name in fresh if name not in run.fresh}
    certain = {name for name, one in news.items() if one.certain or course.there.get(name)}
    return {name for name in certain if news[name].there and name not in run.known}


def new_sum(course: ImmuneCourse, news: dict[str, NewNow], fresh: set[str]) -> Fraction | None:
    """Add up the new targets; None where one has no value, or there are none."""
    names = course.targets & (course.known | fresh)
    sizes = [news[name].size if name in news else gone_size(name, course) for name in names]
    known = [size for size in sizes if size is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(sizes) else None


def comes_back(visit: Visit, options: dict[str, object]) -> bool:
    """Tell whether disease is seen again after an iCR."""
    if options["post_cr"] != "pd" or not has_disease(visit.target.sum, visit.nt_present):
        return False
    return not (only_one_node_is_back(visit, True) and options["returning_node"] == "equivocal")


def base_word(visit: Visit, course: ImmuneCourse, news: dict[str, NewNow], fresh: set[str]) -> str:
    """Look up the response without the new lesions; iCR needs all of them gone."""
    word = by_tables(visit.target.response, visit.non_target, "no", str(course.options["no_disease"]))
    there = course.there | {name: now.there for name, now in news.items()}
    if word == "CR" and any(there[name] for name in course.known | fresh):
        note("irecist: no iCR, a new lesion is there or was not looked at")
        word = "PR" if visit.nodes else "NON-CR/NON-PD"
    return NAMES.get(word, word)


def progressions(
    visit: Visit, news: dict[str, NewNow], fresh: set[str], course: ImmuneCourse, *, returned: bool
) -> set[str]:
    """List the kinds of lesions that progress by RECIST 1.1 at this visit."""
    kinds = set()
    if visit.target.response == "PD" or (returned and visit.target.sum.back):
        kinds.add("target")
    if visit.non_target == "PD" or (returned and visit.nt_present):
        kinds.add("non_target")
    if fresh or new_lesions_progress(news, course):
        kinds.add("new")
    return kinds


def new_lesions_progress(news: dict[str, NewNow], course: ImmuneCourse) -> bool:
    """Tell whether known new lesions grow by 20 % and 5 mm over their least sum, or unequivocally."""
    if any(now.progressed and now.there and name in course.known for name, now in news.items()):
        note("irecist: a known new lesion progresses unequivocally")
        return True
    names = course.targets & course.known
    sizes = [news[name].size if name in news else gone_size(name, course) for name in names]
    earlier = [
        sum((size for size in known.values() if size is not None), Fraction(0))
        for known in course.sums
        if set(known) == names and None not in known.values()
    ]
    if not names or not earlier or (None in sizes and not course.options["partial_pd"]):
        return False
    total = sum((size for size in sizes if size is not None), Fraction(0))
    if has_progressed(total, min(earlier), LIMITS["irecist"], course.options):
        note("irecist: known new lesions grow")
        return True
    return False
