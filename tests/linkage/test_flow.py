"""The flow of patients: exact at every arrow, in every domain, for any cohort."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from linkage import Linked, Rules, check_study_tables, link
from linkage.flow import broken_arrows, flow_tree

DAY_0 = pd.Timestamp("2000-01-01")
CUTOFF = pd.Timestamp("2003-01-01").date()  # day 1096
CUTOFF_DAY = 1096
N_PEOPLE = 120
RESPONSES = ("CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD", "")
VALUES = (None, 5, 50, 100, 125, 300)
SCORES = (None, 0, 4, 7, 10)

# a cohort is drawn from its seed as a whole, so there is nothing to shrink
few = settings(max_examples=4, deadline=None, phases=(Phase.generate,))
seeds = st.integers(0, 2**32 - 1)


def draw_subject(rng: np.random.Generator) -> dict:
    """Draw one subject: the last day known, and records up to that day."""
    last = int(rng.integers(1, 1400))

    def days(first: int, end: int) -> list[int]:
        drawn = {int(day) for day in rng.integers(first, end, rng.integers(0, 4))}
        return sorted(day for day in drawn if day <= last)

    def records(first: int, end: int, words: tuple) -> list[tuple]:
        return [(day, words[rng.integers(len(words))]) for day in days(first, end)]

    return {
        "last": last,
        "is_dead": bool(rng.integers(2)),
        "is_treated": bool(rng.integers(10)),
        "treatments": days(1, 400),
        "image": records(-20, 300, RESPONSES),
        "report": records(1, 300, RESPONSES),
        "labs": records(-100, 300, VALUES),
        "symptoms": records(-100, 300, SCORES),
    }


def draw_people(seed: int) -> list[dict]:
    rng = np.random.default_rng(seed)
    return [draw_subject(rng) for _ in range(N_PEOPLE)]


def on(day: int) -> pd.Timestamp:
    return DAY_0 + pd.Timedelta(days=day)


def frames_of(people: list[dict]) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict]] = {
        name: [] for name in ("subjects", "treatments", "responses", "report_responses", "labs", "symptoms")
    }
    for number, person in enumerate(people):
        name = f"S{number:03d}"
        end = on(person["last"])
        rows["subjects"].append(
            {"subject": name, "death_date": end if person["is_dead"] else pd.NaT, "last_contact_date": end}
        )
        treated = [0, *person["treatments"]] if person["is_treated"] else []
        rows["treatments"] += [{"subject": name, "date": on(day)} for day in treated]
        for table, source in (("responses", "image"), ("report_responses", "report")):
            rows[table] += [
                {"subject": name, "date": on(day), "timepoint": f"day {day}", "overall_response": response}
                for day, response in person[source]
            ]
        rows["labs"] += [
            {"subject": name, "date": on(day), "marker": "CgA", "value": value, "upper_normal": 100}
            for day, value in person["labs"]
        ]
        rows["symptoms"] += [{"subject": name, "date": on(day), "score": score} for day, score in person["symptoms"]]
    return {name: pd.DataFrame(given) for name, given in rows.items() if given}


def link_frames(frames: dict[str, pd.DataFrame], rules: Rules | None = None) -> Linked:
    tables, problems = check_study_tables(frames)
    return link(tables, rules, cutoff_date=CUTOFF, problems=problems)


def shuffled(frames: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    return {name: frame.sample(frac=1, random_state=seed + n) for n, (name, frame) in enumerate(frames.items())}


@few
@given(seed=seeds)
def test_every_subject_is_accounted_for_whatever_the_order_of_the_rows(seed) -> None:
    frames = frames_of(draw_people(seed))
    linked = link_frames(frames)
    assert broken_arrows(linked.flow) == []
    boxes = linked.flow[linked.flow["kind"] == "box"]
    assert boxes.iloc[0]["n"] == N_PEOPLE
    assert (boxes[boxes["step"] == 0]["n"].iloc[1:] == len(linked.cohort)).all()
    again = link_frames(shuffled(frames, seed % 1000))
    for name in ("cohort", "spans", "flow", "conflicts"):
        pd.testing.assert_frame_equal(getattr(linked, name), getattr(again, name))


def first_imaging_follow_up(person: dict) -> tuple[str, str]:
    """Say response and source in plain Python, subject by subject: an independent second implementation."""
    category = {"NON-CR/NON-PD": "SD"}
    images = [(day, category.get(word, word), "image") for day, word in person["image"] if day > 0 and word]
    reports = [
        (day, category.get(word, word), "report")
        for day, word in person["report"]
        if word and all(abs(day - other) > 7 for other, _, _ in images)
    ]
    death = person["last"] if person["is_dead"] and person["last"] <= CUTOFF_DAY else 10**6
    second = person["treatments"][0] if person["treatments"] else 10**6
    window = [row for row in sorted(images + reports) if 42 <= row[0] <= 183 and row[0] < death and row[0] <= second]
    evaluable = [row for row in window if row[1] != "NE"]
    for day, word, source in evaluable or window:
        assert day > 0
        return word, source
    has_source = [name for name in ("image", "report") if person[name]]
    retreated = any(42 <= day <= 183 and day >= second for day, _, _ in images + reports)
    if has_source and death <= 183 and not retreated:
        return "NE", has_source[0]
    return "", (has_source or ["none"])[0]


@few
@given(seed=seeds)
def test_image_beats_report_beats_none_at_every_time_point(seed) -> None:
    people = [{**person, "is_treated": True} for person in draw_people(seed)]
    frames = frames_of(people)
    cohort = link_frames(frames).cohort
    found = list(zip(cohort["imaging_response"], cohort["imaging_source"], strict=True))
    assert found == [first_imaging_follow_up(person) for person in people]
    images_only = link_frames(frames, replace(Rules(), imaging_sources=("image",))).cohort
    found = list(zip(images_only["imaging_response"], images_only["imaging_source"], strict=True))
    assert found == [first_imaging_follow_up({**person, "report": []}) for person in people]


@few
@given(seed=seeds)
def test_follow_up_times_are_consistent(seed) -> None:
    linked = link_frames(frames_of([{**person, "is_treated": True} for person in draw_people(seed)]))
    cohort, spans = linked.cohort.set_index("subject"), linked.spans
    assert (cohort["os_days"] >= 0).all()
    assert (cohort["pfs_days"].isna() == (cohort["imaging_source"] == "none")).all()
    events = cohort[cohort["pfs_event"] == 1]
    assert (events["pfs_days"] <= events["os_days"]).all()
    length = cohort["os_days"].astype(float)
    by_subject = spans.groupby("subject")
    assert (by_subject["stop_days"].max() == length).all()
    assert ((spans["stop_days"] - spans["start_days"]).groupby(spans["subject"]).sum() == length).all()
    assert (spans["stop_days"] > spans["start_days"]).all()
    assert (by_subject["event"].sum() == cohort["os_event"]).all()


def test_a_leak_in_the_flow_is_named() -> None:
    rows = [
        ("imaging", 0, "box", "treated", 10),
        ("imaging", 0, "excluded", "no CT", 3),
        ("imaging", 1, "box", "CT", 6),
    ]
    flow = pd.DataFrame(rows, columns=["domain", "step", "kind", "label", "n"])
    assert broken_arrows(flow) == ["imaging, step 0"]


def test_a_split_that_does_not_add_up_is_named() -> None:
    rows = [("imaging", 0, "box", "treated", 10), ("imaging", 0, "split", "CR", 3), ("imaging", 0, "split", "PR", 6)]
    assert broken_arrows(pd.DataFrame(rows, columns=["domain", "step", "kind", "label", "n"])) == ["imaging, step 0"]


def test_the_printed_flow_shows_every_box_and_who_left(linked) -> None:
    reads = [{"subject": "A", "timepoint": "f1", "day": 90, "overall_response": "PR"}]
    result = linked(responses=reads, symptoms=[{"subject": "B", "day": 90, "score": 3}])
    tree = flow_tree(result.flow)
    assert "       2  treated:  died 0 · alive at last contact or cutoff 2" in tree
    assert "          ├─ 1 no CT in images or reports" in tree
    assert "       1  evaluable first follow-up:  CR 0 · PR 1 · SD 0 · PD 0" in tree


@pytest.mark.parametrize("size", [0, 1])
def test_an_empty_study_has_an_empty_flow(size) -> None:
    subjects = pd.DataFrame({"subject": ["A"][:size], "last_contact_date": ["2001-01-01"][:size]})
    linked = link_frames({"subjects": subjects, "treatments": pd.DataFrame({"subject": [], "date": []})})
    assert linked.cohort.empty
    assert linked.flow["n"].sum() == 2 * size  # one subject, who is not treated
