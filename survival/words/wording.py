"""Numbers as words: months with one decimal, hazard ratios with two, p with three, "not reached" spelled out."""

from __future__ import annotations

import math

DAYS_PER_MONTH = 30.4375
NOT_REACHED = "not reached"
SMALLEST_SHOWN_P = 0.001
LARGEST_SHOWN_RATIO = 100.0
MINUS = "−"


def is_missing(value: float | None) -> bool:
    """Tell whether there is no number."""
    return value is None or math.isnan(value)


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def say_months(months: float | None, *, sign: bool = False) -> str:
    """Write a time in months with one decimal.

    Examples
    --------
    >>> say_months(28.64), say_months(float("nan")), say_months(30.25, sign=True)
    ('28.6', 'not reached', '+30.2')
    """
    if months is None or not math.isfinite(months):
        return NOT_REACHED
    return _signed(f"{months:+.1f}" if sign else f"{months:.1f}")


def say_interval(lower: str, upper: str) -> str:
    """Join two limits; "to" where a sign or words would make a dash unclear.

    Examples
    --------
    >>> say_interval("20.0", "38.8"), say_interval("20.0", "not reached")
    ('20.0–38.8', '20.0 to not reached')
    """
    plain = lower[:1].isdigit() and upper[:1].isdigit()
    return f"{lower}–{upper}" if plain else f"{lower} to {upper}"


def say_months_with_interval(months: float, lower: float, upper: float, *, sign: bool = False) -> str:
    """Write a time in months with its interval.

    Examples
    --------
    >>> say_months_with_interval(28.64, 20.02, float("nan"))
    '28.6 (20.0 to not reached)'
    >>> say_months_with_interval(float("nan"), float("nan"), float("nan"))
    'not reached'
    """
    if is_missing(lower) and is_missing(upper):
        return say_months(months, sign=sign) + ("" if is_missing(months) else " (limits not reached)")
    limits = say_interval(say_months(lower, sign=sign), say_months(upper, sign=sign))
    return f"{say_months(months, sign=sign)} ({limits})"


def say_p(p_value: float | None) -> str:
    """Write a p value with three decimals.

    Examples
    --------
    >>> say_p(0.0499), say_p(0.00002), say_p(float("nan"))
    ('0.050', '<0.001', '–')
    """
    if p_value is None or math.isnan(p_value):
        return "–"
    return f"<{SMALLEST_SHOWN_P}" if p_value < SMALLEST_SHOWN_P else f"{p_value:.3f}"


def say_p_equals(p_value: float | None) -> str:
    """Write a p value as it stands in a sentence.

    Examples
    --------
    >>> say_p_equals(0.2), say_p_equals(1e-9)
    ('p = 0.200', 'p < 0.001')
    """
    text = say_p(p_value)
    return f"p < {text[1:]}" if text.startswith("<") else f"p = {text}"


def say_ratio(ratio: float | None) -> str:
    """Write a hazard ratio with two decimals; beyond 100 only that it is.

    Examples
    --------
    >>> say_ratio(1.076), say_ratio(4321.0)
    ('1.08', '>100')
    """
    if ratio is None or math.isnan(ratio):
        return "–"
    return f">{LARGEST_SHOWN_RATIO:.0f}" if ratio > LARGEST_SHOWN_RATIO else f"{ratio:.2f}"


def say_ratio_with_interval(ratio: float, lower: float, upper: float, *, how: str = "") -> str:
    """Write a hazard ratio with its interval, and how it was estimated where that needs saying.

    Examples
    --------
    >>> say_ratio_with_interval(2.1, 1.4, 3.123), say_ratio_with_interval(0.21, 0.001, 1.7, how="Firth")
    ('2.10 (1.40–3.12)', '0.21 (0.00–1.70, Firth)')
    """
    if math.isnan(ratio):
        return "–"
    limits = say_interval(say_ratio(lower), say_ratio(upper))
    return f"{say_ratio(ratio)} ({limits}{', ' + how if how else ''})"


def say_percent(fraction: float | None, *, decimals: int = 0) -> str:
    """Write a fraction as percent.

    Examples
    --------
    >>> say_percent(0.714), say_percent(0.0714, decimals=1)
    ('71 %', '7.1 %')
    """
    if fraction is None or math.isnan(fraction):
        return "–"
    return f"{100 * fraction:.{decimals}f} %"


def say_count(count: int, total: int) -> str:
    """Write a count with its share.

    Examples
    --------
    >>> say_count(25, 125)
    '25 (20.0 %)'
    """
    return f"{count} ({say_percent(count / total, decimals=1)})" if total else str(count)


def say_counted(count: int, thing: str) -> str:
    """Count things, one or many.

    Examples
    --------
    >>> say_counted(1, "patient"), say_counted(0, "event")
    ('1 patient', '0 events')
    """
    return f"{count} {thing}" + ("" if count == 1 else "s")


def say_number(value: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Write a plain number, a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return _signed(f"{value:+.{decimals}f}" if sign else f"{value:.{decimals}f}")


def lower_first(text: str) -> str:
    """Write a name as it stands within a sentence; an abbreviation keeps its capitals.

    Examples
    --------
    >>> lower_first("Disease control"), lower_first("CT response"), lower_first("PFS")
    ('disease control', 'CT response', 'PFS')
    """
    first, _, _ = text.partition(" ")
    is_abbreviation = sum(letter.isupper() for letter in first) > 1
    return text if is_abbreviation else text[:1].lower() + text[1:]


ABBREVIATIONS = frozenset(
    {
        "asa",
        "bmi",
        "bor",
        "cea",
        "cr",
        "crp",
        "ct",
        "dcr",
        "dor",
        "ecog",
        "fdg",
        "her2",
        "hpv",
        "kps",
        "ldh",
        "mri",
        "nlr",
        "orr",
        "os",
        "pd",
        "pet",
        "pfs",
        "pr",
        "psa",
        "sd",
        "ttp",
        "ttr",
        "who",
    }
)


def say_column(name: str) -> str:
    """Write the name of a column for people: spaces, abbreviations in capitals.

    Examples
    --------
    >>> say_column("bor_crpr"), say_column("second_line"), say_column("orr")
    ('BOR crpr', 'second line', 'ORR')
    """
    words = name.replace("_", " ").split()
    return " ".join(word.upper() if word.lower() in ABBREVIATIONS else word for word in words)
