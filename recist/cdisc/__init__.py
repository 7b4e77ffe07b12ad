"""CDISC in and out: SDTM TU, TR, RS and DM to the interchange tables, and results back to SDTM and ADaM.

Reading: :mod:`recist.cdisc.reading`; comparing with the sponsor's responses: :mod:`recist.cdisc.comparison`; writing:
:mod:`recist.cdisc.sdtm` and :mod:`recist.cdisc.adam`; files: :mod:`recist.cdisc.files`.
"""
