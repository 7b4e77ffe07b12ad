"""The lesions of a mask, each measured or with the reason why not."""

from recist.lesions.doors import lesions_of_labels, lesions_of_mask, lesions_of_segmentation
from recist.lesions.found import FoundLesion

__all__ = ["FoundLesion", "lesions_of_labels", "lesions_of_mask", "lesions_of_segmentation"]
