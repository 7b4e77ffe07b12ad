"""Why a comparison is refused, and the calls to write instead: what would look into the future says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.errors import UsageError
from survival.questions.knowledge import Knowledge

if TYPE_CHECKING:
    from survival.questions.condition import Condition
    from survival.questions.quantity import Quantity

SECOND_TREATMENT = "cohort.n_treatments >= 2"
USUAL_MONTHS = {Knowledge.OWN_DAY: 4, Knowledge.CHANGES: 6, Knowledge.AFTERWARDS: 6}


def refuse_later(time: str, by: Condition) -> UsageError:
    """Say why survival is not compared from the index date by what was known only later, and what to write."""
    lines = [
        (
            f"{time} is not compared by {by.code}: it is known only after the index date. Whoever is counted on one "
            "side of it had to live long enough to get there, and that side is credited with the time before "
            "(immortal time), so a difference would show even where there is none."
        ),
        "Write instead:",
        *(f"    {call}    # {what}" for call, what in _remedies(time, by)),
    ]
    return UsageError("\n".join(lines))


def _remedies(time: str, by: Condition) -> list[tuple[str, str]]:
    code, calls = by.code, []
    if by.history is not None:
        months = USUAL_MONTHS[by.knowledge]
        calls.append(
            (f"compare_survival({time}, {code}, landmark_months={months})", "those alive then, by what was known then")
        )
    if by.knowledge is Knowledge.OWN_DAY:
        calls.append(
            (
                f'compare_survival({time}, {code}, entry="own_followup")',
                "each from the day it was known (delayed entry)",
            )
        )
    elif by.history is not None:
        calls.append(
            (f"compare_survival({time}, {_switch(code)})", "from the day on which it changes (start-stop rows)")
        )
    else:
        calls.append(
            (
                f'compare_survival({time}, first_response(cohort, "imaging").responded, landmark_months=4)',
                "a response with the day it was known",
            )
        )
    calls.append(
        (f"compare_survival({time}, {code}, as_published=True)", "biased, and labelled so, beside the defensible form")
    )
    return calls


def _switch(code: str) -> str:
    return "switches_on(cohort.second_treatment_date)" if code == SECOND_TREATMENT else f"switches_on({code})"


def refuse_stated(time: str, name: str, own: Quantity) -> UsageError:
    """Say why a Series that is a column of the cohort, known only later, is not compared by a mere statement."""
    return UsageError(
        f"{time} is not compared by a Series of {name}: it is a column of the cohort that is {own.knowledge}, and "
        "stating otherwise does not make it so. The groups would contain the time people had to live to get there "
        f"(immortal time).\nAsk the cohort itself; it tells which comparisons are fair:\n"
        f"    compare_survival({time}, {_question(own)})"
    )


def _question(own: Quantity) -> str:
    """Write a question to a column that has at least two values."""
    given = own.told[own.told.notna() & own.told.ne("")]
    if own.is_number:
        return f"{own.code} >= {given.median() if len(given) else 1:g}"
    return f"{own.code} == {(str(given.iloc[0]) if len(given) else '...')!r}"


def refuse_unstated(time: str, name: str, own: Quantity | None) -> UsageError:
    """Say why survival is not compared by a Series of which nobody said when it was known."""
    calls = [
        f"    compare_survival({time}, cohort.age_years >= 60)    # columns of the cohort know their day, and so do"
    ]
    if own is not None:
        calls = [f"    compare_survival({time}, {_question(own)})    # columns of the cohort know their day, and so do"]
    calls.append(
        f"    compare_survival({time}, imaging.disease_control, landmark_months=4)    # responses of first_response"
    )
    if own is None:
        calls.append(
            f'    compare_survival({time}, {name}, known="at_index")    # a value from outside the cohort, which '
            "you state was known on the index date"
        )
    return UsageError(
        f"{time} is not compared by {name}: nothing says from which day it was known, and by anything known only later "
        "the groups would contain the time people had to live to get there (immortal time).\nWrite instead:\n"
        + "\n".join(calls)
    )


def refuse_circular(time: str, code: str) -> UsageError:
    """Say why progression-free survival is not split by the response that contains its event."""
    return UsageError(
        f"{time} is not compared by {code} in this form: progression on imaging is itself the event, so the "
        "progressed side is its own outcome.\nWrite instead:\n"
        f"    compare_survival({time}, imaging.responded, landmark_months=4)    # CR and PR against SD among those not "
        "progressed by then\n"
        f"    compare_survival(overall_survival(cohort), {code}, landmark_months=4)    # another outcome"
    )


def refuse_later_term(code: str, remedies: tuple[str, ...], *, role: str = "a covariate") -> UsageError:
    """Say why a Cox model does not take a covariate or stratum that was known only later."""
    return UsageError(
        f"{code} is known only after the index date: as {role} from the start it would credit people with the "
        "time they had to live to get there (immortal time).\nWrite instead:\n"
        + "\n".join(f"    {each}" for each in remedies)
    )
