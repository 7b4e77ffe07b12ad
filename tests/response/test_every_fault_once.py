"""One table with many faults: each is reported once, with its place, what was expected and what to do."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score


def table(faults: list[dict[int, dict[str, str]]]) -> pd.DataFrame:
    """A sound subject of six rows for each fault, with the cells of one or more of its rows changed."""
    parts = []
    for number, changes in enumerate(faults):
        rows = [
            {
                "subject": f"S{number:02d}",
                "timepoint": ("baseline", "week 8", "week 16")[visit],
                "date": ("2020-01-01", "2020-02-26", "2020-04-22")[visit],
                "lesion": lesion,
                "role": "target",
                "site": site,
                "nodal": "false",
                "state": "measured",
                "diameter_mm": "30",
                "slice_thickness_mm": "1",
                "covers": "",
            }
            for visit in range(3)
            for lesion, site in (("T1", "liver"), ("T2", "lung"))
        ]
        for row, cells in changes.items():
            rows[row] |= cells
        parts.append(pd.DataFrame(rows))
    return pd.concat(parts, ignore_index=True)


ERRORS = [
    ({2: {"state": "present"}}, (2, "state", "state_not_for_role")),
    ({2: {"state": "", "diameter_mm": ""}}, (2, "state", "empty_state")),
    ({2: {"diameter_mm": ""}}, (2, "diameter_mm", "missing_diameter")),
    ({2: {"state": "absent"}}, (2, "state", "absent_with_size")),
    ({3: {"lesion": "T1", "site": "liver"}}, (3, "lesion", "duplicate_row")),
    ({2: {"covers": "T7"}}, (2, "covers", "unknown_lesion")),
    ({2: {"covers": "T2"}}, (3, "diameter_mm", "covered_and_measured")),
    ({0: {"role": "new"}, 2: {"role": "new"}, 4: {"role": "new"}}, (0, "role", "new_at_baseline")),
    ({2: {"role": "non_target"}}, (2, "role", "role_changes")),
    ({2: {"nodal": "true"}}, None),
    ({2: {"site": "brain"}}, (2, "site", "site_changes")),
    ({2: {"lesion": "T9"}}, (2, "lesion", "target_without_baseline")),
    ({0: {"date": "2019-11-01"}}, (0, "date", "two_baselines")),
    ({2: {"timepoint": "Baseline"}}, (2, "timepoint", "two_baselines")),
]
CELLS = [
    ({2: {"date": "2020-02-30"}}, (2, "date", "wrong_date")),
    ({2: {"date": ""}}, (2, "date", "empty_cell")),
    ({2: {"diameter_mm": "30 mm"}}, (2, "diameter_mm", "wrong_number")),
    ({2: {"diameter_mm": "-1"}}, (2, "diameter_mm", "number_too_small")),
    ({2: {"role": "tumour"}}, (2, "role", "unknown_value")),
    ({2: {"nodal": "perhaps"}}, (2, "nodal", "wrong_flag")),
]
NODAL = [(row, "nodal", "nodal_changes") for row in (0, 4)]  # the rows that deny what row 2 says
WARNINGS = [
    ({0: {"diameter_mm": "9.9"}}, (0, "diameter_mm", "target_not_measurable")),
    (
        {0: {"nodal": "true", "diameter_mm": "14"}, 2: {"nodal": ""}, 4: {"nodal": ""}},
        (0, "diameter_mm", "target_not_measurable"),
    ),
    ({2: {"state": "not_evaluable"}}, (2, "state", "size_not_used")),
    ({2: {"state": "too_small", "diameter_mm": "7.3"}}, (2, "state", "too_small_with_size")),
    (
        {2: {"state": "too_small", "diameter_mm": "8", "slice_thickness_mm": "8"}},
        (2, "diameter_mm", "too_small_scaled"),
    ),
    ({2: {"diameter_mm": "0"}}, (2, "state", "measured_with_0_mm")),
    ({2: {"diameter_mm": "501"}}, (2, "diameter_mm", "giant_size")),
    (
        {0: {"site": "lymph node"}, 2: {"site": "", "nodal": ""}, 4: {"site": "", "nodal": ""}},
        (0, "nodal", "node_not_flagged"),
    ),
    ({2: {"date": "2020-02-01"}}, (2, "date", "wide_time_point")),
    ({2: {"role": "non_target", "state": "present", "lesion": "X"}}, (2, "lesion", "non_target_without_baseline")),
]


def test_every_error_of_cells_and_of_the_whole_is_listed_once() -> None:
    faults = [*ERRORS, *CELLS]
    with pytest.raises(DataError) as caught:
        score(table([changes for changes, _ in faults]))
    found = [(one.row, one.field, one.code) for one in caught.value.problems]
    expected = []
    for number, (_, place) in enumerate(faults):
        for row, field, code in [place] if place else NODAL:
            expected.append((6 * number + row + 2, field, code))
    assert sorted(found) == sorted(expected)
    for one in caught.value.problems:
        assert (one.file, one.subject) == ("measurements", f"S{(one.row - 2) // 6:02d}")
        assert one.expected
        assert one.message


def test_every_warning_is_listed_once_and_the_others_are_scored() -> None:
    problems = score(table([changes for changes, _ in WARNINGS])).problems
    assert set(problems["severity"]) == {"warning"}
    about_rows = problems[problems["row"].notna()]
    found = list(about_rows[["row", "field", "code"]].itertuples(index=False, name=None))
    expected = [(6 * number + row + 2, field, code) for number, (_, (row, field, code)) in enumerate(WARNINGS)]
    assert sorted(found) == sorted(expected)
    assert all(about_rows["expected"])
    assert all(about_rows["found"])
    assert all(about_rows["message"])


def test_a_hundred_thousand_faulty_rows_are_listed_in_seconds() -> None:
    rows = pd.concat([table([{}])] * 16_700, ignore_index=True)
    rows = rows.assign(subject=(rows.index // 6).astype(str), state="present")
    with pytest.raises(DataError) as caught:
        score(rows)
    assert len(caught.value.problems) == len(rows) == 100_200
