"""The same survival analyses by R and by lifelines, for `survival_speed.py` to compare with.

Each method gives the processor seconds it took and one number, the same for all programs.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

Timed = tuple[float, float]

R_PROGRAM = r"""
suppressPackageStartupMessages(library(survival))
data <- list()
input <- file("stdin", "r")
analyses <- list(
  cox = function(d) unname(coef(coxph(Surv(time, event) ~ x1 + x2 + x3, d))[1]),
  start_stop = function(d) unname(coef(coxph(Surv(start, time, event) ~ x1 + x2 + x3 + switched, d))[1]),
  kaplan_meier = function(d) quantile(survfit(Surv(time, event) ~ group, d, conf.type = "log-log"), 0.5)$quantile[1],
  log_rank = function(d) survdiff(Surv(time, event) ~ group, d)$chisq,
  bootstrap = function(d) {
    halves <- split(seq_len(nrow(d)), d$group)
    draws <- replicate(2000, {
      rows <- unlist(lapply(halves, function(half) sample(half, replace = TRUE)))
      m <- quantile(survfit(Surv(time, event) ~ group, d[rows, ], se.fit = FALSE), 0.5, conf.int = FALSE)
      m[2] - m[1]
    })
    m <- quantile(survfit(Surv(time, event) ~ group, d), 0.5)$quantile
    m[2] - m[1]
  })
while (length(line <- readLines(input, 1)) > 0) {
  word <- strsplit(line, " ")[[1]]
  if (is.null(data[[word[2]]])) data[[word[2]]] <- read.csv(word[2])
  d <- data[[word[2]]]
  took <- system.time(value <- analyses[[word[1]]](d))
  cat(sum(took[c("user.self", "sys.self")]), format(as.numeric(value), digits = 17), "\n")
  flush(stdout())
}
"""


class RSession:
    """One R process that keeps its data, so that only the analysis itself is timed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        program = Path(self._folder.name) / "peers.R"
        program.write_text(R_PROGRAM, encoding="utf-8")
        self._process = subprocess.Popen(
            ["Rscript", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._files: dict[int, Path] = {}

    def time(self, analysis: str, table: pd.DataFrame) -> Timed:
        """Run one analysis of one table, which is handed over first if R does not have it."""
        if id(table) not in self._files:
            self._files[id(table)] = Path(self._folder.name) / f"{len(self._files)}.csv"
            table.to_csv(self._files[id(table)], index=False, float_format="%.17g")
        _pipe(self._process.stdin).write(f"{analysis} {self._files[id(table)]}\n")
        _pipe(self._process.stdin).flush()
        seconds, value = _pipe(self._process.stdout).readline().split()
        return float(seconds), float(value)

    def close(self) -> None:
        """End R."""
        _pipe(self._process.stdin).close()
        self._process.wait()
        _pipe(self._process.stdout).close()
        self._folder.cleanup()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def open_r() -> RSession | None:
    """Start R, if it is there with its package survival."""
    if shutil.which("Rscript") is None:
        return None
    asked = ["Rscript", "-e", "library(survival)"]
    return RSession() if subprocess.run(asked, capture_output=True, check=False).returncode == 0 else None


def measure(work: Callable[[], float]) -> Timed:
    """Take the processor time of all threads of this process."""
    began = time.process_time()
    value = work()
    return time.process_time() - began, value


def lifelines_cox(table: pd.DataFrame) -> float:
    from lifelines import CoxPHFitter

    columns = ["time", "event", "x1", "x2", "x3"]
    return float(CoxPHFitter().fit(table[columns], "time", "event").params_["x1"])


def lifelines_start_stop(table: pd.DataFrame) -> float:
    from lifelines import CoxTimeVaryingFitter

    fit = CoxTimeVaryingFitter().fit(table, id_col="id", event_col="event", start_col="start", stop_col="time")
    return float(fit.params_["x1"])


def lifelines_kaplan_meier(table: pd.DataFrame) -> float:
    from lifelines import KaplanMeierFitter

    fits = [KaplanMeierFitter().fit(half["time"], half["event"]) for _, half in table.groupby("group")]
    return float(fits[0].median_survival_time_)


def lifelines_log_rank(table: pd.DataFrame) -> float:
    from lifelines.statistics import multivariate_logrank_test

    return float(multivariate_logrank_test(table["time"], table["group"], table["event"]).test_statistic)


def lifelines_bootstrap(table: pd.DataFrame) -> float:
    from lifelines import KaplanMeierFitter

    def subtract(halves: list[pd.DataFrame]) -> float:
        first, second = (KaplanMeierFitter().fit(half["time"], half["event"]) for half in halves)
        return float(second.median_survival_time_ - first.median_survival_time_)

    halves, draw = [half for _, half in table.groupby("group")], np.random.default_rng(1)
    for _ in range(2000):
        subtract([half.iloc[draw.integers(0, len(half), len(half))] for half in halves])
    return subtract(halves)


LIFELINES = {
    "cox": lifelines_cox,
    "start_stop": lifelines_start_stop,
    "kaplan_meier": lifelines_kaplan_meier,
    "log_rank": lifelines_log_rank,
    "bootstrap": lifelines_bootstrap,
}
