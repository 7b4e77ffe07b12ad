"""The transfer syntaxes a CT image may come in, and the permissive codecs that decode them."""

from __future__ import annotations

NATIVE = frozenset(
    (
        "1.2.840.10008.1.2",  # implicit little endian
        "1.2.840.10008.1.2.1",  # explicit little endian
        "1.2.840.10008.1.2.1.99",  # deflated explicit little endian
        "1.2.840.10008.1.2.2",  # explicit big endian
    )
)

RUN_LENGTHS = "1.2.840.10008.1.2.5"  # RLE, which the toolkit decodes itself

# Lossless JPEG, which the toolkit decodes itself as long as it is plain.
LOSSLESS_JPEG = frozenset(("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"))

JPEG_2000 = ("gdcm", "pylibjpeg")
EXTENDED_JPEG = "1.2.840.10008.1.2.4.51"  # read only with 8 bits
CHARLS = "pyjpegls"
JPEG_LS = (CHARLS, "gdcm")

# Transfer syntax → pydicom's names of the codecs, the preferred one first.
CODECS: dict[str, tuple[str, ...]] = {
    RUN_LENGTHS: (),
    "1.2.840.10008.1.2.4.50": ("gdcm",),  # JPEG baseline
    EXTENDED_JPEG: ("gdcm",),
    "1.2.840.10008.1.2.4.57": ("gdcm",),  # JPEG lossless
    "1.2.840.10008.1.2.4.70": ("gdcm",),  # JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.80": JPEG_LS,  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.81": JPEG_LS,  # JPEG-LS near-lossless
    "1.2.840.10008.1.2.4.90": JPEG_2000,  # JPEG 2000 lossless
    "1.2.840.10008.1.2.4.91": JPEG_2000,  # JPEG 2000
    "1.2.840.10008.1.2.4.201": ("pylibjpeg",),  # high-throughput JPEG 2000 lossless
    "1.2.840.10008.1.2.4.202": ("pylibjpeg",),  # the same with resolution order
    "1.2.840.10008.1.2.4.203": ("pylibjpeg",),  # high-throughput JPEG 2000
}

# Syntaxes whose values may differ from the scanner's; also the retired JPEG processes, for completeness.
LOSSY = frozenset(f"1.2.840.10008.1.2.4.{last}" for last in ("50", "51", "53", "55", "81", "91", "203"))
