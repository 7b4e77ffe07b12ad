"""Many series: planned, measured by as many processes as wanted, kept as they come, and put together in order.

Public names: :func:`measure_manifest`, :class:`Measured`.

::

    manifest → plan of tasks → run → parts and ledger → tables
               one a series     child processes, or Dask
"""

from recist.batch.manifests import Measured, measure_manifest

__all__ = ["Measured", "measure_manifest"]
