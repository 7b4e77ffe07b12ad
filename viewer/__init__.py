"""The napari plugin: read CT, draw the axes of lesions, see the response. Session (no Qt) → view state → widgets."""
