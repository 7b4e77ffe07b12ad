"""A figure as file: the same bytes every time, words for a screen reader, letters that stay letters, ids of its own."""

import re
import zlib
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from recist.agreement.bland_altman import compute_limits
from survival.figures.bland_altman import draw_bland_altman
from survival.figures.drawn import draw_figure
from survival.figures.flow import draw_flow
from survival.figures.style import COLOURS, LINE_STYLES, add_axes_inches, new_figure
from survival.flow import Chain, Counted, Step

SVG = "{http://www.w3.org/2000/svg}"


def draw(label: str = "Months – χ² ≥ 0.067123"):
    figure = new_figure(3, 2)
    axes = add_axes_inches(figure, 0.5, 0.5, 2, 1.2)
    axes.fill_between([0, 1], [0.123456, 1], hatch="//", color=COLOURS[0])
    axes.plot([0, 1], [0, 1], marker="o", linestyle=LINE_STYLES[1])
    axes.set_xlabel(label, fontweight="bold")
    return figure


def drawn(name: str = "some_figure", label: str = "Months – χ² ≥ 0.067123"):
    return draw_figure(lambda: draw(label), name=name, title="A < B", description='Words & "more"', caption="Caption.")


def test_a_figure_drawn_twice_gives_the_same_bytes_in_every_format():
    first, second = drawn(), drawn()

    assert (first.svg, first.png, first.pdf) == (second.svg, second.png, second.pdf)


def test_no_file_tells_when_it_was_made():
    figure = drawn()

    assert b"CreationDate" not in figure.pdf
    assert b"ModDate" not in figure.pdf
    assert "<metadata>" not in figure.svg
    assert b"tIME" not in figure.png


def test_the_svg_is_sound_and_speaks_its_title_and_description():
    root = ElementTree.fromstring(drawn().svg)  # noqa: S314 - our own text

    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert [named[name] for name in root.get("aria-labelledby").split()] == ["A < B", 'Words & "more"']


def test_letters_stay_text_and_numbers_in_them_are_not_shortened():
    root = ElementTree.fromstring(drawn().svg)  # noqa: S314 - our own text
    texts = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]

    assert "Months – χ² ≥ 0.067123" in texts


def test_two_figures_on_one_page_share_no_id_and_point_to_their_own():
    first, second = drawn("first").svg, drawn("second").svg
    ids = [re.findall(r'\bid="([^"]+)"', svg) for svg in (first, second)]

    assert not set(ids[0]) & set(ids[1])
    for svg, own in zip((first, second), ids, strict=True):
        used = re.findall(r'href="#([^"]+)"', svg) + re.findall(r"url\(#([^)]+)\)", svg)
        assert used
        assert set(used) <= set(own)
        assert len(own) == len(set(own))


def test_the_svg_brings_no_style_that_would_hold_for_the_whole_page():
    assert "<style" not in drawn().svg


def test_the_pdf_carries_its_font_and_its_title():
    pdf = drawn().pdf
    inside = b"".join(
        zlib.decompress(part) for part in re.findall(rb"FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    )

    assert pdf.startswith(b"%PDF-")
    assert b"ReportSans" in pdf + inside
    assert b"/FontFile2" in pdf
    assert b"A < B" in pdf


def test_letters_of_other_scripts_are_drawn_too():
    assert drawn(label="Группа Ω").png != drawn(label="Group").png


def test_drawing_leaves_the_settings_of_others_alone():
    before = dict(mpl.rcParams)
    drawn()

    assert dict(mpl.rcParams) == before


def test_the_colours_differ_in_lightness_or_have_another_line():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    looks = {(round(lightness(colour) / 40), str(style)) for colour, style in zip(COLOURS, LINE_STYLES, strict=True)}
    assert len(looks) == len(COLOURS)


def test_bias_and_limits_stand_at_their_values_with_their_intervals():
    first = np.array([10.0, 20, 30, 40, 50, 60])
    second = first + np.array([1.0, -1, 2, 0, 3, 1])
    limits = compute_limits(first, second, np.array(list("abcdef"), dtype=object))
    figure = draw_bland_altman(first, second, limits, readers=("A", "B"), what="diameter, mm")
    axes = figure.axes[0]
    # mean 1, standard deviation √2, limits 1 ± 1.96 √2
    heights = sorted(float(line.get_ydata()[0]) for line in axes.lines)

    assert heights == pytest.approx([1 - 1.959964 * 2**0.5, 0, 1, 1 + 1.959964 * 2**0.5], abs=1e-5)
    assert any(text.get_text().startswith("lower limit −1.8\n(−") for text in axes.texts)


def test_the_flow_says_who_left_and_counts_every_arrow():
    steps = (
        Step(box=Counted(label="treated", n=20), excluded=(Counted(label="no CT", n=5),), splits=()),
        Step(box=Counted(label="evaluable", n=15), excluded=(), splits=(Counted(label="PD", n=4),)),
    )
    figure = draw_flow((Chain(domain="imaging", name="Imaging", steps=steps),))
    texts = [text.get_text().replace("\u00a0", " ") for text in figure.axes[0].texts]

    assert {"Imaging: treated (n = 20)", "5  no CT", "15", "Evaluable (n = 15)", "PD 4"} <= set(texts)
