"""What must hold for every history: order does not matter, the future does not reach back, growth does not help."""

import datetime

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recist.response import score

ORDER = {"CR": 0, "PR": 1, "SD": 2, "PD": 3}
START = datetime.date(2021, 3, 1)
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

sizes = st.integers(0, 9000).map(lambda hundredths: f"{hundredths / 100:.2f}")
sizes_at_baseline = st.integers(1000, 9000).map(lambda hundredths: f"{hundredths / 100:.2f}")  # disease, also in nodes
states = st.sampled_from(["measured"] * 8 + ["absent", "too_small", "not_evaluable"])
non_targets = st.sampled_from(["present", "present", "absent", "unequivocal_pd", "not_evaluable"])


@st.composite
def histories(draw: st.DrawFn, *, complete: bool = False) -> pd.DataFrame:
    """Draw the measurements of one subject."""
    n_targets, n_non_targets = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    n_visits = draw(st.integers(2, 5))
    nodal = [draw(st.booleans()) for _ in range(n_targets)]
    rows = []
    for visit in range(n_visits):
        place = {
            "subject": "S1",
            "timepoint": f"visit {visit}",
            "date": (START + datetime.timedelta(days=49 * visit)).isoformat(),
        }
        for number in range(n_targets):
            state = "measured" if complete or not visit else draw(states)
            size = draw(sizes if visit else sizes_at_baseline) if state == "measured" else ""
            lesion = {"lesion": f"T{number}", "role": "target", "nodal": str(nodal[number]).lower()}
            rows.append(place | lesion | {"state": state, "diameter_mm": size})
        for number in range(n_non_targets):
            state = draw(non_targets) if visit else "present"
            lesion = {"lesion": f"NT{number}", "role": "non_target", "nodal": "false"}
            rows.append(place | lesion | {"state": state, "diameter_mm": ""})
    return pd.DataFrame(rows)


@quick
@given(rows=histories(), data=st.data())
def test_the_order_of_rows_does_not_matter(rows: pd.DataFrame, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    first, second = score(rows), score(rows.iloc[list(order)])
    pd.testing.assert_frame_equal(first.responses, second.responses)
    pd.testing.assert_frame_equal(first.best_responses, second.best_responses)


@quick
@given(rows=histories(), data=st.data())
def test_the_names_and_so_the_order_of_lesions_do_not_matter(rows: pd.DataFrame, data: st.DataObject) -> None:
    names = sorted(rows["lesion"].unique())
    renamed = dict(zip(names, data.draw(st.permutations([f"L{number}" for number in range(len(names))])), strict=True))
    first, second = score(rows), score(rows.assign(lesion=rows["lesion"].map(renamed)))
    pd.testing.assert_frame_equal(first.responses, second.responses)


@quick
@given(rows=histories())
def test_later_visits_never_change_earlier_responses(rows: pd.DataFrame) -> None:
    last = rows["timepoint"].max()
    before = score(rows[rows["timepoint"] != last]).responses
    after = score(rows).responses
    pd.testing.assert_frame_equal(before, after[after["timepoint"] != last].reset_index(drop=True))


@quick
@given(rows=histories(complete=True), more=st.integers(1, 5000), data=st.data())
def test_enlarging_one_target_of_today_never_improves_the_response(
    rows: pd.DataFrame, more: int, data: st.DataObject
) -> None:
    last = rows["timepoint"].max()
    row = data.draw(st.sampled_from(rows.index[(rows["timepoint"] == last) & (rows["role"] == "target")].tolist()))
    larger = rows.copy()
    larger.loc[row, "diameter_mm"] = f"{float(rows.loc[row, 'diameter_mm']) + more / 100:.2f}"
    answers = [score(table).responses["target_response"].iloc[-1] for table in (rows, larger)]
    assert ORDER[answers[1]] >= ORDER[answers[0]]


@quick
@given(rows=histories())
def test_another_reader_and_another_subject_change_nothing(rows: pd.DataFrame) -> None:
    alone = score(rows)
    others = [rows, rows.assign(reader="second", diameter_mm=""), rows.assign(subject="S0")]
    others[1]["state"] = others[1]["state"].replace({"measured": "not_evaluable"})
    together = score(pd.concat(others, ignore_index=True))
    mine = together.responses.query("subject == 'S1' and reader == 'reader-1'").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone.responses)


@pytest.mark.parametrize("n_visits", [1, 2, 3])
def test_a_missing_target_never_turns_up_as_response(n_visits: int, responses) -> None:
    course = {"T1": [40, *[0] * n_visits], "T2": [20, *[None] * n_visits]}
    assert responses(course) == ["NE"] * n_visits
