"""The page and its folder: self-contained, readable by a screen reader, the same numbers everywhere, every time."""

import hashlib
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from recist.errors import DataError
from survival.cohort import read_cohort
from survival.options import make_options, read_options
from survival.reporting.build import build_report, write_report

REFERENCE = Path(__file__).parent / "reference_headline"
FLOW = """domain,step,kind,label,n
cohort,0,box,subjects,212
cohort,0,excluded,no treatment recorded,1
cohort,1,box,treated,211
imaging,0,box,treated,211
imaging,0,excluded,no CT,86
imaging,1,box,evaluable first follow-up,125
imaging,1,split,image,63
imaging,1,split,report,62
"""
OPTIONS = {"bootstrap": 200, "published": "kane-2018", "study": "A < B & C"}


class _Outline(HTMLParser):
    """Collect what a screen reader would meet."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.counts: dict[str, int] = {}
        self.scopeless = 0
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(str(given["id"]))
        self.scopeless += tag == "th" and "scope" not in given
        self.addresses += [str(given[name]) for name in ("src", "href", "xlink:href") if name in given]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("cohort")
    for name in ("cohort.csv", "spans.csv"):
        (source / name).write_bytes((REFERENCE / name).read_bytes())
    (source / "flow.csv").write_text(FLOW, encoding="utf-8")
    out = tmp_path_factory.mktemp("report") / "out"
    write_report(build_report(read_cohort(source), make_options(OPTIONS)), out)
    return out


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(page: str) -> _Outline:
    parsed = _Outline()
    parsed.feed(page)
    return parsed


def test_the_page_fetches_nothing(outline: _Outline, page: str) -> None:
    assert [address for address in outline.addresses if not address.startswith("#")] == []
    assert "@import" not in page
    assert "script" not in outline.counts


def test_headings_never_skip_a_level(outline: _Outline) -> None:
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))


def test_every_table_has_a_caption_and_every_header_a_scope(outline: _Outline) -> None:
    assert outline.counts["caption"] == outline.counts["table"]
    assert outline.scopeless == 0


def test_every_figure_is_named_and_described(outline: _Outline, page: str) -> None:
    n = page.count("<svg")
    assert n >= 8
    assert len(re.findall(r'<svg[^>]*role="img" aria-labelledby=', page)) == n
    assert page.count("<desc id=") == n


def test_no_id_occurs_twice_and_every_link_has_a_target(outline: _Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    assert {address[1:] for address in outline.addresses} <= set(outline.ids)


def test_words_from_the_settings_are_escaped(page: str) -> None:
    assert "<title>A &lt; B &amp; C</title>" in page


def test_every_number_of_the_json_stands_in_the_csv_of_its_table(folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    tables = {path.stem for path in (folder / "tables").glob("*.csv")}

    assert set(results["tables"]) == tables
    for name, table in results["tables"].items():
        frame = pd.read_csv(folder / "tables" / f"{name}.csv", index_col="row", dtype={"row": str})
        assert list(frame.index) == list(table["rows"])
        for row, values in table["rows"].items():
            for column, value in values.items():
                if isinstance(value, int | float):
                    assert float(frame.loc[row, column]) == pytest.approx(value, rel=1e-12), (name, row, column)


def test_the_json_names_its_inputs_by_sha_256(folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    expected = hashlib.sha256((REFERENCE / "cohort.csv").read_bytes()).hexdigest()

    assert {"file": "cohort.csv", "sha256": expected} in results["inputs"]
    assert results["options"]["seed"] == 211


def test_every_figure_is_there_as_svg_png_and_pdf(folder: Path) -> None:
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    found = {path.name for path in (folder / "figures").iterdir()}

    assert found == {f"{name}.{kind}" for name in results["figures"] for kind in ("svg", "png", "pdf")}
    assert {"flow_figure", "km_os", "km_pfs", "km_os_imaging", "simon_makuch", "forest"} <= set(results["figures"])


def test_a_second_run_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("cohort.csv", "spans.csv"):
        (source / name).write_bytes((REFERENCE / name).read_bytes())
    (source / "flow.csv").write_text(FLOW, encoding="utf-8")

    write_report(build_report(read_cohort(source), make_options(OPTIONS)), tmp_path / "out")

    for name in ("results.json", "report.html", "figures/km_os.svg", "figures/forest.svg", "tables/cox.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes(), name


def test_drawing_leaves_matplotlib_as_it_was(folder: Path) -> None:
    import matplotlib as mpl

    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    assert mpl.rcParams["svg.hashsalt"] is None


def test_progression_free_survival_is_not_split_by_progression(folder: Path, page: str) -> None:
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))["tables"]["by_response"]["rows"]

    assert (rows["imaging_pfs"]["good"], rows["imaging_pfs"]["bad"]) == ("Response (CR or PR)", "Stable disease (SD)")
    assert "PD is itself the event" in page


def _minimal(folder: Path, **columns: list[object]) -> Path:
    days = [30, 60, 90, 120, 150, 180, 210, 240]
    table = pd.DataFrame({"subject": [f"S{day}" for day in days], "os_days": days, "os_event": [1, 0] * 4, **columns})
    table.to_csv(folder / "cohort.csv", index=False)
    return folder / "cohort.csv"


def test_a_cohort_of_survival_times_only_still_gives_a_report(tmp_path: Path) -> None:
    report = build_report(read_cohort(_minimal(tmp_path)), make_options({"bootstrap": 100}))

    write_report(report, tmp_path / "out")

    assert [figure.name for figure in report.figures] == ["km_os"]
    assert any("imaging_response" in sentence for sentence in report.left_out)
    assert any("flow.csv" in sentence for sentence in report.left_out)


def test_one_group_column_gives_curves_and_a_comparison(tmp_path: Path) -> None:
    path = _minimal(tmp_path, arm=["A", "A", "A", "A", "B", "B", "B", "B"])

    report = build_report(read_cohort(path), make_options({"bootstrap": 100}))

    table = next(table for table in report.tables if table.name == "os_by_arm")
    assert table.numbers.loc["group: A", "n"] == 4
    # A: deaths on days 30 (1 of 4 at risk) and 90 (1 of 2): S = 3/4, then 3/8; half is passed on day 90
    assert table.numbers.loc["group: A", "median_months"] == pytest.approx(90 / 30.4375)


def test_a_median_that_is_not_reached_is_said_in_words(tmp_path: Path) -> None:
    path = _minimal(tmp_path, os_event=[0] * 8)

    report = build_report(read_cohort(path), make_options({"bootstrap": 100}))

    fact = next(fact for fact in report.facts if fact.value == "not reached")
    assert fact.detail == "n = 8, 0 events"


def test_a_fault_while_writing_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = build_report(read_cohort(_minimal(tmp_path)), make_options({"bootstrap": 100}))
    monkeypatch.setattr("survival.reporting.build.render_html", lambda report: (_ for _ in ()).throw(DataError([])))

    with pytest.raises(DataError):
        write_report(report, tmp_path / "out")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["cohort.csv"]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Report on a table as public data sets have it: subject, time, death, arm."""
    folder = tmp_path_factory.mktemp("public")
    path = _minimal(folder, arm=["A", "B"] * 4)
    config = folder / "study.toml"
    config.write_text('[study]\nname = "Trial X"\n[survival]\nbootstrap = 100\n', encoding="utf-8")
    write_report(build_report(read_cohort(path), read_options(config)), folder / "out")
    return folder / "out"


def test_without_a_response_nothing_speaks_of_landmarks_gains_or_treatments(public: Path) -> None:
    page = (public / "report.html").read_text(encoding="utf-8")
    words = re.sub(
        r"<style>.*?</style>|<table class=.settings.*?</table>|<section id=.left-out.*?</section>", "", page, flags=re.S
    )

    for word in ("landmark", "biased", "first treatment", "Clopper"):
        assert word not in words


def test_the_contents_name_only_what_is_there_and_one_section_for_what_is_not(public: Path) -> None:
    page = (public / "report.html").read_text(encoding="utf-8")

    contents = re.findall(r'<li><a href="#[^"]*">([^<]*)</a>', page)

    assert contents == [
        "Summary",
        "Survival",
        "Survival by group",
        "Reporting checklists",
        "Left out",
        "Methods and settings",
    ]


def test_the_arms_of_a_trial_are_called_by_their_names(public: Path) -> None:
    header = (public / "tables" / "os_by_arm.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    table = pd.read_csv(public / "tables" / "os_by_arm.csv", index_col="row")

    assert not [name for name in header if name.startswith(("good", "bad"))]
    assert (table.loc["comparison", "compared"], table.loc["comparison", "reference"]) == ("B", "A")


def test_the_study_file_gives_the_title(public: Path) -> None:
    assert "<h1>Trial X</h1>" in (public / "report.html").read_text(encoding="utf-8")


def test_printed_a_table_keeps_its_title_with_its_rows_and_a_folded_one_is_open(page: str) -> None:
    printed = page.partition("@media print")[2].partition("</style>")[0]

    assert '<details class="folded"' in page
    assert "details::details-content { display: block; content-visibility: visible;" in printed
    assert "caption, thead, tr.heading { break-after: avoid; }" in printed
    assert ".wide::before" in printed


def test_one_patient_is_not_called_patients(tmp_path: Path) -> None:
    (tmp_path / "cohort.csv").write_text("subject,os_days,os_event\nA,100,1\n", encoding="utf-8")

    report = build_report(read_cohort(tmp_path), make_options({}))

    assert report.subtitle.startswith("1 patient;")
    assert report.facts[0].detail.startswith("1 death;")
    assert "n = 1, 1 event." in report.figures[0].caption
