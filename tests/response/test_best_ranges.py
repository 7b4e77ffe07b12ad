"""The search over a range of courses leaves the others alone, so that threads may share the work."""

import numpy as np

from recist.response import Options
from recist.response.best import search_settings
from recist.response.best_rows import compile_search
from recist.response.choices import NDBetween
from recist.response.kernel.best import (
    BEST,
    CONFIRMED,
    CONFIRMED_VISIT,
    N_RESULTS,
    NOWHERE,
    VISIT,
    SearchVisits,
    search_best,
)

CR, PR, SD, NON_CR_NON_PD, NED, PD, NE, ND = range(8)
UNTOUCHED = -7


def test_each_thread_fills_its_own_courses() -> None:
    response = np.array([PR, PR, SD, PD, CR])  # three courses: PR and PR; SD and PD; CR
    day = np.array([56, 112, 20, 50, 56])
    everywhere = np.ones(5, dtype=bool)
    visits = SearchVisits(
        start=np.array([0, 2, 4, 5]),
        response=response,
        day=day,
        eligible=everywhere,
        late=day >= 42,
        missed=np.zeros(5, dtype=np.int64),
    )
    results = np.full((N_RESULTS, 3), UNTOUCHED, dtype=np.int64)
    table, settings = compile_search(NDBetween.NE), search_settings(Options())
    search_best(visits, table, settings, (0, 1), results)
    assert (results[:, 1:] == UNTOUCHED).all()
    search_best(visits, table, settings, (1, 3), results)
    assert results[BEST].tolist() == [PR, PD, CR]
    assert results[VISIT].tolist() == [0, 3, 4]
    assert results[CONFIRMED].tolist() == [PR, PD, SD]  # a CR without confirmation, in time
    assert results[CONFIRMED_VISIT].tolist() == [0, 3, 4]
    assert NOWHERE not in results[VISIT]
