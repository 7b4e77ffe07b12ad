"""The same scoring written for other programs, for `scoring.py` to compare with.

Words are numbered CR 0, PR 1, SD 2, PD 3, NE 4. Each method gives the overall responses in the order of patient and
visit, and the best responses in the order of the patients.
"""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

Answer = tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]
CR, PR, SD, PD, NE = range(5)
KEY = ["patient", "visit"]

TARGET_SQL = """CASE WHEN complete AND seen = 0 THEN 0
  WHEN total - nadir >= 5 AND 5 * (total - nadir) >= nadir THEN 3
  WHEN NOT complete THEN 4 WHEN 10 * (baseline - total) >= 3 * baseline THEN 1 ELSE 2 END"""
OVERALL_SQL = """CASE WHEN target = 3 OR nt = 2 OR "new" = 1 THEN 3 WHEN target = 4 THEN 4
  WHEN target = 0 AND nt NOT IN (0, 4) THEN 1 ELSE target END"""
BEST_SQL = """CASE WHEN max(day) FILTER (overall = 0) - min(day) FILTER (overall = 0) >= 28 THEN 0
  WHEN max(day) FILTER (overall <= 1) - min(day) FILTER (overall <= 1) >= 28 THEN 1
  WHEN bool_or(overall <= 2 AND day >= 42) THEN 2 WHEN bool_or(overall = 3) THEN 3 ELSE 4 END"""
RESPONSES_SQL = """WITH added AS (
  SELECT patient, visit, count(*) AS n, count(size) AS n_known, coalesce(sum(size), 0) AS total,
    count(*) FILTER (CASE WHEN node THEN size >= 10 ELSE size > 0 END) AS seen
  FROM (SELECT *, CASE WHEN isnan(diam) THEN NULL ELSE diam::INTEGER END AS size FROM lesions) GROUP BY ALL),
known AS (
  SELECT visits.*, total, seen, n_known = n_zero AND n = n_known AS complete, baseline FROM visits
  JOIN added USING (patient, visit)
  JOIN (SELECT patient, n AS n_zero, total AS baseline FROM added WHERE visit = 0) USING (patient)),
walked AS (
  SELECT *, min(CASE WHEN complete THEN total END) OVER (
    PARTITION BY patient ORDER BY visit ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS nadir FROM known),
decided AS (SELECT *, TARGET_RULE AS target FROM walked WHERE visit > 0)
SELECT patient, visit, day, (OVERALL_RULE)::TINYINT AS overall FROM decided ORDER BY patient, visit""".replace(
    "TARGET_RULE", TARGET_SQL
).replace("OVERALL_RULE", OVERALL_SQL)
BEST_OF_SQL = """SELECT patient, (BEST_RULE)::TINYINT AS best FROM (
  SELECT *, coalesce(sum((overall = 3)::INTEGER) OVER (
    PARTITION BY patient ORDER BY visit ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS n_before
  FROM responses)
WHERE n_before = 0 GROUP BY patient ORDER BY patient""".replace("BEST_RULE", BEST_SQL)

R_CODE = """suppressMessages(library(data.table)); folder <- commandArgs(TRUE)[1]; setDTthreads(2)
L <- fread(file.path(folder, "lesions.csv"), na.strings = ""); V <- fread(file.path(folder, "visits.csv"))
score <- function() {
  A <- L[, .(n = .N, n_known = sum(!is.na(diam)), total = sum(diam, na.rm = TRUE),
    seen = sum(fifelse(node == 1, diam >= 10, diam > 0), na.rm = TRUE)), keyby = .(patient, visit)]
  M <- A[V, on = .(patient, visit)]; setkey(M, patient, visit)
  M[A[visit == 0], `:=`(n_zero = i.n, baseline = i.total), on = "patient"]
  M[, complete := n_known == n_zero & n == n_known]
  M[, nadir := shift(cummin(fifelse(complete, as.numeric(total), Inf))), by = patient]; M <- M[visit > 0]
  M[, target := fcase(complete & seen == 0, 0, total - nadir >= 5 & 5 * (total - nadir) >= nadir, 3, !complete, 4,
    10 * (baseline - total) >= 3 * baseline, 1, default = 2)]
  M[, overall := fcase(target == 3 | nt == 2 | new == 1, 3, target == 4, 4, target == 0 & !nt %in% c(0, 4), 1,
    rep(TRUE, .N), target)]
  B <- M[, .SD[cumsum(overall == 3) - (overall == 3) == 0], by = patient, .SDcols = c("overall", "day")]
  B[, `:=`(c = fifelse(overall == 0, day, NA_integer_), r = fifelse(overall <= 1, day, NA_integer_))]
  span <- function(days) diff(range(as.numeric(days), na.rm = TRUE))
  S <- B[, .(c = span(c), r = span(r), s = any(overall <= 2 & day >= 42),
    p = any(overall == 3)), keyby = patient]
  best <- S[, fcase(is.finite(c) & c >= 28, 0, is.finite(r) & r >= 28, 1, s, 2, p, 3, default = 4)]
  c(sum(M$overall), sum(best))
}
options(warn = -1); sums <- score()
cat(median(sapply(1:3, function(k) system.time(score())[["elapsed"]])), sums)
"""


def _decide(m: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Decide the overall responses from whole numbers of millimetres."""
    grown, fallen = m["total"] - m["nadir"], m["baseline"] - m["total"]
    target = np.select(
        [
            m["complete"] & (m["seen"] == 0),
            (grown >= 5) & (5 * grown >= m["nadir"]),
            ~m["complete"],
            10 * fallen >= 3 * m["baseline"],
        ],
        [CR, PD, NE, PR],
        SD,
    )
    progressed = (target == PD) | (m["nt"] == 2) | (m["new"] == 1)
    with_others = (target == CR) & ~m["nt"].isin([0, 4])
    return np.select([progressed, target == NE, with_others], [PD, NE, PR], target).astype(np.int8)


def pandas_vectorised(lesions: pd.DataFrame, visits: pd.DataFrame) -> Answer:
    seen = np.where(lesions["node"], lesions["diam"] >= 10, lesions["diam"] > 0)
    by_visit = lesions.assign(seen=seen).groupby(KEY, sort=True)
    added = by_visit.agg(n=("diam", "size"), n_known=("diam", "count"), total=("diam", "sum"), seen=("seen", "sum"))
    m = visits.sort_values(KEY).merge(added.reset_index(), on=KEY, how="left")
    zero = m[m["visit"] == 0].set_index("patient")
    m["baseline"] = m["patient"].map(zero["total"])
    m["complete"] = (m["n_known"] == m["patient"].map(zero["n"])) & (m["n"] == m["n_known"])
    lowest = m["total"].where(m["complete"]).groupby(m["patient"]).cummin()
    m["nadir"] = lowest.groupby(m["patient"]).ffill().groupby(m["patient"]).shift()
    m = m[m["visit"] > 0].copy()
    overall = m["overall"] = _decide(m)
    is_pd = (m["overall"] == PD).astype(int)
    m = m[is_pd.groupby(m["patient"]).cumsum() - is_pd == 0]
    parts = pd.DataFrame(
        {
            "cr": m["day"].where(m["overall"] == CR),
            "response": m["day"].where(m["overall"] <= PR),
            "stable": (m["overall"] <= SD) & (m["day"] >= 42),
            "pd": m["overall"] == PD,
        }
    ).groupby(m["patient"], sort=True)
    first, last, holds = parts[["cr", "response"]].min(), parts[["cr", "response"]].max(), parts[["stable", "pd"]].any()
    span = last - first
    choices = [span["cr"] >= 28, span["response"] >= 28, holds["stable"], holds["pd"]]
    return overall, np.select(choices, [CR, PR, SD, PD], NE).astype(np.int8)


def numpy_scatter(lesions: pd.DataFrame, visits: pd.DataFrame) -> Answer:
    """Scatter rows into a matrix of patients and visits, then walk along its columns."""
    patient, visit = (visits[name].to_numpy(np.int64) for name in KEY)
    n_patients, n_columns = int(patient.max()) + 1, int(visit.max()) + 1
    place = patient * n_columns + visit
    row = lesions["patient"].to_numpy(np.int64) * n_columns + lesions["visit"].to_numpy(np.int64)
    size, is_node = lesions["diam"].to_numpy(np.float64), lesions["node"].to_numpy()
    known = ~np.isnan(size)

    def matrix(where: npt.NDArray[np.intp], weights: npt.NDArray[np.float64] | None = None) -> npt.NDArray[np.float64]:
        return np.bincount(where, weights, n_patients * n_columns).astype(float).reshape(n_patients, n_columns)

    n, n_known, total = matrix(row), matrix(row[known]), matrix(row[known], size[known])
    seen = matrix(row[np.where(is_node, size >= 10, size > 0)])
    complete = (n_known == n[:, :1]) & (n == n_known)
    lowest = np.minimum.accumulate(np.where(complete, total, np.inf), axis=1)
    flat = {name: np.zeros(n_patients * n_columns, visits[name].dtype) for name in ("day", "nt", "new")}
    exists = np.zeros(n_patients * n_columns, dtype=bool)
    exists[place] = True
    for name, values in flat.items():
        values[place] = visits[name].to_numpy()
    follow_up = exists.reshape(n_patients, n_columns)[:, 1:]
    day, nt, new = (values.reshape(n_patients, n_columns)[:, 1:] for values in flat.values())
    cells = {"total": total[:, 1:], "nadir": lowest[:, :-1], "baseline": np.broadcast_to(total[:, :1], day.shape)}
    cells |= {"complete": complete[:, 1:], "seen": seen[:, 1:], "nt": nt, "new": new}
    decided = _decide(pd.DataFrame({name: np.ravel(values) for name, values in cells.items()}))
    overall = np.where(follow_up, decided.reshape(day.shape), NE + 1)
    is_pd = overall == PD
    counts = (np.cumsum(is_pd, axis=1) - is_pd == 0) & follow_up

    def span(where: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.where(where, day, -(10**6)).max(axis=1) - np.where(where, day, 10**6).min(axis=1)

    stable = (counts & (overall <= SD) & (day >= 42)).any(axis=1)
    choices = [span(counts & (overall == CR)) >= 28, span(counts & (overall <= PR)) >= 28, stable]
    best = np.select([*choices, (counts & is_pd).any(axis=1)], [CR, PR, SD, PD], NE)
    return overall[follow_up].astype(np.int8), best.astype(np.int8)


def duckdb_sql(lesions: pd.DataFrame, visits: pd.DataFrame) -> Callable[[], Answer]:
    """Load both tables into DuckDB, and give the query on them."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("given_lesions", lesions)
    connection.register("given_visits", visits)
    connection.execute("CREATE TABLE lesions AS SELECT * FROM given_lesions")
    connection.execute("CREATE TABLE visits AS SELECT * FROM given_visits")

    def run() -> Answer:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE responses AS {RESPONSES_SQL}")
        overall = connection.execute("SELECT overall FROM responses").fetchnumpy()["overall"]
        return np.asarray(overall), np.asarray(connection.execute(BEST_OF_SQL).fetchnumpy()["best"])

    return run


def polars_lazy(lesions: pd.DataFrame, visits: pd.DataFrame) -> Callable[[], Answer]:
    """Take both tables into Polars, NaN as missing, and give the query on them."""
    import polars as pl

    rows, at = pl.from_pandas(lesions, nan_to_null=True), pl.from_pandas(visits)
    col = pl.col

    def run() -> Answer:
        seen = pl.when(col("node")).then(col("diam") >= 10).otherwise(col("diam") > 0)
        added = (
            rows.lazy()
            .group_by(KEY)
            .agg(
                pl.len().alias("n"),
                col("diam").count().alias("n_known"),
                col("diam").cast(pl.Int64).sum().alias("total"),
                seen.sum().alias("seen"),
            )
        )
        zero = added.filter(col("visit") == 0).select("patient", n_zero="n", baseline="total")
        complete = (col("n_known") == col("n_zero")) & (col("n") == col("n_known"))
        lowest = pl.when(col("complete")).then(col("total")).cum_min().forward_fill().shift(1).over("patient")
        grown, fallen = col("total") - col("nadir"), col("baseline") - col("total")
        target = (
            pl.when(col("complete") & (col("seen") == 0))
            .then(CR)
            .when((grown >= 5) & (5 * grown >= col("nadir")))
            .then(PD)
            .when(~col("complete"))
            .then(NE)
            .when(10 * fallen >= 3 * col("baseline"))
            .then(PR)
            .otherwise(SD)
        )
        overall = (
            pl.when((col("target") == PD) | (col("nt") == 2) | (col("new") == 1))
            .then(PD)
            .when((col("target") == CR) & ~col("nt").is_in([0, 4]))
            .then(PR)
            .otherwise(col("target"))
        )
        m = (
            at.lazy()
            .join(added, on=KEY)
            .join(zero, on="patient")
            .sort(KEY)
            .with_columns(complete=complete)
            .with_columns(nadir=lowest)
            .filter(col("visit") > 0)
            .with_columns(target=target)
            .with_columns(overall=overall.cast(pl.Int8))
            .collect()
        )
        is_pd = (col("overall") == PD).cast(pl.Int32)
        cr, response = (col("day").filter(where) for where in (col("overall") == CR, col("overall") <= PR))
        stable = ((col("overall") <= SD) & (col("day") >= 42)).any()
        best = (
            m.lazy()
            .filter((is_pd.cum_sum() - is_pd).over("patient") == 0)
            .group_by("patient")
            .agg(
                (cr.max() - cr.min()).alias("cr"),
                (response.max() - response.min()).alias("response"),
                stable.alias("stable"),
                (col("overall") == PD).any().alias("pd"),
            )
            .select(
                "patient",
                pl.when(col("cr") >= 28)
                .then(CR)
                .when(col("response") >= 28)
                .then(PR)
                .when(col("stable"))
                .then(SD)
                .when(col("pd"))
                .then(PD)
                .otherwise(NE)
                .cast(pl.Int8)
                .alias("best"),
            )
            .collect()
            .sort("patient")
        )
        return m["overall"].to_numpy(), best["best"].to_numpy()

    return run


def time_data_table(lesions: pd.DataFrame, visits: pd.DataFrame) -> tuple[float, int, int]:
    """Run R's data.table in a process of its own; give its median seconds without reading."""
    with tempfile.TemporaryDirectory() as folder:
        lesions.assign(node=lesions["node"].astype(int)).to_csv(Path(folder, "lesions.csv"), index=False)
        visits.to_csv(Path(folder, "visits.csv"), index=False)
        code = Path(folder, "score.R")
        code.write_text(R_CODE)
        told = subprocess.run(["Rscript", str(code), folder], capture_output=True, text=True, check=True).stdout
    seconds, overall, best = told.split()
    return float(seconds), int(overall), int(best)


def has_data_table() -> bool:
    """Say whether R with data.table is here."""
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(data.table)"], capture_output=True, check=False).returncode == 0


def peers_of(lesions: pd.DataFrame, visits: pd.DataFrame) -> dict[str, Callable[[], Answer]]:
    """Give the methods that are installed, each ready to run; loading the tables is not part of it."""
    peers = {"pandas": lambda: pandas_vectorised(lesions, visits)}
    if visits["patient"].dtype.kind in "iu":
        peers["numpy scatter"] = lambda: numpy_scatter(lesions, visits)
    if importlib.util.find_spec("duckdb"):
        peers["DuckDB"] = duckdb_sql(lesions, visits)
    if importlib.util.find_spec("polars"):
        peers["Polars"] = polars_lazy(lesions, visits)
    return peers
