"""The figure of docs/truth.md: what is covered, what is rejected, and the second treatment both ways."""

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from survival.figures.style import COLOURS, GRID, INK, QUIET, report_style

COVERAGE_GOAL, REJECTION_GOAL = (90.0, 98.0), (3.5, 6.5)
BIASED = "as published"
GOOD, BAD = COLOURS[0], COLOURS[1]
SIGNIFICANT = 0.05


def draw_truth(coverage: pd.DataFrame, rejections: pd.DataFrame, cohorts: pd.DataFrame, folder: Path) -> None:
    """Draw three panels and write them as truth.svg and truth.png."""
    with report_style():
        figure = Figure(figsize=(7.1, 6.6), layout="constrained")
        panels = figure.subplot_mosaic([["covered", "second"], ["rejected", "rejected"]])
        _draw_shares(
            panels["covered"],
            coverage.rename(columns={"term": "name", "covered": "share"}),
            COVERAGE_GOAL,
            title="How often 95 % intervals hold the truth",
            nominal=95.0,
        )
        _draw_shares(
            panels["rejected"],
            rejections.rename(columns={"comparison": "name", "rejected": "share"}),
            REJECTION_GOAL,
            title="How often p < 0.05 where nothing matters",
            nominal=5.0,
        )
        _draw_second_treatment(panels["second"], cohorts)
        for kind in ("svg", "png"):
            figure.savefig(folder / f"truth.{kind}", dpi=130, metadata={"Date": None} if kind == "svg" else None)


def _draw_shares(axes: Axes, rows: pd.DataFrame, goal: tuple[float, float], *, title: str, nominal: float) -> None:
    share, lower, upper = (100 * rows[name].to_numpy() for name in ("share", "lower", "upper"))
    place = np.arange(len(rows))[::-1]
    names = [name.replace("_", " ") for name in rows["name"]]
    colours = [BAD if BIASED in name else GOOD for name in names]
    axes.axvspan(*goal, color=GRID, zorder=0)
    axes.axvline(nominal, color=QUIET, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    axes.hlines(place, lower, upper, colors=colours, linewidth=1.4)
    axes.scatter(share, place, c=colours, s=22, zorder=3)
    axes.set_yticks(place, names)
    axes.set_xlabel("% of cohorts")
    axes.set_title(title, loc="left", fontsize=9, color=INK, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_second_treatment(axes: Axes, cohorts: pd.DataFrame) -> None:
    ratio = np.exp(np.sort(cohorts["second_treatment estimate"].to_numpy()))
    naive = 100 * float((cohorts["naive p"] < SIGNIFICANT).mean())
    axes.hist(ratio, bins=np.exp(np.linspace(np.log(0.55), np.log(1.8), 22)).tolist(), color=GOOD, alpha=0.85)
    axes.axvline(1, color=INK, linewidth=1)
    axes.set_xscale("log")
    axes.set_xticks([0.6, 0.8, 1.0, 1.25, 1.6], ["0.6", "0.8", "1.0", "1.25", "1.6"])
    axes.minorticks_off()
    axes.set_xlabel("Start-stop hazard ratio")
    axes.set_ylabel("Cohorts")
    axes.set_title(
        f"A second treatment without effect\n(naive split: p < 0.05 in {naive:.0f} %)",
        loc="left",
        fontsize=9,
        color=INK,
        fontweight="bold",
    )
    axes.spines[["top", "right"]].set_visible(False)
