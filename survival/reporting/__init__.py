"""The survival report as one page that opens from a disk."""
