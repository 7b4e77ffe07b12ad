"""What travels with every measurement on a series, and the contrast phase that is told only without doubt."""

import pytest
from pydicom import Dataset

from recist.dicom.contrast import ContrastPhase, derive_contrast_phase
from recist.dicom.index import index_folder
from recist.dicom.series import read_series

HEIGHTS = [(0.0, 0.0, value) for value in (0, 2.5, 5)]


def item(**elements):
    found = Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def test_the_provenance_names_series_geometry_thickness_spacing_kernel_and_contrast(tmp_path, write_stack):
    write_stack(
        tmp_path,
        HEIGHTS,
        SliceThickness=3,
        ConvolutionKernel="B30f",
        ContrastBolusAgent="Iohexol",
        SeriesDescription="ABD portal venous",
        LossyImageCompression="01",
    )
    series = read_series(tmp_path)
    assert series.provenance() == {
        "series_uid": series.series_uid,
        "geometry": "regular",
        "nominal_thickness_mm": 3,
        "slice_spacing_mm": pytest.approx(2.5),
        "kernel": "B30f",
        "contrast": "Iohexol",
        "contrast_phase": "portal_venous",
        "lossy": True,
    }


def test_what_is_not_known_is_none_and_classes_are_joined(tmp_path, write_stack):
    write_stack(tmp_path, [*HEIGHTS, (0, 0, 12.5)], SliceThickness=None, PixelSpacing=None)
    found = read_series(tmp_path).provenance()
    assert found["geometry"] == "no_pixel_spacing+nonuniform+missing_slices"
    unknown = ("nominal_thickness_mm", "slice_spacing_mm", "kernel", "contrast", "contrast_phase")
    assert [found[name] for name in unknown] == [None] * 5
    assert found["lossy"] is False


def test_kernels_that_differ_within_a_series_are_both_named(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", ConvolutionKernel="B30f", ImagePositionPatient=[0, 0, 0])
    write_ct(tmp_path / "b.dcm", ConvolutionKernel="B70f", ImagePositionPatient=[0, 0, 5])
    assert read_series(tmp_path).kernel == "B30f + B70f"


def test_an_enhanced_ct_tells_kernel_and_phase_in_its_functional_groups(tmp_path, write_enhanced):
    shared = item(
        PixelMeasuresSequence=[item(PixelSpacing=[0.5, 0.75], SliceThickness=4)],
        PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
        CTReconstructionSequence=[item(ConvolutionKernel="Br40")],
        ContrastBolusUsageSequence=[item(ContrastBolusAgentPhase="ARTERIAL")],
    )
    write_enhanced(tmp_path / "e.dcm", (0, 10, 20), ((1, -1024),) * 3, SharedFunctionalGroupsSequence=[shared])
    series = read_series(tmp_path)
    assert series.kernel == "Br40"
    assert series.contrast_phase is ContrastPhase.ARTERIAL


@pytest.mark.parametrize(
    ("description", "agent", "codes", "phase"),
    [
        ("ABD ARTERIAL 2.5", "Iohexol", (), "arterial"),
        ("Leber arteriell", "", (), "arterial"),
        ("late arterial phase", "", (), "arterial"),
        ("Liver PORTAL VENOUS", "Iohexol", (), "portal_venous"),
        ("ABD_PVP_5mm", "", (), "portal_venous"),
        ("portalvenös 3.0", "", (), "portal_venous"),
        ("thorax venous", "", (), "venous"),
        ("kidneys NEPHROGRAPHIC", "", (), "nephrographic"),
        ("5 min delay", "", (), "delayed"),
        ("ABD W/O CONTRAST", "", (), "non_contrast"),
        ("Nativ 5.0", "", (), "non_contrast"),
        ("Thorax non-contrast", "NONE", (), "non_contrast"),
        # silent, doubtful or contradictory
        ("", "Iohexol", (), ""),
        ("Thorax 1.0 B30f", "Iohexol", (), ""),
        ("ABD W/O CONTRAST", "Iohexol", (), ""),
        ("ARTERIAL", "NONE", (), ""),
        ("arterial + portal venous", "Iohexol", (), ""),
        ("W/WO CONTRAST venous", "Iohexol", (), ""),
        ("VNC portal venous", "Iohexol", (), ""),
        ("subtraction arterial", "", (), ""),
        ("heart 75% phase", "", (), ""),
        ("parts", "", (), ""),
        ("alternative venously", "", (), ""),
        # codes of the standard count before words
        ("ABD portal venous", "Iohexol", ("DELAYED",), "delayed"),
        ("ABD portal venous", "Iohexol", ("STEADY_STATE",), ""),
        ("ABD", "Iohexol", ("ARTERIAL", "VENOUS"), ""),
        ("ABD", "Iohexol", ("PRE_CONTRAST",), ""),
    ],
)
def test_the_phase_is_told_only_where_the_header_leaves_no_doubt(description, agent, codes, phase):
    assert derive_contrast_phase(description=description, agent=agent, codes=codes).value == phase


def test_images_of_several_phases_in_one_series_have_none(tmp_path, write_ct):
    write_ct(tmp_path / "a.dcm", SeriesDescription="arterial", ImagePositionPatient=[0, 0, 0])
    write_ct(tmp_path / "b.dcm", SeriesDescription="venous", ImagePositionPatient=[0, 0, 5])
    assert index_folder(tmp_path).series[0].contrast_phase is ContrastPhase.UNKNOWN
