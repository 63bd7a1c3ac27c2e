"""Charts: their colours hold for readers who lack one kind of cone, their words stay inside, whatever is drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest

from remit.core import say
from remit.documents import charts
from remit.documents.blocks import Picture
from remit.documents.charts import palette
from remit.documents.charts.drawing import lines_within, round_ends, width_of

# Machado, Oliveira and Fernandes 2009, severity 1: what a colour is to who lacks a kind of cone, in linear RGB.
SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour: str, sight: str) -> list[float]:
    rgb = linear(colour)
    return [min(max(sum(a * b for a, b in zip(row, rgb, strict=True)), 0.0), 1.0) for row in SIGHT[sight]]


def luminance(rgb: list[float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* under D65."""
    x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505
    z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089

    def f(t: float) -> float:
        return t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116

    y = luminance(rgb)
    return 116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("pair", palette.NEIGHBOURS)
def test_neighbouring_colours_are_told_apart(pair: tuple[str, str], sight: str) -> None:
    """A difference of 2.3 can be seen beside each other; ten times as much is seen across a page."""
    one, other = (lab(seen(colour, sight)) for colour in pair)
    assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 23


@pytest.mark.parametrize(
    ("colour", "least"),
    [(palette.INK, 4.5), (palette.SOFT, 4.5), (palette.RULE, 4.5), (palette.HERE, 4.5), (palette.GOOD, 4.5),
     (palette.POOR, 4.5), (palette.QUIET, 3.0)],
)  # fmt: skip
def test_colours_stand_out_from_paper(colour: str, least: float) -> None:
    """WCAG 2.2: 4.5 to 1 for words, 3 to 1 for shapes; no word is written in `QUIET`."""
    assert 1.05 / (luminance(linear(colour)) + 0.05) >= least


LONG = "The Surgery at Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and the Neighbouring Villages"
MARKUP = "Smith & Sons <b>\u202e"


def money(value: Fraction) -> str:
    return say.money(int(value))


def drawn() -> list[tuple[str, Picture]]:
    """Each kind of chart with names that are long, hold markup or are empty, and with values that are not known."""
    f, steps = Fraction, [
        charts.Step("1", f"Is on the register ({LONG})?", no=f"Not counted: {LONG}"),
        charts.Step("2", MARKUP, yes="Numerator", yes_tone="good"),
        charts.Step("10.2", "x" * 200, yes="y" * 100, no="Denominator"),
    ]  # fmt: skip
    rows = [charts.Bar(LONG, f(2, 3), "66.7% (61.1% to 72.0%)", f(61, 100), f(72, 100), "poor")]
    line = ((f(0), f(0)), (f(1, 2), f(0)), (f(1, 2), f(1, 2)), (f(4, 5), f(1)), (f(1), f(1)))
    marks = ((f(1, 2), "50%", "12.5"), (f(4, 5), "80%", "25 points"))
    days = [(date(2024, 4, 1), "the year begins"), (date(2025, 3, 31), "achievement date"), (date(2025, 3, 31), LONG)]
    return [
        ("line", charts.line(charts.PaymentLine(line, marks, (f(1), f(1)), "here: 99.999999%", f(0), f(1), LONG))),
        ("line", charts.line(charts.PaymentLine(line, marks, (f(0), f(0)), "here: 0%", f(0), f(1), MARKUP))),
        ("bars", charts.bars([*rows, charts.Bar(MARKUP, None, "hidden")], "a", compared_with=(f(1), LONG))),
        ("bars", charts.bars([charts.Bar("", f(0), "0%")], "a")),
        ("strips", charts.strips([charts.Strip(LONG, f(1), "100%"), charts.Strip(MARKUP, None, "not known")], "a",
                                 [(f(4, 5), "upper threshold, 80%"), (f(81, 100), "upper threshold, 81%")])),
        ("strips", charts.strips([], "a")),
        ("spread", charts.spread([charts.Spread(LONG, [f(n, 9) for n in range(9)], (f(1, 2), f(4, 5)), "200 earn all"),
                                  charts.Spread(MARKUP, [], (), "not known")], "a")),
        ("spread", charts.spread([], "a", ends=(f(0), f(1)))),
        ("density", charts.density([(f(n), f(n * n)) for n in range(400)], "Many pairs.", money, LONG[:60], "After")),
        ("lorenz", charts.lorenz([(f(0), f(0)), (f(1), f(1))], [(f(0), f(0)), (f(1, 2), f(1, 4)), (f(1), f(1))],
                                 "Two curves.", "Share of patients", "Share of pounds")),
        ("before_after", charts.before_after([charts.Change(LONG, f(1), f(10**9), "+£9,999,999.99"),
                                              charts.Change(MARKUP, None, f(3), "not known yet"),
                                              charts.Change("same", f(5), f(5), "no change")], "a", money)),
        ("gains", charts.gains([-5, 0, 10**8], "a", money, (f"Most lost: {LONG}", f"Most gained: {LONG}"))),
        ("gains", charts.gains([], "a", money)),
        ("gains", charts.gains(range(-3000, 3000), "a", money)),
        ("history", charts.history([charts.Value(date(2024, 5, n), f(130 + n), f"{130 + n}/80", n % 2 == 0)
                                    for n in range(1, 31)], "a", [(f(140), "at most 140"), (f(141), LONG)], days,
                                   charts.Span(date(2024, 3, 31), date(2025, 3, 31), "12 months"))),
        ("history", charts.history([charts.Value(date(2024, 2, 29), f(5))], "a")),
        ("trends", charts.trends([charts.Trend(LONG, [(date(2024, n, 1), f(n, 13)) for n in range(1, 13)], "8% to 92%"),
                                  charts.Trend(MARKUP, [], "not known"),
                                  charts.Trend("", [(date(2024, 5, 31), f(1, 100))], "1%")], "a")),
        ("trends", charts.trends([charts.Trend("x" * 200, [(date(2024, 5, 31), f(1))], "100%")], "a")),
        *(("flow", picture) for picture in charts.flow(LONG, steps * 8, MARKUP, "Rules")),
        *(("flow", picture) for picture in charts.flow("Everyone", steps[:1], "", "Rules")),
    ]  # fmt: skip


def places(node: ElementTree.Element, down: float = 0.0) -> list[tuple[float, float, float, float]]:
    """The box of every word and shape: left, top, right, bottom."""
    boxes = []
    moved = re.fullmatch(r"translate\(0 ([0-9.]+)\)", node.get("transform", ""))
    down += float(moved[1]) if moved else 0
    tag = node.tag.rsplit("}")[-1]
    number = {key: float(value) for key, value in node.attrib.items() if re.fullmatch(r"-?[0-9.]+", value)}
    if tag == "text":
        wide = width_of(node.text or "", number.get("font-size", 13), node.get("font-weight") == "bold")
        left = number["x"] - {"start": 0.0, "middle": wide / 2, "end": wide}[node.attrib["text-anchor"]]
        boxes.append((left, number["y"] - 12 + down, left + wide, number["y"] + 3 + down))
    elif tag == "rect":
        boxes.append(
            (number["x"], number["y"] + down, number["x"] + number["width"], number["y"] + number["height"] + down)
        )
    elif tag == "circle":
        r = number["r"]
        boxes.append((number["cx"] - r, number["cy"] - r + down, number["cx"] + r, number["cy"] + r + down))
    elif tag == "line":
        boxes.append(
            (number["x1"], min(number["y1"], number["y2"]) + down, number["x2"], max(number["y1"], number["y2"]) + down)
        )
    return boxes + [box for child in node for box in places(child, down)]


@pytest.mark.parametrize(("kind", "picture"), drawn())
def test_nothing_runs_over(kind: str, picture: Picture) -> None:
    svg = ElementTree.fromstring(picture.svg)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    for left, top, right, bottom in places(svg):
        assert left >= -1
        assert top >= -1
        assert right <= width + 1
        assert bottom <= height + 1
    assert height <= 940 or kind != "flow"  # what a page of paper has room for


@pytest.mark.parametrize(("kind", "picture"), drawn())
def test_a_chart_says_what_it_is_and_names_no_font(kind: str, picture: Picture) -> None:
    svg = ElementTree.fromstring(picture.svg)
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == picture.alt
    assert re.findall(r'font-family="([^"]*)"', picture.svg) == ["inherit"]
    assert "\u202e" not in picture.svg
    assert not re.search(r"<(script|image|a|foreignObject|style)\b|href|\bstyle=", picture.svg)


def test_the_same_chart_has_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_words_of_a_mark_never_meet() -> None:
    for kind, picture in drawn():
        if kind in ("history", "line"):
            svg = ElementTree.fromstring(picture.svg)
            texts = [box for node in svg if node.tag.endswith("text") for box in places(node)]
            for a, b in combinations(texts, 2):
                assert not (a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] + 3 < b[3] - 1 and b[1] + 3 < a[3] - 1), (a, b)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([900, 1500], [800, 1000, 1200, 1400, 1600]),
        ([3, 97], [0, 20, 40, 60, 80, 100]),
        ([5], [4, Fraction(9, 2), 5, Fraction(11, 2), 6]),
        ([Fraction(72, 100), Fraction(81, 100)], [Fraction(n, 100) for n in (72, 74, 76, 78, 80, 82)]),
    ],
)
def test_an_axis_has_round_numbers_that_take_in_its_values(values: list[Fraction], ticks: list[Fraction]) -> None:
    assert round_ends(values) == ticks


def test_a_name_is_parted_between_words_alone() -> None:
    assert lines_within("Anna Practice of Hartle-upon-Pool", 100) == ["Anna Practice", "of Hartle-", "upon-Pool"]
    assert lines_within("Llanfairpwllgwyngyll", 20) == ["Llanfairpwllgwyngyll"]
    assert lines_within("", 20) == [""]


def test_a_strip_shows_its_place_and_its_thresholds() -> None:
    """72 wide with a pixel at each side: 50% is at 36, 80% at 57."""
    svg = charts.strip(Fraction(1, 2), [Fraction(4, 5)], "poor")
    assert 'width="35.0" height="6.0" fill="#b25000"' in svg
    assert 'x1="57.0"' in svg
    assert 'aria-hidden="true"' in svg
    assert "#b25000" not in charts.strip(None, [Fraction(4, 5)], "poor")
