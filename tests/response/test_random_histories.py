"""Random histories against a small, slow, one-patient reading of the rules in exact fractions.

The reading below follows the published rules one after the other and shares nothing with the program.
"""

import datetime
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from recist.response import score

START = datetime.date(2020, 1, 1)
FIVE, TEN = Fraction(5), Fraction(10)


def value_of(entry: tuple[str, str]) -> Fraction | None:
    """Size of a target entry (state, size): None when not evaluated."""
    state, size = entry
    if state == "absent":
        return Fraction(0)
    if state == "too_small":
        return FIVE
    return Fraction(size) if state == "measured" else None


def read_targets(visit: dict, names: list[str], nodal: set[str], baseline: Fraction | None, nadir: Fraction | None):
    """Target response of one visit, its sum, whether it is complete, and whether disease is seen."""
    sizes = {name: value_of(visit[name]) for name in names if name in visit}
    known = {name: size for name, size in sizes.items() if size is not None}
    seen = any(size >= TEN if name in nodal else size > 0 for name, size in known.items())
    if not names:
        return "NONE", None, False, False
    complete = len(known) == len(names)
    if not known:
        return "NE", None, False, False
    total = sum(known.values(), Fraction(0))
    if baseline is None or nadir is None:
        return "NE", total, complete, seen
    if complete and not seen:
        return "CR", total, complete, seen
    if total - nadir >= FIVE and total >= nadir * Fraction(6, 5):
        return "PD", total, complete, seen
    if not complete:
        return "NE", total, complete, seen
    return ("PR" if total <= baseline * Fraction(7, 10) else "SD"), total, complete, seen


def read_non_targets(visit: dict, names: list[str]) -> str:
    states = [visit[name][0] if name in visit else "not_done" for name in names]
    if not names:
        return "NONE"
    if "unequivocal_pd" in states:
        return "PD"
    if "not_done" in states or "not_evaluable" in states:
        return "NE"
    return "CR" if all(state == "absent" for state in states) else "NON-CR/NON-PD"


def read_overall(target: str, non_target: str, new: bool) -> str:
    if target == "PD" or non_target == "PD" or new:
        return "PD"
    if target == "NONE":
        return "NED" if non_target == "NONE" else non_target
    if target == "NE":
        return "NE"
    if target == "CR":
        return "CR" if non_target in {"CR", "NONE"} else "PR"
    return target


def read_visits(history: list[dict]) -> list[tuple[str, str]]:
    """Target and overall response of every visit after the first, as known on the day."""
    baseline_visit = history[0]
    targets = [name for name in baseline_visit if name.startswith("T")]
    non_targets = [name for name in baseline_visit if name.startswith("NT")]
    nodal = {name for name in targets if name.endswith("n")}
    values = [value_of(baseline_visit[name]) for name in targets]
    baseline = None if not targets or None in values else sum(values, Fraction(0))
    nadir, had_cr, found = baseline, False, []
    for visit in history[1:]:
        target, total, complete, seen = read_targets(visit, targets, nodal, baseline, nadir)
        non_target = read_non_targets(visit, non_targets)
        new = any(name.startswith("N") and name[1].isdigit() and visit[name][0] == "unequivocal" for name in visit)
        overall = read_overall(target, non_target, new)
        seen = seen or any(visit[name][0] in {"present", "unequivocal_pd"} for name in non_targets if name in visit)
        this_cr = overall == "CR"
        if had_cr and seen:
            overall = "PD"
        had_cr = had_cr or this_cr
        if complete and baseline is not None:
            nadir = min(nadir, total)
        found.append((target, overall))
    return found


def back_date(history: list[dict], responses: list[str]) -> list[str]:
    """Make an equivocal new lesion PD where the same lesion is unequivocal later without having been absent."""
    final = list(responses)
    for number, visit in enumerate(history[1:]):
        for name, (state, _) in visit.items():
            if name[0] == "N" and name[1].isdigit() and state == "equivocal":
                later = [other[name][0] for other in history[number + 2 :] if name in other]
                later = [word for word in later if word in {"unequivocal", "absent"}]
                if later and later[0] == "unequivocal":
                    final[number] = "PD"
    return final


def confirms(seq: list[tuple[str, int]], first: int, wanted: set[str]) -> bool:
    n_ne, had_cr = 0, False
    for word, day in seq[first + 1 :]:
        if word == "PR" and (had_cr or "PR" not in wanted):
            return False
        if word in wanted and day - seq[first][1] >= 28:
            return True
        if word not in {"CR", "PR", "NE"}:
            return False
        had_cr = had_cr or word == "CR"
        n_ne += word == "NE"
        if n_ne > 1:
            return False
    return False


def read_best(seq: list[tuple[str, int]]) -> tuple[str, str]:
    """Best response without and with confirmation; (response, day) up to the first PD."""
    words = [word for word, _ in seq]
    if "PD" in words:
        seq = seq[: words.index("PD") + 1]
        words = [word for word, _ in seq]

    def rest() -> str:
        if any(word in {"CR", "PR", "SD"} and day >= 42 for word, day in seq):
            return "SD"
        for word in ("NON-CR/NON-PD", "NED"):
            if any(other == word and day >= 42 for other, day in seq):
                return word
        return "PD" if "PD" in words else "NE" if words else "MISSING"

    unconfirmed = "CR" if "CR" in words else "PR" if "PR" in words else rest()
    if any(word == "CR" and confirms(seq, number, {"CR"}) for number, (word, _) in enumerate(seq)):
        return unconfirmed, "CR"
    if any(word == "PR" and confirms(seq, number, {"PR", "CR"}) for number, (word, _) in enumerate(seq)):
        return unconfirmed, "PR"
    return unconfirmed, rest()


def make_history(rng: np.random.Generator) -> tuple[list[dict], list[int]]:
    """One random subject, with sizes drawn so that thresholds are often met exactly."""
    targets = [f"T{number}{'n' if rng.random() < 0.3 else ''}" for number in range(rng.integers(0, 5))]
    non_targets = [f"NT{number}" for number in range(rng.integers(0, 3))]
    days = [0, *np.cumsum(rng.integers(10, 60, rng.integers(0, 7))).tolist()]
    trend = rng.choice([0.6, 0.8, 1.0, 1.1, 1.3])
    history = []
    for number in range(len(days)):
        visit: dict[str, tuple[str, str]] = {}
        cleared = number and rng.random() < 0.15
        for name in targets:
            size = 10 * rng.integers(1, 6) * (trend**number) * rng.choice([0.7, 1.0, 1.0, 1.2])
            text = f"{size:.{rng.integers(0, 3)}f}"
            states = ["measured", "absent", "too_small", "not_evaluable", "missing"]
            state = (
                "measured"
                if not number and rng.random() < 0.97
                else rng.choice(states, p=[0.85, 0.06, 0.03, 0.04, 0.02])
            )
            if cleared:
                state, text = ("measured", "6") if name.endswith("n") else ("absent", "")
            if state == "missing" and not number:
                state = "not_evaluable"
            if state != "missing":
                visit[name] = (str(state), text if state == "measured" else "")
        for name in non_targets:
            words = ["present", "absent", "unequivocal_pd", "not_evaluable", "missing"]
            word = "present" if not number else str(rng.choice(words, p=[0.5, 0.35, 0.04, 0.06, 0.05]))
            word = "absent" if cleared and rng.random() < 0.8 else word
            if word != "missing":
                visit[name] = (word, "")
        for name in ("N1", "N2"):
            if number and rng.random() < 0.08:
                visit[name] = (str(rng.choice(["equivocal", "unequivocal", "absent"])), "")
        history.append(visit)
    return history, days


def to_rows(subject: str, history: list[dict], days: list[int]) -> list[dict]:
    return [
        {
            "subject": subject,
            "timepoint": f"v{number}",
            "date": (START + datetime.timedelta(days=days[number])).isoformat(),
            "lesion": name,
            "role": "target" if name[0] == "T" else "non_target" if name[1] == "T" else "new",
            "nodal": str(name.endswith("n")).lower(),
            "state": state,
            "diameter_mm": size,
        }
        for number, visit in enumerate(history)
        for name, (state, size) in visit.items()
    ]


def visits_with_rows(history: list[dict], days: list[int]) -> tuple[list[dict], list[int]]:
    """A visit of which nothing was recorded does not exist in the table."""
    kept = [number for number, visit in enumerate(history) if visit]
    return [history[number] for number in kept], [days[number] for number in kept]


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_random_histories_agree_with_the_slow_reading(seed: int) -> None:
    rng = np.random.default_rng(seed)
    expected, expected_best, rows = {}, {}, []
    for number in range(700):
        history, days = visits_with_rows(*make_history(rng))
        if not history or days[0] != 0:
            continue
        subject = f"P{number:04d}"
        rows += to_rows(subject, history, days)
        read = read_visits(history)
        final = back_date(history, [overall for _, overall in read])
        for (target, overall), last, day in zip(read, final, days[1:], strict=True):
            expected[subject, day] = (target, overall, last)
        expected_best[subject] = read_best(list(zip(final, days[1:], strict=True)))
    table = pd.DataFrame(rows).sample(frac=1, random_state=seed)
    scored = score(table)
    found = {
        (row.subject, (row.date.date() - START).days): (
            row.target_response,
            row.overall_response_as_read,
            row.overall_response,
        )
        for row in scored.responses.itertuples()
    }
    assert found == expected
    assert len(found) > 1500
    assert len({answer[2] for answer in found.values()}) == 6  # without NED: its baseline has no rows
    best = scored.best_responses
    answers = zip(best["best_response"], best["confirmed_best_response"], strict=True)
    assert dict(zip(best["subject"], answers, strict=True)) == expected_best
