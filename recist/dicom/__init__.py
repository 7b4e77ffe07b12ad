"""DICOM in: index a folder, judge the geometry of every series, read a series in Hounsfield units."""

from __future__ import annotations

import contextlib
import sys


def _import_gdcm_unmistaken() -> None:
    """Load gdcm without letting it take a folder called ``dl`` for a module.

    gdcm, and through it pydicom, begins with ``import dl`` for the sake of Python 2; a folder of that name in the
    working directory answers to it and breaks both. llvmlite, the compiler of numba, must be there before: loaded after
    gdcm, whose symbols are visible to all libraries, it ends the process at the next compilation.
    """
    if "gdcm" in sys.modules or "dl" in sys.modules:
        return
    sys.modules["dl"] = None  # type: ignore[assignment]  # None is how sys.modules says: there is no such module
    try:
        with contextlib.suppress(ImportError):
            import llvmlite.binding  # type: ignore[import-untyped]  # noqa: F401
        with contextlib.suppress(ImportError):
            import gdcm  # type: ignore[import-untyped]  # noqa: F401
    finally:
        del sys.modules["dl"]


_import_gdcm_unmistaken()
