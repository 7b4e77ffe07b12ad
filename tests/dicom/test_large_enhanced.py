"""An Enhanced CT of many frames, each described in many sequences of undefined length, is read and is no bomb."""

import struct

import pytest
from pydicom import Dataset, dcmread

from recist.dicom import fence
from recist.dicom.index import index_folder
from recist.errors import DicomError

N_FRAMES = 600
SPACING_MM = 0.5
PER_FRAME = struct.pack("<HH2s", 0x5200, 0x9230, b"SQ")
PIXELS = struct.pack("<HH", 0x7FE0, 0x0010)
PLACE = b"1234.5"

# Functional groups of a frame as PS3.3 A.38.1.4 has them, each with some elements.
GROUPS = {
    "FrameContentSequence": {"FrameAcquisitionNumber": 1, "StackID": "1", "InStackPositionNumber": 1},
    "PixelValueTransformationSequence": {"RescaleSlope": 1, "RescaleIntercept": -1024, "RescaleType": "HU"},
    "FrameVOILUTSequence": {"WindowCenter": 40, "WindowWidth": 400},
    "CTImageFrameTypeSequence": {"FrameType": ["ORIGINAL", "PRIMARY"], "VolumetricProperties": "VOLUME"},
    "CTAcquisitionDetailsSequence": {"RotationDirection": "CW", "RevolutionTime": 0.5, "TableHeight": 150.0},
    "CTTableDynamicsSequence": {"TableSpeed": 40.0, "SpiralPitchFactor": 0.6},
    "CTGeometrySequence": {"DistanceSourceToDetector": 1085.6, "DistanceSourceToDataCollectionCenter": 595.0},
    "CTReconstructionSequence": {"ReconstructionAlgorithm": "ITERATIVE", "ConvolutionKernel": "Br40"},
    "CTExposureSequence": {"XRayTubeCurrentInmA": 200.0, "ExposureInmAs": 100.0, "EstimatedDoseSaving": 0.0},
    "CTXRayDetailsSequence": {"KVP": 120, "FilterType": "FLAT"},
}  # fmt: skip


def item(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def leave_lengths_open(dataset):
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for each in element.value:
                each.is_undefined_length_sequence_item = True
                leave_lengths_open(each)


@pytest.fixture
def write_many(tmp_path, write_enhanced):
    """Write one file of 600 frames; the pixels are a hole."""

    def write(rows, columns):
        path = tmp_path / "in" / "enhanced.dcm"
        write_enhanced(path, (0,), ((1, -1024),), NumberOfFrames=N_FRAMES, Rows=rows, Columns=columns)
        dataset = dcmread(path)
        frame = item(
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 1234.5])],
            **{name: [item(**elements)] for name, elements in GROUPS.items()},
        )
        dataset.PerFrameFunctionalGroupsSequence = [frame]
        leave_lengths_open(dataset)
        dataset.save_as(path)
        raw = path.read_bytes()
        start, end = raw.index(PER_FRAME) + 12, raw.rindex(PIXELS)
        one, closing = raw[start : end - 8], raw[end - 8 : end]
        assert one.count(PLACE) == 1
        frames = [one.replace(PLACE, b"%06.1f" % (SPACING_MM * number)) for number in range(N_FRAMES)]
        n_bytes = 2 * rows * columns * N_FRAMES
        head = raw[:start] + b"".join(frames) + closing + raw[end : end + 8] + struct.pack("<L", n_bytes)
        with path.open("wb") as file:
            file.write(head)
            file.truncate(len(head) + n_bytes)
        return path

    return write


def test_an_enhanced_ct_of_600_frames_in_sequences_of_undefined_length_is_read(write_many):
    (series,) = index_folder(write_many(4, 5).parent, with_pixels=False).series
    assert (series.n_slices, series.classes) == (N_FRAMES, ("regular",))
    assert series.slice_spacing_mm == pytest.approx(SPACING_MM)


@pytest.mark.parametrize(("size", "is_read"), [((4, 5), False), ((128, 128), True)])
def test_how_long_a_header_may_be_grows_with_the_pixels_it_describes(write_many, monkeypatch, size, is_read):
    monkeypatch.setattr(fence, "MOST_READS", 50_000)
    index = index_folder(write_many(*size).parent, with_pixels=False)
    assert [series.n_slices for series in index.series] == [N_FRAMES] * is_read
    assert is_read or "holds more than that of any image" in index.files[0].reason


def read_often(stream):
    for _ in range(fence.MOST_READS_OF_LARGE_FILES + 1):
        stream.read(8)


@pytest.mark.parametrize("n_bytes", [0, 2**20, 2**40])
def test_no_file_is_read_without_end(n_bytes):
    class Endless:
        def read(self, size):
            return bytes(size)

    fenced = fence.fence(Endless(), n_bytes)
    with pytest.raises(DicomError, match="more than that of any image"):
        read_often(fenced)
