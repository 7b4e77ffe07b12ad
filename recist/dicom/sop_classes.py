"""Which DICOM objects hold CT values, and what the others are called when they are set aside.

The SOP class decides, not Modality: scanners file dose pages and screen saves under Modality CT.
"""

from __future__ import annotations

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
LEGACY_CONVERTED_CT = "1.2.840.10008.5.1.4.1.1.2.2"
MULTI_FRAME_CT = frozenset((ENHANCED_CT, LEGACY_CONVERTED_CT))
CT_IMAGES = MULTI_FRAME_CT | {CT}

DICOMDIR = "1.2.840.10008.1.3.10"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
NEWER_THAN_PYDICOM = {LABEL_MAP: "Label Map Segmentation"}
UNKNOWN_OBJECT = "an object of an unknown kind"


def name_of_sop_class(uid: str) -> str:
    """Give the standard's name of a SOP class; never the UID itself, which anyone may have filled with anything."""
    from pydicom._uid_dict import UID_dictionary

    entry = UID_dictionary.get(uid)
    if entry is None:
        return NEWER_THAN_PYDICOM.get(uid, UNKNOWN_OBJECT)
    return str(entry[0]).removesuffix(" Storage")
