"""New lesions on FDG-PET (RECIST 1.1 §4.3.5): by the PET at baseline, and by CT."""

import pandas as pd
import pytest

from recist.errors import DataError
from recist.response import score

BASELINE, WEEK_8, WEEK_16 = ("baseline", "2020-01-01"), ("week 8", "2020-02-26"), ("week 16", "2020-04-22")


def visits(*rows: tuple[tuple[str, str], str, str, str], later: bool = True) -> pd.DataFrame:
    """A stable target at three visits, and rows of (visit, lesion, state, modality) of new lesions."""
    times = (BASELINE, WEEK_8, WEEK_16) if later else (BASELINE, WEEK_8)
    table = [(*when, "T1", "target", "measured", "30", "ct") for when in times]
    table += [(*when, lesion, "new", state, "", modality) for when, lesion, state, modality in rows]
    columns = ["timepoint", "date", "lesion", "role", "state", "diameter_mm", "modality"]
    return pd.DataFrame(table, columns=columns).assign(subject="S1", slice_thickness_mm="1", site="site")


def overall(rows: pd.DataFrame) -> list[str]:
    return score(rows).responses["overall_response"].tolist()


NEGATIVE = (BASELINE, "PET", "absent", "pet")


def test_a_new_lesion_on_pet_after_a_negative_pet_is_progression() -> None:
    assert overall(visits(NEGATIVE, (WEEK_8, "N1", "present", "pet"), later=False)) == ["PD"]
    assert overall(visits(NEGATIVE, (WEEK_8, "N1", "unequivocal", "pet"), later=False)) == ["PD"]


def test_without_a_pet_at_baseline_it_is_equivocal_however_sure_the_reader_is() -> None:
    rows = visits((WEEK_8, "N1", "unequivocal", "pet"), later=False)
    assert overall(rows) == ["SD"]
    assert score(rows).responses["new_lesion"].tolist() == ["equivocal"]


def test_without_a_pet_at_baseline_it_is_progression_when_ct_shows_it_at_the_same_visit() -> None:
    on_pet, on_ct = (WEEK_8, "N1", "present", "pet"), (WEEK_8, "N1", "unequivocal", "ct")
    assert overall(visits(on_pet, on_ct, later=False)) == ["PD"]
    assert overall(visits(on_ct, on_pet, later=False)) == ["PD"]
    assert overall(visits(on_pet, (WEEK_8, "N1", "equivocal", "ct"), later=False)) == ["SD"]
    assert overall(visits(on_pet, (WEEK_8, "N2", "equivocal", "ct"), later=False)) == ["SD"]


def test_a_later_ct_that_shows_the_lesion_dates_progression_back_to_the_pet() -> None:
    rows = visits((WEEK_8, "N1", "present", "pet"), (WEEK_16, "N1", "unequivocal", "ct"))
    result = score(rows)
    assert result.responses["overall_response"].tolist() == ["PD", "PD"]
    assert result.responses["overall_response_as_read"].tolist() == ["SD", "PD"]
    assert str(result.best_responses["progression_date"].iloc[0].date()) == "2020-02-26"


def test_a_ct_that_does_not_show_it_yet_does_not_take_the_pet_back_in_either_order_of_rows() -> None:
    on_pet, not_on_ct = (WEEK_8, "N1", "present", "pet"), (WEEK_8, "N1", "absent", "ct")
    later = (WEEK_16, "N1", "unequivocal", "ct")
    assert overall(visits(on_pet, not_on_ct, later)) == ["PD", "PD"]
    assert overall(visits(not_on_ct, on_pet, later)) == ["PD", "PD"]
    assert overall(visits(on_pet, not_on_ct)) == ["SD", "SD"]


WEEK_12 = ("week 12", "2020-03-25")


def test_a_ct_without_the_lesion_between_the_pet_and_the_ct_that_proves_it_does_not_stop_the_dating_back() -> None:
    on_pet, proof = (WEEK_8, "N1", "present", "pet"), (WEEK_16, "N1", "unequivocal", "ct")
    between = visits((WEEK_12, "N1", "absent", "ct")).query("timepoint == 'week 12'")
    rows = visits(on_pet, proof)
    assert overall(pd.concat([rows, between])) == ["PD", "NE", "PD"]  # at week 12 the target has no row
    assert overall(pd.concat([rows, between.assign(modality="pet")])) == ["SD", "NE", "PD"]  # the PET took itself back
    assert overall(pd.concat([visits(on_pet), between])) == ["SD", "NE", "SD"]


def test_another_pet_does_not_confirm_the_first() -> None:
    assert overall(visits((WEEK_8, "N1", "present", "pet"), (WEEK_16, "N1", "present", "pet"))) == ["SD", "SD"]


def test_a_reader_who_is_not_sure_stays_so_after_a_negative_pet() -> None:
    assert overall(visits(NEGATIVE, (WEEK_8, "N1", "equivocal", "pet"), later=False)) == ["SD"]


def test_the_negative_pet_of_another_reader_or_subject_does_not_count() -> None:
    seen = visits((WEEK_8, "N1", "present", "pet"), later=False)
    other = visits(NEGATIVE, later=False)
    table = pd.concat([seen, other.assign(subject="S2"), other.assign(reader="B")])
    responses = score(table).responses
    assert responses["overall_response"].tolist() == ["SD", "SD", "SD"]


def test_a_small_new_node_on_ct_does_not_make_the_pet_sure() -> None:
    rows = visits((WEEK_8, "N1", "present", "pet"), (WEEK_8, "N1", "present", "ct"), later=False)
    node = (rows["lesion"] == "N1") & (rows["modality"] == "ct")
    small = rows.assign(nodal=(rows["lesion"] == "N1").map({True: "true", False: "false"}))
    small.loc[node, "diameter_mm"] = "12"
    assert overall(small) == ["SD"]
    small.loc[node, "diameter_mm"] = "15"
    assert overall(small) == ["PD"]


def test_a_lesion_seen_twice_by_one_method_at_one_visit_is_a_duplicate() -> None:
    rows = visits((WEEK_8, "N1", "present", "pet"), (WEEK_8, "N1", "present", "pet"), later=False)
    with pytest.raises(DataError, match="already has a row"):
        score(rows)
