"""The section on agreement: between readers, and of images with reports."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist.agreement.agree import RANK
from recist.agreement.bland_altman import compute_limits
from recist.agreement.icc import compute_consistency, compute_icc
from recist.agreement.kappa import Weights, compute_kappa
from recist.agreement.repeatability import compute_repeatability
from survival.figures.bland_altman import draw_bland_altman
from survival.figures.drawn import draw_figure
from survival.reporting.agreement.pairs import NEAR_DAYS, ReadPairs, pair_readers, pair_sources
from survival.results import ResultFigure, ResultTable, RowKind, Section, ShownRow
from survival.words.wording import say_counted, say_interval, say_number, say_percent

if TYPE_CHECKING:
    from recist.agreement.icc import ICC
    from recist.agreement.kappa import Kappa
    from survival.reporting.study import Study

KEY, TITLE = "agreement", "Agreement of readings"
FEWEST = 3
WEIGHTS = (
    (Weights.NONE, "kappa"),
    (Weights.LINEAR, "kappa, linear weights"),
    (Weights.QUADRATIC, "kappa, quadratic weights"),
)


def agreement_section(study: Study) -> Section:
    """Compare the readers of images, and images with reports, where the cohort's reads hold both."""
    reads = getattr(study.cohort, "reads", None)
    if reads is None or reads.empty:
        sentence = (
            "Agreement needs the reads of several readers: reads.csv beside the cohort, which `recist link` writes."
        )
        return Section(key=KEY, title=TITLE, left_out=(sentence,))
    pairs = list(pair_readers(reads))
    sources = pair_sources(reads)
    left_out = []
    if not pairs:
        left_out.append("Agreement between readers needs scans that at least two readers read; this cohort has none.")
    if sources is None:
        left_out.append("Agreement of images with reports needs scans that have both; this cohort has none.")
    items: list[ResultTable | ResultFigure] = []
    if every := [*pairs, *([sources] if sources is not None else [])]:
        items.append(_kappa_table(every))
        items += [_crosstab(pair) for pair in every]
    if sized := [pair for pair in pairs if len(_sums(pair)) >= FEWEST]:
        items.append(_size_table(sized))
        items += [_figure(pair) for pair in sized]
    paragraphs = (_paragraph(),) if items else ()
    return Section(key=KEY, title=TITLE, paragraphs=paragraphs, items=tuple(items), left_out=tuple(left_out))


def _paragraph() -> str:
    return (
        "Agreement says how far a response would be the same from other eyes. It is no measure of who is right, and "
        "kappa depends on how often each category occurs. A report is paired with a read of images no more than "
        f"{NEAR_DAYS} days apart."
    )


def _name(pair: ReadPairs) -> str:
    return f"{pair.first} and {pair.second}"


def _key(pair: ReadPairs) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in f"{pair.first}__{pair.second}")


def _kappa_table(pairs: list[ReadPairs]) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown: list[ShownRow] = []
    for pair in pairs:
        shown.append(ShownRow(cells=(f"Overall response: {_name(pair)}",), kind=RowKind.HEADING))
        for weights, label in WEIGHTS:
            kappa = _kappa(pair, weights)
            numbers[f"{_key(pair)}.{weights}"] = _kappa_numbers(pair, weights, kappa)
            cells = (
                label[:1].upper() + label[1:],
                str(kappa.n),
                str(kappa.n_subjects),
                say_percent(kappa.agreement, decimals=1),
                _say_estimate(kappa.kappa, kappa.lower, kappa.upper),
            )
            shown.append(ShownRow(cells=cells, kind=RowKind.INDENTED))
    return ResultTable(
        name="agreement_categories",
        title="Agreement on response categories",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=("", "Scans", "Patients", "Same category", "Kappa (95 % CI)"),
        shown=tuple(shown),
        notes=(
            (
                "Weighted kappa over CR, PR, SD, PD only; what is no step of that ladder (NE) counts in unweighted "
                "kappa. Standard errors of Fleiss, Cohen and Everitt; by leaving out one patient at a time where "
                "patients have several scans. Time points up to the first progression either reader called."
            ),
        ),
    )


def _kappa(pair: ReadPairs, weights: Weights) -> Kappa:
    both = pair.both("overall_response")
    if weights is not Weights.NONE:
        both = both[both["a"].isin(RANK) & both["b"].isin(RANK)]
        ranks = both.assign(a=both["a"].map(RANK), b=both["b"].map(RANK))
        ladder = list(range(max([3, *ranks["a"], *ranks["b"]]) + 1))
        first, second = (ranks[side].astype(object).to_numpy() for side in ("a", "b"))
        return compute_kappa(first, second, ladder, weights=weights, subject=both["subject"].to_numpy())
    words = sorted({*both["a"], *both["b"]})
    first, second = (both[side].astype(object).to_numpy() for side in ("a", "b"))
    return compute_kappa(first, second, words, subject=both["subject"].to_numpy())


def _kappa_numbers(pair: ReadPairs, weights: Weights, kappa: Kappa) -> dict[str, Any]:
    return {
        "first": pair.first,
        "second": pair.second,
        "weights": str(weights),
        "n": kappa.n,
        "n_subjects": kappa.n_subjects,
        "agreement": kappa.agreement,
        "kappa": kappa.kappa,
        "lower": kappa.lower,
        "upper": kappa.upper,
        "standard_error": kappa.standard_error,
        "interval": str(kappa.interval),
        "note": str(kappa.note),
    }


def _say_estimate(value: float, lower: float, upper: float) -> str:
    if isnan(value):
        return "not defined"
    if isnan(lower):
        return say_number(value, 2)
    return f"{say_number(value, 2)} ({say_interval(say_number(lower, 2), say_number(upper, 2))})"


def _crosstab(pair: ReadPairs) -> ResultTable:
    both = pair.both("overall_response")
    words = sorted({*both["a"], *both["b"]}, key=lambda word: (RANK.get(word, 9), word))
    counts = pd.crosstab(both["a"], both["b"]).reindex(index=words, columns=words, fill_value=0)
    counts.index, counts.columns = pd.Index(words), pd.Index([f"{pair.second}: {word}" for word in words])
    shown = tuple(
        ShownRow(cells=(f"{pair.first}: {word}", *(str(int(count)) for count in counts.loc[word]))) for word in words
    )
    return ResultTable(
        name=f"agreement_{_key(pair).lower()}",
        title=f"Overall response, {_name(pair)}: scans by category",
        numbers=counts,
        header=("", *(f"{pair.second}: {word}" for word in words)),
        shown=shown,
        folded=True,
    )


def _sums(pair: ReadPairs) -> pd.DataFrame:
    complete = pd.Series(data=True, index=pair.rows.index)
    for side in ("a", "b"):
        complete &= pair.rows[f"sum_complete_{side}"].astype(str).str.lower().isin({"true", "1", "1.0"})
    kept = ReadPairs(first=pair.first, second=pair.second, rows=pair.rows[complete])
    return kept.both("sum_mm").astype({"a": "float64", "b": "float64"})


def _size_table(pairs: list[ReadPairs]) -> ResultTable:
    numbers: dict[str, dict[str, Any]] = {}
    shown = []
    for pair in pairs:
        both = _sums(pair)
        a, b, subject = both["a"].to_numpy(), both["b"].to_numpy(), both["subject"].to_numpy(dtype=object)
        limits, icc = compute_limits(a, b, subject), compute_icc(both[["a", "b"]].to_numpy(), subject)
        same = compute_consistency(both[["a", "b"]].to_numpy(), subject)
        repeated = compute_repeatability(a, b, subject)
        numbers[_key(pair)] = {
            "first": pair.first,
            "second": pair.second,
            **{name: getattr(limits, name) for name in limits.__dataclass_fields__},
            **_icc_numbers(icc),
            **{name.replace("icc", "consistency"): value for name, value in _icc_numbers(same).items()},
            "repeatability": repeated.coefficient,
            "repeatability_lower": repeated.lower,
            "repeatability_upper": repeated.upper,
        }
        shown.append(
            ShownRow(
                cells=(
                    _name(pair),
                    f"{limits.n} ({say_counted(limits.n_subjects, 'patient')})",
                    _say_estimate(limits.bias, limits.bias_lower, limits.bias_upper),
                    _say_estimate(limits.lower_limit, limits.lower_limit_lower, limits.lower_limit_upper),
                    _say_estimate(limits.upper_limit, limits.upper_limit_lower, limits.upper_limit_upper),
                    _say_estimate(repeated.coefficient, repeated.lower, repeated.upper),
                    _say_estimate(icc.icc, icc.lower, icc.upper),
                    _say_estimate(same.icc, same.lower, same.upper),
                )
            )
        )
    interval = "(95 % CI)"
    return ResultTable(
        name="agreement_sums",
        title="Agreement on the sum of diameters at follow-up, mm",
        numbers=pd.DataFrame.from_dict(numbers, orient="index"),
        header=(
            "",
            "Scans",
            *(f"{name} {interval}" for name in ("Bias", "Lower limit", "Upper limit", "Repeatability coefficient")),
            *(f"{name} {interval}" for name in ("ICC(2,1)", "ICC(3,1)")),
        ),
        shown=tuple(shown),
        notes=(
            (
                "Bland and Altman: bias is the second reader less the first, 95 % of differences are expected between "
                "the limits. Repeatability coefficient: what two reads differ by at most in 95 of 100 scans, their "
                "constant difference included. ICC(2,1): two-way random, absolute agreement; ICC(3,1): consistency. "
                "Scans with a complete sum by both."
            ),
        ),
    )


def _icc_numbers(icc: ICC) -> dict[str, float]:
    return {"icc": icc.icc, "icc_lower": icc.lower, "icc_upper": icc.upper}


def _figure(pair: ReadPairs) -> ResultFigure:
    both = _sums(pair)
    a, b, subject = both["a"].to_numpy(), both["b"].to_numpy(), both["subject"].to_numpy(dtype=object)
    limits = compute_limits(a, b, subject)
    return draw_figure(
        lambda: draw_bland_altman(a, b, limits, readers=(pair.first, pair.second), what="sum of diameters, mm"),
        name=f"bland_altman_{_key(pair).lower()}",
        title=f"Sums of diameters: {_name(pair)}",
        description=(
            f"Bland-Altman plot of {limits.n} scans: bias {limits.bias:.1f} mm, limits of agreement "
            f"{limits.lower_limit:.1f} to {limits.upper_limit:.1f} mm."
        ),
        caption="Each point is a scan read by both; lines: bias and 95 % limits of agreement with their intervals.",
    )
