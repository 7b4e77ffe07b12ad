"""napari's File → Open Sample: the sample study, opened in the reading panel."""

from __future__ import annotations

from viewer.reader import LayerData, activity, open_panel, read_folder_layer


def open_sample_study() -> list[LayerData]:
    """Make the sample study, if it is not there yet, and open its first series.

    Examples
    --------
    >>> layers = napari_viewer.open_sample("recist-toolkit", "sample-study")  # doctest: +SKIP
    """
    from sample_dicom import cached_study

    with activity("Making the sample study, once") as progress:
        folder = cached_study(progress=progress)
    layer = read_folder_layer(folder)
    open_panel()
    return [layer]
