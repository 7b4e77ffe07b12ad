"""Which objects are pulled, and in which encodings an archive may send them."""

from __future__ import annotations

import re

from recist.dicom import sop_classes

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
STRUCTURED_REPORTS = (
    "1.2.840.10008.5.1.4.1.1.88.11",
    "1.2.840.10008.5.1.4.1.1.88.22",
    "1.2.840.10008.5.1.4.1.1.88.33",
    "1.2.840.10008.5.1.4.1.1.88.34",
)
WANTED_CLASSES = (
    sop_classes.CT,
    sop_classes.ENHANCED_CT,
    sop_classes.LEGACY_CONVERTED_CT,
    SEGMENTATION,
    sop_classes.LABEL_MAP,
    STRUCTURE_SET,
    *STRUCTURED_REPORTS,
)
WANTED_MODALITIES = frozenset(("CT", "SEG", "RTSTRUCT", "SR"))

# What is most often stored comes first: an archive that looks at one context only then looks at that.
TRANSFER_SYNTAXES = (
    "1.2.840.10008.1.2.1",  # explicit little endian
    "1.2.840.10008.1.2",  # implicit little endian
    "1.2.840.10008.1.2.4.70",  # JPEG lossless
    "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    "1.2.840.10008.1.2.5",  # RLE
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.50",  # JPEG baseline
    "1.2.840.10008.1.2.4.51",  # JPEG extended
    "1.2.840.10008.1.2.4.57",  # JPEG lossless, any predictor
    "1.2.840.10008.1.2.4.81",  # JPEG-LS near lossless
    "1.2.840.10008.1.2.4.201",  # HTJ2K lossless
    "1.2.840.10008.1.2.4.202",  # HTJ2K lossless, RPCL
    "1.2.840.10008.1.2.4.203",  # HTJ2K
    "1.2.840.10008.1.2.1.99",  # deflated
    "1.2.840.10008.1.2.2",  # explicit big endian
)

LONGEST_UID = 64
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")


def is_uid(text: object) -> bool:
    """Whether a text is a UID and so may name a file: digits and single dots, at most 64 (PS3.5 9.1).

    >>> is_uid("1.2.840"), is_uid("../1.2"), is_uid("1..2")
    (True, False, False)
    """
    return isinstance(text, str) and len(text) <= LONGEST_UID and _UID.fullmatch(text) is not None
