"""Take identities out of images and tables and keep what a study needs: links, order and intervals.

One secret key turns every identity into its pseudonym, every UID into another one and every patient's calendar by a
whole number of days. The same functions do it for DICOM files and for outcome tables, so both still belong together
and every interval between a scan, a treatment and a death is what it was (DICOM PS3.15 annex E, basic profile with the
option "retain longitudinal temporal information with modified dates").
"""

from recist.deidentify.key import StudyKey, make_key, read_key

__all__ = ["StudyKey", "make_key", "read_key"]
