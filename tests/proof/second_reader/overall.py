"""The overall response of each visit (Eisenhauer 2009, Tables 1 and 2), and what becomes of a CR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .branches import note
from .non_target import word_of

if TYPE_CHECKING:
    import datetime

    from .target import Sum, TargetVisit
    from .timepoints import Timepoint


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one follow-up visit showed."""

    point: Timepoint
    target: TargetVisit
    non_target: str
    nt_present: bool
    new_as_read: str
    new_final: str
    new_lesions: frozenset[str]  # those that are unequivocal in the end
    kinds_as_read: dict[str, str]
    kinds: dict[str, str]  # of each new lesion, in the end
    nodes: dict[str, bool]
    anatomical_nodes: frozenset[str]
    too_late: bool  # after death, cut-off or new therapy
    too_early: bool  # not after the start


def by_tables(target: str, non_target: str, new: str, no_disease: str) -> str:
    """Look up the overall response (Eisenhauer 2009, Tables 1 and 2)."""
    if new == "unequivocal" or "PD" in {target, non_target}:
        note("table: any PD")
        return "PD"
    if target == "NONE":
        if non_target == "NONE":
            note("table: no disease at baseline")
            return no_disease.upper()
        note("table 2")
        return non_target
    if target == "CR":
        if non_target in {"CR", "NONE"}:
            note("table 1: CR")
            return "CR"
        note("table 1: CR with other disease or not evaluated is PR")
        return "PR"
    note("table 1: PR, SD or NE of the targets")
    return target


def only_one_node_is_back(visit: Visit, final: bool) -> bool:
    """Tell whether the only sign of disease is one target node."""
    new = visit.new_final if final else visit.new_as_read
    back = visit.target.sum.back
    return len(back) == 1 and back <= visit.anatomical_nodes and not visit.nt_present and new == "no"


def has_disease(now: Sum, nt_present: bool) -> bool:
    """Tell whether a lesion that was there at baseline is seen."""
    return bool(now.back) or nt_present


def is_back(word: str, visit: Visit, options: dict[str, object], *, final: bool) -> bool:
    """Tell whether disease after an overall CR is progression (Eisenhauer 2009, Table 3 note)."""
    if word == "CR" or not has_disease(visit.target.sum, visit.nt_present):
        note("after CR: nothing is back")
        return False
    if options["post_cr"] != "pd":
        note("after CR: left as it is")
        return False
    if only_one_node_is_back(visit, final) and options["returning_node"] == "equivocal":
        note("after CR: one node is back, equivocal")
        return False
    note("after CR: disease is back")
    return True


def table_words(visits: list[Visit], options: dict[str, object], *, final: bool) -> list[str]:
    """Look every visit up in the tables."""
    return [
        by_tables(
            visit.target.response,
            visit.non_target,
            visit.new_final if final else visit.new_as_read,
            str(options["no_disease"]),
        )
        for visit in visits
    ]


def find_returns(visits: list[Visit], options: dict[str, object], *, final: bool) -> list[bool]:
    """Mark the visits on which disease is back after a CR, as it was read."""
    was_cr = False
    returns = []
    for visit, read, word in zip(
        visits, table_words(visits, options, final=False), table_words(visits, options, final=final), strict=True
    ):
        returns.append(was_cr and is_back(word, visit, options, final=final))
        was_cr = was_cr or (read == "CR" and not visit.too_early)
    return returns


def overall_responses(visits: list[Visit], options: dict[str, object], *, final: bool) -> list[str]:
    """Give the overall responses, as read or in the end."""
    returns = find_returns(visits, options, final=final)
    words = [
        "PD" if back else word for back, word in zip(returns, table_words(visits, options, final=final), strict=True)
    ]
    if final and options["post_cr"] == "recode_pr":
        words = recode(words, visits, options)
    return words


def recode(words: list[str], visits: list[Visit], options: dict[str, object]) -> list[str]:
    """Make a CR a PR where a later visit, before any progression, shows that disease was there."""
    recoded = list(words)
    for number, word in enumerate(words):
        unused = visits[number].too_early or visits[number].too_late
        if word == "CR" and not unused and is_contradicted(words[number + 1 :], visits[number + 1 :], options):
            note("after CR: recoded to PR")
            recoded[number] = "PR" if visits[number].nodes else "NON-CR/NON-PD"
    return recoded


def is_contradicted(words: list[str], visits: list[Visit], options: dict[str, object]) -> bool:
    """Tell whether disease is seen at a later visit, before any progression."""
    for word, visit in zip(words, visits, strict=True):
        if word == "PD":
            note("after CR: PD does not contradict it")
            return False
        lone_node = options["returning_node"] == "equivocal" and only_one_node_is_back(visit, final=True)
        if word != "CR" and has_disease(visit.target.sum, visit.nt_present) and not lone_node and not visit.too_late:
            return True
    return False


def response_date(visit: Visit, word: str, returned: bool, options: dict[str, object]) -> datetime.date:
    """Date the response of a visit whose scans lie on several days."""
    point = visit.point
    choice = options["response_date"]
    if choice == "earliest":
        note("date: earliest scan")
        return point.first
    if word != "PD":
        note("date: latest scan")
        return point.last
    note("date: of the component that progressed")
    return min(progression_dates(visit, returned, options), default=point.last)


def progression_dates(visit: Visit, returned: bool, options: dict[str, object]) -> list[datetime.date]:
    """List the dates of the components that show progression."""
    dates = []
    if visit.target.response == "PD":
        valued = [row.date for row in visit.target.rows if row.size is not None]
        dates.append(max(valued) if options["response_date"] == "fda2007" else min(valued))
    if visit.non_target == "PD":
        dates.append(min(row.date for row in visit.point.of_role("non_target") if row.state == "unequivocal_pd"))
    dates.extend(row.date for row in visit.point.of_role("new") if row.lesion in visit.new_lesions)
    if returned:
        note("date: of what came back")
        dates.extend(row.date for row in visit.target.rows if row.lesion in visit.target.sum.back)
        rows = visit.point.of_role("non_target")
        dates.extend(row.date for row in rows if word_of(row, options) == "present")
    return dates
