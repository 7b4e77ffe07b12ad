"""The content of `truth.json`: the model, its targets, what the shipped tables realise, and where they come from."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from sample_dicom.cohort_model import gaps, image_reports, second_read
from sample_dicom.cohort_model import parameters as model
from sample_dicom.cohort_model.figures import realise_figures
from sample_dicom.cohort_model.readback import FIRST_FOLLOW_UP_DAYS, read_back
from sample_dicom.cohort_model.seeds import SEARCH, SHIPPED
from sample_dicom.cohort_model.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

STATEMENT = (
    "These data are synthetic. No row describes a real person. The model was calibrated to figures of a published "
    "abstract, and the seeds of this cohort were searched for (main seeds for overall survival and the three gains, "
    "then seeds of the second treatment and of the relief), so that one draw of 211 patients shows those figures. "
    "The cohort is a demonstration and no evidence about any treatment; a second treatment does nothing in it."
)
BESIDES = (
    "The second reader is there for the agreement of readers, the reports of image patients for the agreement of "
    "images and reports; the first reader and the images are used. Gaps are left only at visits on which no figure "
    "rests. A scan after the last contact is not among them: it contradicts the last contact, and linking refuses it."
)
SOURCE = "Kane et al., J Nucl Med 2018;59:1708-1713, doi 10.2967/jnumed.117.202150 (abstract)"


def summarise_truth(tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Give the truth of the shipped cohort, ready for JSON."""
    return {
        "statement": STATEMENT,
        "calibrated_to": SOURCE,
        "seeds": asdict(SHIPPED) | asdict(SEARCH),
        "days_per_month": model.DAYS_PER_MONTH,
        "first_follow_up_window_days": list(FIRST_FOLLOW_UP_DAYS),
        "true_log_hazard_ratios": {name: round(value, 6) for name, value in model.LOG_HAZARD_RATIOS.items()},
        "true_hazard_ratios": {name: round(math.exp(value), 4) for name, value in model.LOG_HAZARD_RATIOS.items()},
        "model": {
            "early_death_per_month": model.EARLY_DEATH_PER_MONTH,
            "loss_per_month": model.LOSS_PER_MONTH,
            "residual_mean_months": model.RESIDUAL_MEAN_MONTHS,
            "progression_mean_months": model.PROGRESSION_MEAN_MONTHS,
            "relief_mean_months": model.RELIEF_MEAN_MONTHS,
            "domain_correlation": model.DOMAIN_CORRELATION,
            "willing_to_be_treated_again": model.WILLING_SHARE,
        },
        "besides": {
            "second_reader": second_read.READER,
            "patients_read_twice": second_read.N_SUBJECTS,
            "log_sd_between_readers": second_read.SIZE_SD,
            "share_with_another_target": second_read.OTHER_TARGET_SHARE,
            "share_of_new_lesions_missed": second_read.MISSED_NEW_LESION_SHARE,
            "image_patients_with_reports": image_reports.N_SUBJECTS,
            "share_of_reports_that_differ": image_reports.DISAGREEING_SHARE,
            "scans_not_evaluable": gaps.N_NOT_EVALUABLE_SCANS,
            "scans_missed": gaps.N_MISSED_SCANS,
            "reports_missed": gaps.N_MISSED_REPORTS,
            "labs_at_baseline_only": gaps.N_BASELINE_LABS_ONLY,
            "samples_lost": gaps.N_LOST_SAMPLES,
            "note": BESIDES,
        },
        "targets": {
            name: {
                "abstract": target.abstract,
                "months": target.months,
                "tolerance_months": target.tolerance_months,
                "p_below": None if math.isinf(target.p_below) else target.p_below,
                "population_months": target.population_months,
            }
            for name, target in TARGETS.items()
        },
        "realised": realise_figures(read_back(tables)),
    }
