"""DICOM in: index a folder, judge the geometry of every series, read a series in Hounsfield units."""
