"""Results as ADaM: ADTR, ADRS and ADTTE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.cdisc.adrs import response_records
from recist.cdisc.adtr import sum_records
from recist.cdisc.adtte import time_records
from recist.cdisc.layout import laid_out
from recist.cdisc.variables import ADRS, ADTR, ADTTE

if TYPE_CHECKING:
    import pandas as pd

    from recist.cdisc.results import Results
    from recist.cdisc.variables import Definition


def adam_datasets(results: Results) -> list[tuple[Definition, pd.DataFrame]]:
    """Lay the results out as ADTR, ADRS and ADTTE, in this order."""
    return [
        (ADTR, laid_out(sum_records(results), ADTR, results.study)),
        (ADRS, laid_out(response_records(results), ADRS, results.study)),
        (ADTTE, laid_out(time_records(results), ADTTE, results.study)),
    ]
