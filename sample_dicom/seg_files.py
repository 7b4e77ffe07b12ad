"""Writing the lesions of a series as DICOM SEG, wrapped around highdicom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydicom.sr.codedict import codes
from pydicom.uid import UID, ExplicitVRLittleEndian

from sample_dicom.ct_files import IMPLEMENTATION
from sample_dicom.lesions import draw_mask, find_slices
from sample_dicom.uids import derive_uid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import highdicom
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

    from sample_dicom.lesions import PlacedLesion
    from sample_dicom.scene import Scene

SITE_CODES: dict[str, Code] = {
    "liver": codes.SCT.Liver,
    "lung": codes.SCT.Lung,
    "lymph node": codes.SCT.LymphNode,
}


def write_segmentation(scene: Scene, headers: Sequence[Dataset], path: Path) -> None:
    """Write one binary segment a lesion; each frame names the image and the plane it lies on.

    Parameters
    ----------
    headers : sequence of pydicom.Dataset
        The images' headers in the order of the slices.
    """
    import highdicom

    used = sorted({index for lesion in scene.lesions for index in find_slices(lesion, scene.grid)})
    masks = np.stack(
        [np.stack([draw_mask(lesion, scene.grid, index) for lesion in scene.lesions], axis=-1) for index in used]
    )
    visit = scene.visit
    segmentation = highdicom.seg.Segmentation(
        source_images=[headers[index] for index in used],
        pixel_array=masks.astype(np.uint8),
        segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[
            _describe_segment(scene, number, lesion) for number, lesion in enumerate(scene.lesions, 1)
        ],
        series_instance_uid=derive_uid(scene.seed, visit.subject, visit.timepoint, "seg series"),
        series_number=103,
        sop_instance_uid=derive_uid(scene.seed, visit.subject, visit.timepoint, "seg"),
        instance_number=1,
        manufacturer="recist-toolkit",
        manufacturer_model_name="Computed phantom",
        software_versions="phantom 1",
        device_serial_number="0",
        transfer_syntax_uid=ExplicitVRLittleEndian,
        content_label="LESIONS",
        content_description="Exact cores of the planned lesions",
        series_description="Lesions",
        omit_empty_frames=True,
    )
    _fix_identity(segmentation, scene)
    segmentation.save_as(path, enforce_file_format=True)


def _describe_segment(scene: Scene, number: int, lesion: PlacedLesion) -> highdicom.seg.SegmentDescription:
    import highdicom

    planned = lesion.planned
    return highdicom.seg.SegmentDescription(
        segment_number=number,
        segment_label=planned.lesion,
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Lymphadenopathy if planned.nodal else codes.SCT.Lesion,
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        tracking_id=planned.lesion,
        tracking_uid=derive_uid(scene.seed, planned.subject, "lesion", planned.lesion),
        anatomic_regions=[SITE_CODES[planned.site]],
    )


def _fix_identity(segmentation: Dataset, scene: Scene) -> None:
    """Replace what differs from run to run: clock and random UIDs."""
    visit = scene.visit
    day = visit.date.strftime("%Y%m%d")
    organisation = derive_uid(scene.seed, visit.subject, visit.timepoint, "dimension organisation")
    for element in segmentation.iterall():
        if element.keyword == "DimensionOrganizationUID":
            element.value = organisation
        elif element.keyword == "ContributionDateTime":
            element.value = f"{day}120000"
    for keyword in ("ContentDate", "SeriesDate", "InstanceCreationDate"):
        if keyword in segmentation:
            setattr(segmentation, keyword, day)
    for keyword in ("ContentTime", "SeriesTime", "InstanceCreationTime"):
        if keyword in segmentation:
            setattr(segmentation, keyword, "120000")
    segmentation.file_meta.ImplementationClassUID = UID(derive_uid(0, IMPLEMENTATION[0]))
    segmentation.file_meta.ImplementationVersionName = IMPLEMENTATION[1]
