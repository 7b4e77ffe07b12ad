"""Best responses and rates as files and on the screen, for the commands that derive them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recist.cli.screen import say, say_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

DAYS = "_days"  # columns that end so are written without a decimal point
SHOWN = ("ORR", "confirmed ORR", "DCR", "CBR")


def write_best(best_responses: pd.DataFrame, folder: Path) -> None:
    """Write best_responses.csv and the rates that follow from it, rates.csv."""
    from recist.rates import derive_rates
    from recist.tables import write_table

    days = [name for name in best_responses if str(name).split("_recist_")[0].endswith(DAYS)]
    write_table(best_responses.astype(dict.fromkeys(days, "Int64")), folder / "best_responses.csv")
    write_table(derive_rates(best_responses), folder / "rates.csv")


def say_best(best_responses: pd.DataFrame) -> None:
    """Print how many subjects have each best response, and the rates."""
    from recist.rates import derive_rates

    counts = best_responses.groupby(["reader", "best_response"], sort=True).size()
    confirmed = best_responses.groupby(["reader", "confirmed_best_response"], sort=True).size()
    keys = sorted(set(counts.index) | set(confirmed.index))
    rows = [(reader, word, counts.get((reader, word), 0), confirmed.get((reader, word), 0)) for reader, word in keys]
    titles = ("reader", "best response", "subjects, unconfirmed", "subjects, confirmed")
    say_table("Best overall response without and with confirmation: each subject is once in either", titles, rows)
    rates = derive_rates(best_responses)
    shown = rates[rates["rate"].isin(SHOWN)]
    lines = [
        (
            row.reader,
            row.rate,
            f"{row.responders} of {row.subjects}",
            f"{row.percent:g}",
            f"{row.lower:g}–{row.upper:g}",
        )
        for row in shown.itertuples()
    ]
    header = ("reader", "rate", "subjects", "%", "95 % interval, %")
    say_table(
        "Rates: every row of best_responses.csv is in the denominator, also who was never assessed", header, lines
    )


def say_problems_to_look_at(problems: pd.DataFrame) -> None:
    """Print how many problems there are, by code."""
    for message in problems.loc[problems["code"] == "unread_subjects", "message"]:
        say(f"note: {message}")
    codes = problems["code"].value_counts()
    detail = ", ".join(f"{code} {number}" for code, number in codes.items())
    say(f"problems to look at: {len(problems)}" + (f" ({detail})" if detail else ""))
