"""Properties of de-identified files, over random patients: nothing left, all linked, every interval kept."""

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom._dicom_dict import DicomDictionary
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from recist.deidentify import StudyKey
from recist.deidentify.file import deidentify_file
from recist.deidentify.key import is_standard

CANARY = "QUOKKAFISCH"
KEY = StudyKey(secret=bytes(range(32)))
LENGTHS = {"LO": 64, "SH": 16, "PN": 64, "UT": 99, "LT": 99, "ST": 99, "UC": 99, "AE": 16, "CS": 16}
TEXTS = sorted(tag for tag, row in DicomDictionary.items() if row[0] in LENGTHS and 0x0008 <= tag >> 16 < 0x5000)
DAYS = sorted(tag for tag, row in DicomDictionary.items() if row[0] in {"DA", "DT"} and 0x0008 <= tag >> 16 < 0x5000)
UIDS = sorted(tag for tag, row in DicomDictionary.items() if row[0] == "UI" and 0x0008 <= tag >> 16 < 0x5000)
SEQUENCES = ("ReferencedImageSequence", "SourceImageSequence", "ContentSequence", "SharedFunctionalGroupsSequence")
NOT_TO_TOUCH = frozenset((0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00100020, 0x00080005, 0x00280004))

day = st.dates(datetime.date(1950, 1, 1), datetime.date(2024, 12, 31))
attribute = st.one_of(
    st.tuples(
        st.sampled_from(TEXTS), st.sampled_from((CANARY, f"{CANARY} chest", f"T1 {CANARY}", f"2024-01-31{CANARY}"))
    ),
    st.tuples(st.sampled_from(DAYS), day),
    st.tuples(st.sampled_from(UIDS), st.integers(1, 9).map(lambda n: f"1.2.3.4711.{n}")),
)


@st.composite
def items(draw: st.DrawFn, depth: int = 2) -> Dataset:
    made = Dataset()
    for tag, value in draw(st.lists(attribute, max_size=8)):
        vr = DicomDictionary[tag][0]
        if tag in NOT_TO_TOUCH:
            continue
        text = value.strftime("%Y%m%d") + ("1200" if vr == "DT" else "") if isinstance(value, datetime.date) else value
        made.add_new(tag, vr, text[: LENGTHS.get(vr, 64)])
    if draw(st.booleans()):
        made.private_block(0x0009, CANARY, create=True).add_new(1, "LO", CANARY)
    if depth:
        for name in draw(st.lists(st.sampled_from(SEQUENCES), max_size=2, unique=True)):
            setattr(made, name, draw(st.lists(items(depth - 1), min_size=1, max_size=2)))
    return made


@st.composite
def files(draw: st.DrawFn) -> list[Dataset]:
    made = []
    for number in range(1, 3):
        one = draw(items())
        one.file_meta = FileMetaDataset()
        one.file_meta.TransferSyntaxUID = draw(st.sampled_from((ExplicitVRLittleEndian, ImplicitVRLittleEndian)))
        one.SOPClassUID, one.SOPInstanceUID = CTImageStorage, f"1.2.3.4711.{number}"
        one.StudyInstanceUID, one.SeriesInstanceUID = "1.2.3.4711.8", "1.2.3.4711.9"
        one.PatientID, one.PatientName = f"MRN{CANARY}", f"{CANARY}^A"
        one.StudyDate = draw(day).strftime("%Y%m%d")
        for keyword in ("BurnedInAnnotation", "RecognizableVisualFeatures", "ImageType", "Rows"):
            if keyword in one:
                del one[keyword]
        made.append(one)
    return made


def clean(datasets: list[Dataset], folder: Path, name: str) -> list[tuple[str, bytes]]:
    (folder / name).mkdir()
    found = []
    for at, one in enumerate(datasets):
        path = folder / f"{name}-{at}"
        one.save_as(path, enforce_file_format=True)
        result = deidentify_file(path, folder / name, KEY, False)
        found.append((result, (folder / name / result).read_bytes()))
    return found


def elements(
    dataset: Dataset, kinds: set[str], place: tuple[object, ...] = ()
) -> Iterator[tuple[tuple[object, ...], str]]:
    """Give the values of some kinds with the place they stand at."""
    for element in dataset:
        if element.VR == "SQ":
            for at, item in enumerate(element.value):
                yield from elements(item, kinds, (*place, element.tag, at))
        elif element.VR in kinds and element.value:
            yield (*place, element.tag), str(element.value)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(files())
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_random_files_lose_every_canary_and_keep_links_and_intervals(datasets: list[Dataset]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        one, other = clean(datasets, folder, "one"), clean(datasets[::-1], folder, "other")[::-1]
        assert one == other
        for name, written in one:
            assert CANARY.encode() not in written.upper() + name.upper().encode()
            assert b"1.2.3.4711" not in written
        for (name, _), before in zip(one, datasets, strict=True):
            compare(before, dcmread(folder / "one" / name))
        again = clean([dcmread(folder / "one" / name) for name, _ in one], folder, "again")
        first, second = (dcmread(folder / "again" / name) for name, _ in again)
        assert first.PatientID == second.PatientID
        assert len({name.split("/")[0] for name, _ in [*one, *again]}) == 2
    finally:
        shutil.rmtree(folder)


def compare(before: Dataset, after: Dataset) -> None:
    """Check that the dates left have moved by the same whole days, and that the UIDs left are closed and new."""
    days_before = dict(elements(before, {"DA", "DT"}))
    days_after = dict(elements(after, {"DA", "DT"}))
    shifts = {
        (datetime.date.fromisoformat(value[:8]) - datetime.date.fromisoformat(days_before[place][:8])).days
        for place, value in days_after.items()
    }
    assert len(shifts) == 1
    assert -3652 <= shifts.pop() <= -366
    assert all(value[8:] == days_before[place][8:] for place, value in days_after.items())
    uids_before = dict(elements(before, {"UI"}))
    mapped: dict[str, set[str]] = {}
    for place, value in elements(after, {"UI"}):
        mapped.setdefault(uids_before[place], set()).add(value)
    assert all(len(found) == 1 for found in mapped.values())
    values = [next(iter(found)) for old, found in mapped.items() if not is_standard(old)]
    assert len(set(values)) == len(values)
    assert all(value.startswith("2.25.") and len(value) <= 64 for value in values)


@given(st.lists(day, min_size=2, max_size=6), st.text(min_size=1, max_size=12))
@settings(max_examples=50, deadline=None, derandomize=True, database=None)
def test_every_interval_of_a_patient_is_what_it_was(days: list[datetime.date], patient: str) -> None:
    moved = [KEY.shift(one, patient) for one in days]
    assert [b - a for a, b in pairwise(moved)] == [b - a for a, b in pairwise(days)]
    assert moved[0] != days[0]
