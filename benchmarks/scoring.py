"""How fast lesions become responses, beside other programs, in one run.

Run: python benchmarks/scoring.py [--patients 1000,100000] [--shuffle] [--names] [--rounds 5]
     python benchmarks/scoring.py --full 1000000      every column, reason and check of recist.score: seconds and memory
     python benchmarks/scoring.py --one               one patient, five lesions, six visits
Polars and DuckDB are compared where they are installed (pip install polars duckdb), data.table with --data-table
where Rscript has it.
All follow the same simple rules: PD may be called on an incomplete sum, CR is followed by anything, two responses at
least 28 days apart confirm each other. Sizes are whole millimetres and thresholds products of whole numbers, so all
answers must be the same. Methods take turns within a round; medians and their ratio to ours are printed.
"""

import argparse
import resource
import time

import numpy as np
import numpy.typing as npt
import pandas as pd
from scoring_peers import Answer, has_data_table, peers_of, time_data_table

from recist.criteria import BestResponse, OverallResponse
from recist.response import score, score_coded

SEED, VISIT_DAYS = 5, 42
WORDS = ("CR", "PR", "SD", "PD", "NE")
OPTIONS = {"post_cr": "as_is", "confirmation_between": "any"}
NON_TARGET_SHARES = (0.15, 0.5, 0.02, 0.03, 0.3)
WARM_UP = 50
MILLION, KIBIBYTES = 1e6, 1024**2


def make_tables(n_patients: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw patients of three to nine visits with one to five target lesions, whose sizes drift as a whole."""
    rng = np.random.default_rng(SEED)
    n_visits, n_lesions = rng.integers(3, 10, n_patients), rng.integers(1, 6, n_patients)
    patient = np.repeat(np.arange(n_patients, dtype=np.int32), n_visits)
    visit = (np.arange(len(patient)) - np.repeat(np.cumsum(n_visits) - n_visits, n_visits)).astype(np.int16)
    drift = np.exp(np.repeat(rng.normal(-0.03, 0.12, n_patients), n_visits) * visit)
    visits = pd.DataFrame(
        {
            "patient": patient,
            "visit": visit,
            "day": (VISIT_DAYS * visit + rng.integers(-5, 6, len(visit)) * (visit > 0)).astype(np.int32),
            "nt": rng.choice(np.arange(5, dtype=np.int8), len(visit), p=NON_TARGET_SHARES),
            "new": ((rng.random(len(visit)) < 0.03) & (visit > 0)).astype(np.int8),
        }
    )
    rows = np.repeat(np.arange(len(visits)), n_lesions[patient])
    first = np.cumsum(n_lesions[patient]) - n_lesions[patient]
    lesion = np.arange(len(rows)) - first[rows]
    known = (np.cumsum(n_lesions) - n_lesions)[patient[rows]] + lesion
    size = rng.uniform(12, 70, n_lesions.sum())[known] * drift[rows] * np.exp(rng.normal(0, 0.07, len(rows)))
    size = np.where((rng.random(n_patients) < 0.06)[patient[rows]] & (visit[rows] > 2), 0, np.round(size))
    size[(rng.random(len(rows)) < 0.01) & (visit[rows] > 0)] = np.nan
    lesions = pd.DataFrame(
        {
            "patient": patient[rows],
            "visit": visit[rows],
            "lesion": lesion.astype(np.int8),
            "node": (rng.random(n_lesions.sum()) < 0.25)[known],
            "diam": size.astype(np.float32),
        }
    )
    return lesions, visits


def ours(lesions: pd.DataFrame, visits: pd.DataFrame) -> Answer:
    """Score, and number the words as the peers do."""
    found = score_coded(lesions, visits, options=OPTIONS)
    overall = np.array([_number(word) for word in OverallResponse], dtype=np.int8)
    best = np.array([_number(word) for word in BestResponse], dtype=np.int8)
    return overall[found.overall], best[found.confirmed_best]


def _number(word: str) -> int:
    return WORDS.index(word) if word in WORDS else len(WORDS)


def touch_every_byte(lesions: pd.DataFrame, visits: pd.DataFrame) -> None:
    """Read all numbers once: no method can be faster than this."""
    for table in (lesions, visits):
        for name in table.columns:
            held = table[name].to_numpy().view(np.uint8)
            np.bitwise_or.reduce(held[: len(held) // 8 * 8].view(np.uint64))


def compare(n_patients: int, given: argparse.Namespace) -> None:
    """Time every method on one size and print the table."""
    lesions, visits = make_tables(n_patients)
    if given.shuffle:
        lesions, visits = (table.sample(frac=1, random_state=1, ignore_index=True) for table in (lesions, visits))
    if given.names:
        names = pd.Series([f"TRIAL-{number // 89:04d}-{number:07d}" for number in range(n_patients)])
        lesions, visits = (
            table.assign(patient=names.iloc[table["patient"]].to_numpy()).astype({"patient": "string[pyarrow]"})
            for table in (lesions, visits)
        )
    methods = {"ours": lambda: ours(lesions, visits)}
    if not given.names:
        methods["touch every byte once"] = lambda: touch_every_byte(lesions, visits)
    methods |= peers_of(lesions, visits)
    expected = methods["ours"]()
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for turn in range(given.rounds):
        for name in list(methods)[turn % len(methods) :] + list(methods)[: turn % len(methods)]:
            started = time.perf_counter()
            answer = methods[name]()
            seconds[name].append(time.perf_counter() - started)
            if isinstance(answer, tuple):
                _require_same(name, answer, expected)
    if not given.names and given.data_table and has_data_table():
        middle, overall, best_sum = time_data_table(lesions, visits)
        seconds["R data.table"] = [middle]
        assert isinstance(expected, tuple)
        assert (overall, best_sum) == tuple(int(part.sum()) for part in expected), "R gives other responses"
    best = float(np.median(seconds["ours"]))
    print(f"{n_patients:,} patients, {len(visits):,} visits, {len(lesions):,} lesion rows, {given.rounds} rounds")
    for name, times in sorted(seconds.items(), key=lambda item: np.median(item[1])):
        middle = float(np.median(times))
        print(f"  {name:<22} {middle / n_patients * MILLION:9.3f} µs a patient   {middle / best:8.2f} ×")


def _require_same(name: str, answer: tuple[npt.NDArray[np.int8], ...], expected: object) -> None:
    assert isinstance(expected, tuple)
    for part, other in zip(answer, expected, strict=True):
        assert np.array_equal(part, other), f"{name} gives other responses"


def make_measurements(n_patients: int, n_visits: int = 6, n_lesions: int = 4) -> pd.DataFrame:
    """Write the table `measurements`: targets, one of them a node, and a non-target lesion; text as categories."""
    rng = np.random.default_rng(SEED)
    patient = np.repeat(np.arange(n_patients), n_visits * n_lesions)
    visit = np.tile(np.repeat(np.arange(n_visits), n_lesions), n_patients)
    lesion = np.tile(np.arange(n_lesions), n_patients * n_visits)
    drift = np.exp(np.cumsum(rng.normal(-0.05, 0.12, (n_patients, n_visits, 1)), axis=1))
    drift[:, 0] = 1
    size = (rng.uniform(20, 80, (n_patients, 1, n_lesions)) * drift).round(1).reshape(-1)
    is_target = lesion < n_lesions - 1
    start = np.datetime64("2018-01-01") + rng.integers(0, 1000, n_patients)
    words = pd.Categorical.from_codes
    return pd.DataFrame(
        {
            "subject": words(patient, pd.Index([f"S{number:07d}" for number in range(n_patients)])),
            "timepoint": words(visit, pd.Index(["baseline", *(f"week {6 * k}" for k in range(1, n_visits))])),
            "date": (start[patient] + VISIT_DAYS * visit).astype("datetime64[ns]"),
            "lesion": words(lesion, pd.Index([f"T{k + 1}" for k in range(n_lesions - 1)] + ["NT1"])),
            "role": words((~is_target).astype(int), pd.Index(["target", "non_target"])),
            "site": words(lesion % 4, pd.Index(["liver", "lung", "lymph node", "pleura"])),
            "nodal": lesion == 2,
            "state": words((~is_target).astype(int), pd.Index(["measured", "present"])),
            "diameter_mm": np.where(is_target, size, np.nan),
            "slice_thickness_mm": 5.0,
        }
    )


def score_fully(n_patients: int) -> None:
    """Time the whole engine once and print its peak memory."""
    score(make_measurements(WARM_UP))
    measurements = make_measurements(n_patients)
    started = time.perf_counter()
    scored = score(measurements)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES
    print(f"{n_patients:,} patients, {len(measurements):,} rows, {len(scored.responses):,} responses")
    print(f"  {seconds:.1f} s, {seconds / n_patients * MILLION:.1f} µs a patient, peak {peak:.1f} GiB")


def score_one(rounds: int = 200) -> None:
    """Time one patient again and again."""
    patient = make_measurements(1, n_visits=6, n_lesions=5)
    score(patient)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        score(patient)
        times.append(time.perf_counter() - started)
    print(f"one patient: {np.median(times) * 1000:.1f} ms, fastest {min(times) * 1000:.1f} ms")


def main() -> None:
    """Run what was asked for."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--patients", default="1000,100000")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--shuffle", action="store_true")
    arguments.add_argument("--names", action="store_true")
    arguments.add_argument("--data-table", action="store_true")
    arguments.add_argument("--full", type=int)
    arguments.add_argument("--one", action="store_true")
    given = arguments.parse_args()
    if given.full:
        score_fully(given.full)
    elif given.one:
        score_one()
    else:
        for size in given.patients.split(","):
            compare(int(size), given)


if __name__ == "__main__":
    main()
