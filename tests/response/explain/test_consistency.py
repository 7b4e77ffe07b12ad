"""The sentences never contradict the tables, whatever the course of the disease."""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from recist.criteria import RECIST_1_1
from recist.response import score
from recist.response.explain import Tables, explain, gather_evidence
from recist.response.explain.quantities import write_mm, write_percent

STATES = ("measured", "measured", "measured", "measured", "too_small", "absent", "not_evaluable")
N_SUBJECTS = 40


def random_subject(name: str, random: np.random.Generator) -> list[dict[str, object]]:
    """Make up a course: two targets, one of them a node, a non-target and a new lesion."""
    rows = []
    for visit in range(int(random.integers(2, 6))):
        shared = {"subject": name, "timepoint": f"v{visit}" if visit else "baseline", "site": "liver"}
        shared["date"] = str(np.datetime64("2021-01-01") + 42 * visit)
        for lesion, nodal in (("T1", False), ("T2", True)):
            state = str(random.choice(STATES)) if visit else "measured"
            size = round(float(random.choice([20, 24, 9.5, 14, 10, 28.04, 12, 30])), 2) if visit else 20.0
            value = size if state == "measured" else None
            rows.append(
                {**shared, "lesion": lesion, "role": "target", "nodal": nodal, "state": state, "diameter_mm": value}
            )
        state = str(random.choice(["present", "absent", "not_done", "unequivocal_pd"], p=[0.6, 0.2, 0.15, 0.05]))
        rows.append({**shared, "lesion": "NT1", "role": "non_target", "state": state if visit else "present"})
        if visit and random.random() < 0.2:
            size = float(random.choice([9, 12, 16]))
            rows.append(
                {**shared, "lesion": "N1", "role": "new", "nodal": True, "state": "measured", "diameter_mm": size}
            )
    return rows


@pytest.fixture(scope="module")
def told():
    """Explain many made-up subjects: for each the evidence and the sections."""
    random = np.random.default_rng(20261122)
    rows = [row for number in range(N_SUBJECTS) for row in random_subject(f"S{number:03}", random)]
    frame = pd.DataFrame(rows).assign(nodal=lambda table: table["nodal"].astype("boolean"))
    scored = score(frame)
    tables = Tables(
        responses=scored.responses, best_responses=scored.best_responses, lesions=scored.lesions, subjects=None
    )
    return [(one, explain(one, tables)) for one in gather_evidence(tables, RECIST_1_1, scored.options)]


def visits(told):
    for evidence, explanation in told:
        for visit, section in zip(evidence.visits, explanation.sections[1:], strict=False):
            yield visit, "\n".join(sentence.text for sentence in section.sentences)


def test_every_sum_in_the_sentences_is_that_of_the_table(told) -> None:
    looked_at = 0
    for visit, text in visits(told):
        for said in re.findall(r"(?:Sum of the \d target lesions|Partial sum): (?:[\d.+ ]+= )?([\d.]+) mm", text):
            assert Fraction(said) == Fraction(visit.cell("sum_mm"))
            looked_at += 1
    assert looked_at > N_SUBJECTS


def test_every_nadir_and_change_in_the_sentences_is_that_of_the_table(told) -> None:
    looked_at = 0
    for visit, text in visits(told):
        for nadir, change in re.findall(r"smallest sum before: ([\d.]+) mm at .*? Found ([+−][\d.]+) mm", text):
            assert Fraction(nadir) == Fraction(visit.cell("nadir_mm"))
            assert Fraction(change.replace("−", "-")) == Fraction(visit.cell("change_from_nadir_mm"))
            looked_at += 1
    assert looked_at > N_SUBJECTS


def test_the_conditions_in_the_sentences_give_the_target_response_of_the_table(told) -> None:
    """CR before PD before PR before SD; an incomplete sum is PD or NE (Eisenhauer 2009 §4.3.1 and §4.4.2)."""
    seen = set()
    for visit, text in visits(told):
        complete = re.search(r"A complete response of the targets needs .*: (met|not met)", text)
        if complete is None:
            continue
        grown = re.search(r"Found .* against .*: (met|not met); .* against .*: (met|not met)\.", text)
        shrunk = re.search(r"A partial response needs .*: (met|not met)\.", text)
        is_pd = grown is not None and set(grown.groups()) == {"met"}
        if complete.group(1) == "met":
            expected = "CR"
        elif is_pd:
            expected = "PD"
        elif "Partial sum" in text:
            expected = "NE"
        else:
            assert shrunk is not None
            expected = "PR" if shrunk.group(1) == "met" else "SD"
        assert visit.cell("target_response") == expected
        seen.add(expected)
    assert seen == {"CR", "PR", "SD", "PD", "NE"}


def test_the_new_lesions_in_the_sentences_give_the_certainty_of_the_table(told) -> None:
    by_words = {"unequivocal (": "unequivocal", "equivocal (": "equivocal", "a normal node": "no"}
    for visit, text in visits(told):
        said = re.search(r"N1 \(liver\): short axis \d+ mm, (unequivocal \(|equivocal \(|a normal node)", text)
        if said is not None:
            assert visit.cell("new_lesion") == by_words[said.group(1)]


def test_scoring_the_lesions_again_agrees_with_the_tables(told) -> None:
    for _, explanation in told:
        assert [section.title for section in explanation.sections if section.title == "Options"] == []


def naive_confirmation(days: list[int], words: list[str], first: int) -> int | None:
    """Find the first PR or CR at least 28 days later, with only PR, CR or one NE between (Eisenhauer 2009 §4.6.1)."""
    for later in range(first + 1, len(words)):
        between = words[first + 1 : later]
        if words[later] in {"PR", "CR"} and days[later] - days[first] >= 28:
            return later if set(between) <= {"PR", "CR", "NE"} and between.count("NE") <= 1 else None
    return None


def test_the_visit_that_confirmed_a_partial_response_is_the_first_that_could(course) -> None:
    random = np.random.default_rng(7)
    n_confirmed = 0
    for _ in range(15):
        days = [0, *np.cumsum(random.choice([14, 21, 28, 42], size=6)).tolist()]
        sizes = [100, *random.choice([60, 62, 65, 75, "not_done"], p=[0.3, 0.3, 0.15, 0.1, 0.15], size=6)]
        values = [size if size == "not_done" else float(size) for size in sizes]
        scored = score(course({"T1": values}, days=days))
        words = ["", *scored.responses["overall_response"]]
        words = words[: words.index("PD")] if "PD" in words else words  # nothing after the first PD counts
        tables = Tables(responses=scored.responses, best_responses=scored.best_responses, lesions=scored.lesions)
        (evidence,) = gather_evidence(tables, RECIST_1_1, scored.options)
        said = "\n".join(one.text for section in explain(evidence, tables).sections for one in section.sentences)
        found = re.search(r"The PR of week \d+ \(([\d-]+)\) is confirmed by the PR of week \d+ \(([\d-]+)\)", said)
        pairs = [(first, naive_confirmation(days, words, first)) for first, word in enumerate(words) if word == "PR"]
        expected = next(((first, later) for first, later in pairs if later is not None), None)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            dates = [str(np.datetime64("2020-01-01") + days[place]) for place in expected]
            assert list(found.groups()) == dates
            n_confirmed += 1
    assert n_confirmed > 3


def test_a_percentage_is_never_written_on_the_wrong_side_of_a_limit() -> None:
    limit = Fraction(-3, 10)
    for change in range(-3100, -2900):
        for reference in (9999, 10000, 10001):
            text = write_percent(change, reference, [limit])
            exact = Fraction(change, reference)
            number = Fraction(text.removeprefix("exactly ").removesuffix(" %").replace("−", "-")) / 100
            assert (number <= limit) == (exact <= limit)
            assert text.startswith("exactly") == (exact == limit)


def test_lengths_are_written_exactly() -> None:
    assert [write_mm(size) for size in (0, 5, 100, 1050, 123456)] == [
        "0 mm",
        "0.05 mm",
        "1 mm",
        "10.5 mm",
        "1234.56 mm",
    ]
