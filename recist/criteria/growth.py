"""Growth of the tumour in time: limits that inform, and decide no response.

The tumour growth rate takes the volume of the tumour to grow with the cube of the sum of diameters (Ferte et al.,
Clin Cancer Res 2014; 20: 246-252).
"""

from __future__ import annotations

from recist.criteria.criteria import limit

GREPONET = "Lamarca 2019 (GREPONET)"
FERTE = "Ferte 2014"
SHRINKAGE = "Piessevaux 2013"

DIAMETERS_PER_VOLUME = limit(3, "diameters", "a volume grows with this power of the diameter", FERTE)
GROWTH_RATE_AT_3_MONTHS = limit(
    "8/10", "% per month", "a growth rate from here on, baseline to 3 months, went with a shorter time", GREPONET
)
GROWTH_RATE_BEFORE_START = limit(
    4, "% per month", "a growth rate from here on, before treatment, went with a shorter time", GREPONET
)
LEAST_INTERVAL = limit(
    14,
    "days",
    "least time between the two scans of a growth rate; over a few days the error of measurement is most of it",
    "choice of this program, the papers compare scans weeks apart",
)
AIM_MONTHS = limit(3, "months", "the visit nearest to this is that of the growth rate at 3 months", GREPONET)
AIM_WINDOW_MONTHS = limit(1, "months", "most distance of that visit from the aim", GREPONET)
EARLY_SHRINKAGE = limit(56, "days", "when early shrinkage of the tumour is looked at", SHRINKAGE)
EARLY_SHRINKAGE_WINDOW = limit(
    14, "days", "most distance of the visit from that day", "choice of this program, the paper names the week only"
)
