"""From a click or a drawn long axis to the mask of a lesion."""
