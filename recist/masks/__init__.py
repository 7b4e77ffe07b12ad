"""Masks that are label images, NIfTI, NRRD or MetaImage: their labels, names and place in the patient."""

from recist.masks.label_image import LABEL_IMAGE_ENDINGS, LabelImage, NamedLabel, is_label_image
from recist.masks.reading import read_label_image

__all__ = ["LABEL_IMAGE_ENDINGS", "LabelImage", "NamedLabel", "is_label_image", "read_label_image"]
