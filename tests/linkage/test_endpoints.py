"""Overall and progression-free survival: every way a follow-up can end, by hand from the calendar."""

import pytest

from linkage.choices import ClinicalProgression, MissedScans, NewTherapy

CUTOFF_DAY = 3653  # 2010-01-01, counted from 2000-01-01: ten years with the leap days of 2000, 2004 and 2008


def image(day, response):
    return {"timepoint": f"day {day}", "day": day, "overall_response": response}


def report(day, response):
    return {"day": day, "overall_response": response, "source": "report"}


BASELINE = {"timepoint": "baseline", "day": -5, "overall_response": ""}

OS_CASES = {
    "dead": ({"death_day": 700}, (700, 1, "death")),
    "alive": ({"last_contact_day": 800}, (800, 0, "alive at last contact")),
    "dead, contact given too": ({"death_day": 700, "last_contact_day": 700}, (700, 1, "death")),
    "contact after the cutoff": ({"last_contact_day": CUTOFF_DAY + 1}, (CUTOFF_DAY, 0, "alive at the cutoff")),
    "contact on the cutoff": ({"last_contact_day": CUTOFF_DAY}, (CUTOFF_DAY, 0, "alive at last contact")),
    "death after the cutoff": ({"death_day": CUTOFF_DAY + 1}, (CUTOFF_DAY, 0, "alive at the cutoff")),
    "death on the cutoff": ({"death_day": CUTOFF_DAY}, (CUTOFF_DAY, 1, "death")),
    "dead on the day of treatment": ({"death_day": 0}, (0, 1, "death")),
}


def test_overall_survival_ends_with_death_or_last_contact_at_most_at_the_cutoff(cases) -> None:
    found = cases({name: {"subjects": [subject]} for name, (subject, _) in OS_CASES.items()})
    ends = dict(zip(found.index, found[["os_days", "os_event", "os_reason"]].itertuples(index=False), strict=True))
    assert {name: tuple(end) for name, end in ends.items()} == {name: end for name, (_, end) in OS_CASES.items()}


LAST_ADEQUATE = "no progression at the last adequate assessment"
PFS_CASES = {
    "progression on images": (
        {"responses": [image(90, "SD"), image(200, "PD"), image(300, "PD")]},
        (200, 1, "progression on images"),
    ),
    "progression by report": (
        {"report_responses": [report(90, "SD"), report(250, "PD")]},
        (250, 1, "progression by report"),
    ),
    "progression by report between images": (
        {"responses": [image(90, "SD"), image(400, "SD")], "report_responses": [report(250, "PD")]},
        (250, 1, "progression by report"),
    ),
    "a report against the image read of the same time point": (
        {"responses": [image(90, "SD"), image(252, "SD")], "report_responses": [report(250, "PD")]},
        (252, 0, LAST_ADEQUATE),
    ),
    "progression before the window counts": (
        {"responses": [image(30, "PD")]},
        (30, 1, "progression on images"),
    ),
    "death without progression": (
        {"subjects": [{"death_day": 600}], "responses": [image(90, "SD")]},
        (600, 1, "death without progression"),
    ),
    "death after progression": (
        {"subjects": [{"death_day": 600}], "responses": [image(90, "PD")]},
        (90, 1, "progression on images"),
    ),
    "no progression, alive": (
        {"responses": [image(90, "SD"), image(180, "PR"), image(270, "NE")]},
        (180, 0, LAST_ADEQUATE),
    ),
    "nothing evaluable after treatment, alive": (
        {"responses": [BASELINE, image(90, "NE")]},
        (1, 0, "no adequate assessment after treatment: day 1"),
    ),
    "baseline scan only, alive": (
        {"responses": [BASELINE]},
        (1, 0, "no adequate assessment after treatment: day 1"),
    ),
    "baseline scan only, dead": (
        {"subjects": [{"death_day": 50}], "responses": [BASELINE]},
        (50, 1, "death without progression"),
    ),
    "progression after the cutoff": (
        {
            "subjects": [{"last_contact_day": 4000}],
            "responses": [image(90, "SD"), image(CUTOFF_DAY + 1, "PD")],
        },
        (90, 0, LAST_ADEQUATE),
    ),
    "two missed scans before the death": (  # 90 + 2 × (91 + 14) = 300: a death on day 301 is beyond
        {"subjects": [{"death_day": 301}], "responses": [image(90, "SD")]},
        (301, 1, "death without progression"),
    ),
    "new therapy before the progression": (
        {
            "subjects": [{"last_contact_day": 2000, "new_therapy_day": 150}],
            "responses": [image(90, "SD"), image(200, "PD")],
        },
        (200, 1, "progression on images"),
    ),
}


def ends_of(found):
    ends = found[["pfs_days", "pfs_event", "pfs_reason"]].itertuples(index=False, name=None)
    return dict(zip(found.index, ends, strict=True))


def test_progression_free_survival_ends_with_the_first_progression_or_death(cases) -> None:
    found = ends_of(cases({name: tables for name, (tables, _) in PFS_CASES.items()}))
    assert found == {name: end for name, (_, end) in PFS_CASES.items()}


MISSED = "missed scans before the event: last adequate assessment"
MISSED_CASES = {
    "death within two intervals": (300, [image(90, "SD")], (300, 1, "death without progression")),
    "death beyond two intervals": (301, [image(90, "SD")], (90, 0, MISSED)),
    "death beyond, never assessed": (211, [BASELINE], (1, 0, MISSED)),
    "death within, never assessed": (210, [BASELINE], (210, 1, "death without progression")),
    "progression beyond": (900, [image(90, "SD"), image(301, "PD")], (90, 0, MISSED)),
    "an unevaluable scan is a missed one": (301, [image(90, "SD"), image(200, "NE")], (90, 0, MISSED)),
}


def test_an_event_after_two_missed_scans_is_censored_by_the_fda_rule(cases) -> None:
    given = {name: {"subjects": [{"death_day": d}], "responses": r} for name, (d, r, _) in MISSED_CASES.items()}
    found = ends_of(cases(given, {"missed_scans": MissedScans.CENSOR}))
    assert found == {name: end for name, (_, _, end) in MISSED_CASES.items()}


THERAPY = "new anticancer therapy: last adequate assessment before it"
THERAPY_CASES = {
    "therapy before progression": (150, [image(90, "SD"), image(200, "PD")], (90, 0, THERAPY)),
    "therapy on the day of progression": (200, [image(90, "SD"), image(200, "PD")], (200, 1, "progression on images")),
    "therapy on the day of a scan": (90, [image(90, "SD"), image(200, "PD")], (90, 0, THERAPY)),
    "therapy before any scan": (60, [image(90, "SD"), image(200, "PD")], (1, 0, THERAPY)),
    "therapy after the last scan": (500, [image(90, "SD")], (90, 0, LAST_ADEQUATE)),
}


def test_a_new_therapy_censors_by_the_fda_rule(cases) -> None:
    given = {
        name: {"subjects": [{"last_contact_day": 2000, "new_therapy_day": day}], "responses": reads}
        for name, (day, reads, _) in THERAPY_CASES.items()
    }
    found = ends_of(cases(given, {"new_therapy": NewTherapy.CENSOR}))
    assert found == {name: end for name, (_, _, end) in THERAPY_CASES.items()}


def test_of_two_forced_censorings_the_earlier_holds(cases) -> None:
    subject = {"death_day": 900, "new_therapy_day": 150}
    reads = [image(90, "SD"), image(180, "SD"), image(600, "PD")]
    both = {"missed_scans": MissedScans.CENSOR, "new_therapy": NewTherapy.CENSOR}
    found = ends_of(cases({"A": {"subjects": [subject], "responses": reads}}, both))
    assert found == {"A": (90, 0, THERAPY)}  # the gap after day 180 would censor at 180


CLINICAL_EVENT = "clinical progression without imaging"
CLINICAL_CENSORED = "clinical progression: last adequate assessment before it"
CLINICAL_CASES = {
    "before the scan that shows progression": (
        (150, [image(90, "SD"), image(200, "PD")]),
        (200, 1, "progression on images"),
        (150, 1, CLINICAL_EVENT),
        (90, 0, CLINICAL_CENSORED),
    ),
    "on the day of that scan": (
        (200, [image(90, "SD"), image(200, "PD")]),
        *[(200, 1, "progression on images")] * 3,
    ),
    "after it": ((250, [image(90, "SD"), image(200, "PD")]), *[(200, 1, "progression on images")] * 3),
    "without progression on images": (
        (150, [image(90, "SD"), image(300, "SD")]),
        (300, 0, LAST_ADEQUATE),
        (150, 1, CLINICAL_EVENT),
        (90, 0, CLINICAL_CENSORED),
    ),
    "before any scan": (
        (60, [image(90, "SD")]),
        (90, 0, LAST_ADEQUATE),
        (60, 1, CLINICAL_EVENT),
        (1, 0, CLINICAL_CENSORED),
    ),
    "before the treatment": ((-30, [image(90, "SD")]), *[(90, 0, LAST_ADEQUATE)] * 3),
}


@pytest.mark.parametrize(("choice", "place"), [("ignore", 0), ("event", 1), ("censor", 2)])
def test_a_clinical_progression_is_ignored_or_an_event_or_censors(cases, choice: str, place: int) -> None:
    given = {
        name: {"subjects": [{"last_contact_day": 2000, "clinical_progression_day": day}], "responses": reads}
        for name, ((day, reads), *_) in CLINICAL_CASES.items()
    }
    found = ends_of(cases(given, {"clinical_progression": ClinicalProgression(choice)}))
    assert found == {name: ends[place] for name, (_, *ends) in CLINICAL_CASES.items()}


def test_a_clinical_progression_came_after_the_last_scan_without_it(cases) -> None:
    case = {
        "subjects": [{"last_contact_day": 2000, "clinical_progression_day": 150}],
        "responses": [image(90, "SD"), image(200, "PD")],
    }
    found = cases({"A": case}, {"clinical_progression": ClinicalProgression.EVENT})
    assert found[["pfs_lower_days", "pfs_upper_days"]].to_numpy().tolist() == [[90, 150]]


def test_progression_known_from_a_report_only_can_be_left_out(one) -> None:
    row = one({"report_progression": False}, report_responses=[report(90, "SD"), report(250, "PD")])
    # a report of progression is no assessment without progression either: day 90 is the last of these
    assert (row["pfs_days"], row["pfs_event"]) == (90, 0)


def test_the_date_of_progression_is_the_scored_one_where_best_responses_are_given(one, day) -> None:
    row = one(
        responses=[image(90, "SD"), image(200, "PD")],
        best_responses=[{"reader": "", "progression_date": day(195)}],
    )
    assert (row["pfs_days"], row["pfs_reason"]) == (195, "progression on images")


def test_a_subject_with_a_baseline_scan_only_is_known_from_the_best_responses(cases) -> None:
    found = cases(
        {
            "baseline only": {"best_responses": [{"reader": "reader-1"}]},
            "followed": {"best_responses": [{"reader": "reader-1"}], "responses": [image(90, "SD")]},
        }
    )
    assert found["imaging_source"].tolist() == ["image", "image"]
    assert found["imaging_response"].tolist() == ["", "SD"]
    assert found["pfs_days"].tolist() == [1, 90]
