"""Images from and to an archive, by DICOMweb and by DIMSE."""
