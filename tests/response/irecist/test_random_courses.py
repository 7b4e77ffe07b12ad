"""What holds of every course, tried on random ones: iRECIST beside RECIST 1.1, and never before it."""

import numpy as np
import pandas as pd
import pytest

from recist.response import score

N_SUBJECTS = 300
SUFFIX = "_recist_1_1"


def random_rows(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for subject in range(N_SUBJECTS):
        n_visits = int(random.integers(2, 8))
        days = np.cumsum(random.choice([14, 27, 56, 70], n_visits))
        n_targets, n_others, n_new = random.integers(0, 3), random.integers(0, 3), random.integers(0, 3)
        for visit in range(n_visits):
            lesions = [("target", f"T{number}") for number in range(n_targets)]
            lesions += [("non_target", f"NT{number}") for number in range(n_others)]
            lesions += [("new", f"N{number}") for number in range(n_new) if visit and random.random() < 0.7]
            for role, lesion in lesions or [("target", "T0")]:
                rows.append(
                    {
                        "subject": f"S{subject}",
                        "timepoint": f"visit {visit}" if visit else "baseline",
                        "date": pd.Timestamp("2020-01-01") + pd.Timedelta(days=int(days[visit])),
                        "lesion": lesion,
                        "role": role,
                        "site": "liver" if role == "target" else "bone",
                        "nodal": False,
                        "new_symptoms": bool(random.random() < 0.1),
                        **random_state(random, role, visit),
                    }
                )
    return pd.DataFrame(rows)


def random_state(random: np.random.Generator, role: str, visit: int) -> dict[str, object]:
    size = float(random.choice([10, 12, 14, 17, 20, 26]))
    words = {
        "target": ["absent", "not_evaluable"],
        "non_target": ["present", "absent", "unequivocal_pd", "increased", "not_evaluable"],
        "new": ["absent", "unequivocal", "equivocal", "increased", "not_evaluable"],
    }[role]
    if role == "non_target":
        return {"state": str(random.choice(words)) if visit else "present", "diameter_mm": np.nan}
    if visit and random.random() < 0.25:
        return {"state": str(random.choice(words)), "diameter_mm": np.nan}
    return {"state": "measured", "diameter_mm": size}


@pytest.fixture(scope="module", params=[1, 2])
def both(request: pytest.FixtureRequest) -> tuple[object, object, pd.DataFrame]:
    rows = random_rows(request.param)
    return score(rows, criteria="irecist"), score(rows), rows


def test_recist_1_1_beside_irecist_is_what_it_is_alone(both) -> None:
    immune, alone, _ = both
    for name in ("overall_response", "reasons", "after_progression", "overall_response_as_read"):
        pd.testing.assert_series_equal(immune.responses[f"{name}{SUFFIX}"], alone.responses[name], check_names=False)
    for name in ("best_response", "progression_date", "pfs_days", "pfs_event", "duration_of_response_days"):
        pd.testing.assert_series_equal(
            immune.best_responses[f"{name}{SUFFIX}"], alone.best_responses[name], check_names=False
        )
    assert immune.responses["sum_mm"].equals(alone.responses["sum_mm"])


def test_the_first_iupd_is_the_first_progression_of_recist_1_1(both) -> None:
    table = both[0].responses
    first = table[table["overall_response"] == "iUPD"].groupby("subject")["date"].min()
    first_pd = table[table[f"overall_response{SUFFIX}"] == "PD"].groupby("subject")["date"].min()
    assert len(first) > N_SUBJECTS / 3
    pd.testing.assert_series_equal(first, first_pd, check_names=False)


def test_an_icpd_follows_an_iupd_and_names_its_date(both) -> None:
    table = both[0].responses
    confirmed = table[table["overall_response"] == "iCPD"]
    assert len(confirmed) > 50
    assert (confirmed["iupd_date"] < confirmed["date"]).all()
    made = table[table["overall_response"] == "iUPD"][["subject", "date"]].drop_duplicates()
    named = confirmed[["subject", "iupd_date"]].merge(
        made, left_on=["subject", "iupd_date"], right_on=["subject", "date"]
    )
    assert len(named) == len(confirmed)


def test_progression_by_irecist_never_comes_before_that_of_recist_1_1(both) -> None:
    best = both[0].best_responses
    progressed = best[best["progression_date"].notna()]
    assert (progressed["progression_date"] >= progressed[f"progression_date{SUFFIX}"]).all()


def test_every_response_has_a_reason_or_is_not_evaluable(both) -> None:
    table = both[0].responses
    assert set(table[table["reasons"] == ""]["overall_response"]) <= {
        "NE",
        "iSD",
        "iPR",
        "iCR",
        "NON-iCR/NON-iUPD",
        "NED",
    }
    assert (table[table["overall_response"].isin(["iUPD", "iCPD"])]["reasons"] != "").all()


def test_every_iupd_and_icpd_says_which_rule_made_it(both) -> None:
    table = both[0].responses
    for word, codes in (
        ("iUPD", "iupd_target|iupd_non_target|iupd_new_lesion|iupd_after_icr|iupd_unchanged|early_scan_not_used"),
        ("iCPD", "icpd_"),
    ):
        reasons = table[table["overall_response"] == word]["reasons"]
        assert reasons.str.contains(codes).all()


def test_the_order_of_rows_does_not_matter(both) -> None:
    immune, _, rows = both
    again = score(rows.sample(frac=1, random_state=7, ignore_index=True), criteria="irecist")
    pd.testing.assert_frame_equal(again.responses, immune.responses)
    pd.testing.assert_frame_equal(again.best_responses, immune.best_responses)


def test_each_subject_stands_alone(both) -> None:
    immune, _, rows = both
    for subject in ("S3", "S77", "S200"):
        alone = score(rows[rows["subject"] == subject], criteria="irecist").responses
        of_all = immune.responses[immune.responses["subject"] == subject].reset_index(drop=True)
        assert alone["overall_response"].tolist() == of_all["overall_response"].tolist()
        assert alone["reasons"].tolist() == of_all["reasons"].tolist()
