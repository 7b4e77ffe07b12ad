"""Published figures, cited, to stand beside a study's own when its settings ask for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """One row of a publication's abstract.

    Attributes
    ----------
    row : str
        Name of the row, shared with the recomputed rows.
    says : str
        The figure as printed, with its unit and p value.
    value : float
        The number of it.
    unit : str
        ``months`` or ``percent``.
    """

    row: str
    says: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStudy:
    """A publication and what its abstract states."""

    key: str
    short: str
    citation: str
    rows: tuple[PublishedRow, ...]
    caution: str


KANE_2018 = PublishedStudy(
    key="kane-2018",
    short="Kane 2018",
    citation=(
        "Kane A, Thorpe MP, Morse MA, et al. Predictors of Survival in 211 Patients with Stage IV Pulmonary and "
        "Gastroenteropancreatic MIBG-Positive Neuroendocrine Tumors Treated with 131I-MIBG. J Nucl Med "
        "2018;59:1708–1713. doi:10.2967/jnumed.117.202150"
    ),
    caution=(
        "Figures of the abstract. It gives neither intervals, nor the denominators of the symptom and laboratory "
        "rates, nor the number of patients treated more than once."
    ),
    rows=(
        PublishedRow(row="median_os", says="29 months", value=29, unit="months"),
        PublishedRow(row="symptomatic_rate", says="71 %", value=71, unit="percent"),
        PublishedRow(row="relief_duration", says="12 months", value=12, unit="months"),
        PublishedRow(row="symptomatic", says="+30 months, p < 0.001", value=30, unit="months"),
        PublishedRow(row="biochemical_rate", says="34 %", value=34, unit="percent"),
        PublishedRow(row="biochemical_stable_rate", says="48 %", value=48, unit="percent"),
        PublishedRow(row="biochemical", says="+40 months, p < 0.03", value=40, unit="months"),
        PublishedRow(row="imaging_rate", says="20 %", value=20, unit="percent"),
        PublishedRow(row="imaging_stable_rate", says="60 %", value=60, unit="percent"),
        PublishedRow(row="imaging", says="+32 months, p < 0.001", value=32, unit="months"),
        PublishedRow(row="multiple_treatments", says="+24 months, p < 0.05", value=24, unit="months"),
    ),
)
PUBLISHED = {KANE_2018.key: KANE_2018}
