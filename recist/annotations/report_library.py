"""The image library of a report (TID 1600): the images measured, and the day of each, which the study's may not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.annotations.codes import ACQUISITION_DATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from highdicom.sr import ContainerContentItem, ImageContentItem
    from highdicom.sr.value_types import ContentItem

    from recist.annotations.images import Picture


def build_library(pictures: Sequence[Picture]) -> ContainerContentItem:
    """Build the library; viewers on cornerstone need it with a group in it.

    Written here because highdicom asks of every image for elements that it may lack, or hold frame by frame.
    """
    from highdicom import sr
    from pydicom.sr.codedict import codes

    contains = sr.RelationshipTypeValues.CONTAINS
    group = sr.ContainerContentItem(name=codes.DCM.ImageLibraryGroup, relationship_type=contains)
    group.ContentSequence = sr.ContentSequence([_entry(picture) for picture in pictures])
    library = sr.ContainerContentItem(name=codes.DCM.ImageLibrary, template_id="1600", relationship_type=contains)
    library.ContentSequence = sr.ContentSequence([group])
    return library


def _entry(picture: Picture) -> ImageContentItem:
    from highdicom import sr
    from pydicom.sr.codedict import codes

    context = sr.RelationshipTypeValues.HAS_ACQ_CONTEXT
    entry = sr.ImageContentItem(
        name=sr.CodedConcept(value="260753009", scheme_designator="SCT", meaning="Source"),
        referenced_sop_class_uid=picture.sop_class_uid,
        referenced_sop_instance_uid=picture.sop_instance_uid,
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    about: list[ContentItem] = [
        sr.CodeContentItem(name=codes.DCM.Modality, value=codes.DCM.ComputedTomography, relationship_type=context)
    ]
    if picture.day is not None:
        value, scheme = ACQUISITION_DATE
        name = sr.CodedConcept(value=value, scheme_designator=scheme, meaning="Acquisition Date")
        about.append(sr.DateContentItem(name=name, value=picture.day, relationship_type=context))
    entry.ContentSequence = sr.ContentSequence(about)
    return entry
