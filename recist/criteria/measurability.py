"""What can be measured: by which method, and which kinds of lesion (RECIST 1.1 §3.1 and §3.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from recist.criteria.recist_1_1 import PAPER


class Modality(StrEnum):
    """The method by which a lesion was assessed."""

    CT = "ct"
    MRI = "mri"
    PET = "pet"
    XRAY = "xray"
    CLINICAL = "clinical"
    ULTRASOUND = "ultrasound"


class LesionKind(StrEnum):
    """What a lesion is, where that bears on whether it can be measured."""

    BONE_SOFT_TISSUE = "bone_soft_tissue"
    BONE_BLASTIC = "bone_blastic"
    CYSTIC = "cystic"
    IRRADIATED = "irradiated"
    IRRADIATED_PROGRESSED = "irradiated_progressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How well a method measures.

    Attributes
    ----------
    modality : Modality
    least_size : str
        The limit of the criteria that a measurable lesion reaches; empty for a method that does not measure.
    is_sliced : bool
        Whether thick slices raise the least size.
    citation : str
    """

    modality: Modality
    least_size: str = ""
    is_sliced: bool = False
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """Whether a kind of lesion may be a target, and what speaks against it where it may not.

    Attributes
    ----------
    kind : LesionKind
    is_measurable : bool
        Whether a lesion of this kind can be measurable.
    objection : str
        Why it cannot, or why another would be preferred; empty when nothing speaks against it.
    citation : str
    """

    kind: LesionKind
    is_measurable: bool
    objection: str
    citation: str


METHODS = (
    Method(modality=Modality.CT, least_size="measurable_lesion", is_sliced=True, citation=f"{PAPER} §3.2.2, CT"),
    Method(modality=Modality.MRI, least_size="measurable_on_mri", is_sliced=True, citation=f"{PAPER} §3.2.2, MRI"),
    Method(modality=Modality.XRAY, least_size="measurable_on_xray", citation=f"{PAPER} §3.2.2, chest X-ray"),
    Method(
        modality=Modality.CLINICAL, least_size="measurable_by_caliper", citation=f"{PAPER} §3.2.2, clinical lesions"
    ),
    Method(modality=Modality.ULTRASOUND, citation=f"{PAPER} §3.2.2, ultrasound"),
    Method(modality=Modality.PET, citation=f"{PAPER} §4.3.5, FDG-PET"),
)
KIND_RULES = (
    KindRule(
        kind=LesionKind.BONE_SOFT_TISSUE,
        is_measurable=True,
        objection="",
        citation=f"{PAPER} §3.1.2, bone lesions",
    ),
    KindRule(
        kind=LesionKind.BONE_BLASTIC,
        is_measurable=False,
        objection="a blastic bone lesion is not measurable",
        citation=f"{PAPER} §3.1.2, bone lesions",
    ),
    KindRule(
        kind=LesionKind.CYSTIC,
        is_measurable=True,
        objection="a cystic metastasis may be a target, but solid lesions are preferred",
        citation=f"{PAPER} §3.1.2, cystic lesions",
    ),
    KindRule(
        kind=LesionKind.IRRADIATED,
        is_measurable=False,
        objection="a lesion that was irradiated or treated locally before is not measurable unless it progressed since",
        citation=f"{PAPER} §3.1.2, lesions with prior local treatment",
    ),
    KindRule(
        kind=LesionKind.IRRADIATED_PROGRESSED,
        is_measurable=True,
        objection="",
        citation=f"{PAPER} §3.1.2, lesions with prior local treatment",
    ),
)
