"""The codes by which other programs say what was measured, as tables; a code outside them is never guessed at.

Sources: DICOM PS3.16, TID 1500 and 1501 and the context groups named below; SNOMED CT codes (SCT) and the older SNOMED
RT codes (SRT) that PS3.16 replaced by them in 2018; the lexicon of ePAD (99EPAD); RadLex.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A coded word: its value, the scheme it belongs to, and its meaning for people."""

    value: str
    scheme: str
    meaning: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Value and scheme, which alone tell codes apart."""
        return self.value, self.scheme


class AxisKind(StrEnum):
    """Which line of a lesion a number is the length of."""

    LONG = "long"
    SHORT = "short"
    LENGTH = "length"  # one line was drawn; whether it is the long axis, the program does not say


# PS3.16 CID 7470 "Linear measurements"; the SRT codes are those of editions before 2018.
AXES: dict[tuple[str, str], AxisKind] = {
    ("103339001", "SCT"): AxisKind.LONG,
    ("G-A185", "SRT"): AxisKind.LONG,
    ("103340004", "SCT"): AxisKind.SHORT,
    ("G-A186", "SRT"): AxisKind.SHORT,
    ("410668003", "SCT"): AxisKind.LENGTH,
    ("G-D7FE", "SRT"): AxisKind.LENGTH,
    ("81827009", "SCT"): AxisKind.LENGTH,
    ("M-02550", "SRT"): AxisKind.LENGTH,
}

# PS3.16 TID 1419: the volume of a region.
VOLUMES = {("118565006", "SCT"), ("G-D705", "SRT"), ("RID28668", "RadLex")}

# UCUM.
MM_PER_UNIT: dict[str, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "um": 0.001}
MM3_PER_UNIT: dict[str, float] = {"mm3": 1.0, "cm3": 1000.0, "ml": 1000.0, "mL": 1000.0}

# PS3.16 CID 6145 "RECIST baseline categories"; ePAD's lexicon. "Non-lesion" is none of ours and is left out.
NOT_A_LESION = "not a lesion"
ROLES: dict[tuple[str, str], str] = {
    ("112074", "DCM"): "target",
    ("112075", "DCM"): "non_target",
    ("112076", "DCM"): NOT_A_LESION,
    ("S71", "99EPAD"): "target",
    ("S72", "99EPAD"): "non_target",
    ("S73", "99EPAD"): "new",
    ("S75", "99EPAD"): NOT_A_LESION,
}

# PS3.16 CID 6146 "Time point types".
BASELINES = {("C1442488", "UMLS"), ("S81", "99EPAD")}

# ePAD: resolved; RadLex: absent.
ABSENT = {("S74", "99EPAD"), ("RID28473", "RadLex")}
FOLLOW_UP_NUMBER = ("S90", "99EPAD")

GROUP = ("125007", "DCM")
REPORT_TITLES = {("126000", "DCM"), ("126001", "DCM")}
TRACKING_IDENTIFIER = ("112039", "DCM")
TRACKING_UID = ("112040", "DCM")
FINDING = ("121071", "DCM")
COMMENT = ("121106", "DCM")
FINDING_SITES = {("363698007", "SCT"), ("G-C0E3", "SRT")}
LATERALITIES = {("272741003", "SCT"), ("G-C171", "SRT")}
BASELINE_CATEGORY = ("112016", "DCM")
TIME_POINT = ("C2348792", "UMLS")
TIME_POINT_TYPE = ("126072", "DCM")
PROTOCOL_TIME_POINT = ("126071", "DCM")
SUBJECT_TIME_POINT = ("126070", "DCM")
OBSERVER = ("121008", "DCM")
ACQUISITION_DATE = ("126201", "DCM")
IMAGE_STUDY_DATE = ("111060", "DCM")

# Free text in the clothes of a code, as web viewers write labels.
FREE_TEXT_VALUES = {"CORNERSTONEFREETEXT", "CORNERSTONE_FREE_TEXT"}
# Points that cornerstone keeps besides the line that was measured.
NOT_THE_LINE = {("ControlPoints", "99CS3D"), ("TextPosition", "99CS3D")}

# Words of our own for what PS3.16 has no code for, written and read back by this program.
OWN_SCHEME = "99RECIST"
OWN_SCHEME_NAME = "RECIST toolkit: role and state of lesions"
OWN_ROLE = Code(value="lesion_role", scheme=OWN_SCHEME, meaning="Lesion role")
OWN_STATE = Code(value="lesion_state", scheme=OWN_SCHEME, meaning="Lesion state")
