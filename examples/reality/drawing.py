"""The chapter's charts, as SVG drawn by hand: a scatter, bars by class, and how ratios spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

INK, SOFT, GRID, PALE, DEEP, WARM = "#212b32", "#4c5b66", "#d8dde0", "#99b9dc", "#005eb8", "#9a4a00"


def _svg(width: int, height: int, title: str, under: str, alt: str, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' font-family="Arial, sans-serif" font-size="13" fill="{INK}" aria-label="{escape(alt)}">'
    )
    back = '<rect width="100%" height="100%" fill="#fff"/>'
    words = [text(12, 24, title, size=15, weight="bold"), text(12, 44, under)]
    return "\n".join([head, f"<title>{escape(alt)}</title>", back, *words, *parts, "</svg>", ""])


def text(
    x: float, y: float, words: str, anchor: str = "start", fill: str = INK, size: int = 13, weight: str = ""
) -> str:
    """A line of text; `anchor` is its start, middle or end."""
    bold = f' font-weight="{weight}"' if weight else ""
    big = f' font-size="{size}"' if size != 13 else ""
    colour = f' fill="{fill}"' if fill != INK else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{place}{big}{bold}{colour}>{escape(words)}</text>'


def beside(x: float, y: float, words: str) -> str:
    """A line of text that reads upwards, its middle at the point: what an axis shows."""
    return f'<text transform="translate({x:g} {y:g}) rotate(-90)" text-anchor="middle">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, more: str = "") -> str:
    """A straight line."""
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}"{more}/>'


def scatter(years: Mapping[str, Sequence[tuple[float, float]]], alt: str) -> str:
    """A panel for each year with a mark for each CCG: (published across, of the pooled rate up), points a practice."""
    low, high, side, top, gap = 420, 560, 320, 92, 90

    def at(value: float) -> float:
        return (value - low) / (high - low) * side

    parts = []
    for n, (year, marks) in enumerate(years.items()):
        left, floor = 70 + n * (side + gap), top + side
        parts.append(text(left, top - 14, f"{year}: {len(marks)} CCGs", weight="bold"))
        for tick in range(low, high + 1, 20):
            where = at(tick)
            parts += [
                line(left + where, top, left + where, floor),
                line(left, floor - where, left + side, floor - where),
            ]
            parts.append(text(left - 8, floor - where + 4.5, str(tick), "end"))
            if tick % 40 == 20:
                parts.append(text(left + where, floor + 18, str(tick), "middle"))
        parts.append(line(left, floor, left + side, top, INK, ' stroke-dasharray="5 4"'))
        marked = "".join(f'<circle cx="{left + at(x):.1f}" cy="{floor - at(y):.1f}" r="3"/>' for x, y in marks)
        parts.append(f'<g fill="{DEEP}" fill-opacity="0.55">{marked}</g>')
        parts.append(text(left + side / 2, floor + 40, "published points a practice", "middle"))
    parts.append(beside(20, top + side / 2, "points of the pooled rate"))
    under = "A mark for each CCG. On the broken line both are alike; above it the pooled rate gives more."
    return _svg(70 + 2 * side + gap + 30, top + side + 56, "Points of each CCG, ours against theirs", under, alt, parts)


def bars(classes: Mapping[str, Mapping[str, float]], alt: str) -> str:
    """Per cent of the rows in each class, a bar for each year; `classes` by the class's name, then the year."""
    left, width, row, top = 262, 420, 44, 84
    height = top + row * len(classes) + 40
    floor, colours = top + row * len(classes), (DEEP, PALE)
    parts = []
    years = list(next(iter(classes.values())))
    for n, year in enumerate(years):
        parts.append(f'<rect x="{12 + 90 * n}" y="56" width="12" height="12" fill="{colours[n]}"/>')
        parts.append(text(30 + 90 * n, 66.5, year))
    for tick in range(0, 61, 10):
        x = left + tick / 60 * width
        parts += [line(x, top, x, floor), text(x, floor + 18, f"{tick}%", "middle")]
    for n, (name, shares) in enumerate(classes.items()):
        y = top + row * n
        parts.append(text(left - 12, y + 26, name, "end"))
        for m, share in enumerate(shares.values()):
            long = share / 60 * width
            parts.append(f'<rect x="{left}" y="{y + 5 + 17 * m}" width="{long:.1f}" height="15" fill="{colours[m]}"/>')
            parts.append(text(left + round(long, 1) + 6, y + 17 + 17 * m, f"{share:.1f}%", fill=SOFT))
    under = "Rows of a CCG and an indicator, by why the points of the pooled rate differ from the published ones."
    return _svg(left + width + 70, height, "Most differences are non-linear points on pooled counts", under, alt, parts)


def histogram(model: Sequence[float], alone: Sequence[float], low: float, high: float, alt: str) -> str:
    """How many practices have which ratio, in steps of 0.05; bars for the model, a stepped line for the list alone."""
    left, width, top, tall = 70, 640, 84, 280
    bins = round((high - low) * 20)

    def counted(ratios: Sequence[float]) -> list[int]:
        found = [0] * bins
        for ratio in ratios:
            found[min(bins - 1, max(0, int((ratio - low) * 20 + 1e-9)))] += 1
        return found

    ours, theirs = counted(model), counted(alone)
    most = -(-max(*ours, *theirs) // 500) * 500
    floor, step = top + tall, width / bins
    parts = [
        f'<rect x="12" y="56" width="12" height="12" fill="{PALE}"/>',
        text(30, 66.5, "the estimate"),
        line(140, 62, 164, 62, WARM, ' stroke-width="2.5"'),
        text(170, 66.5, "the same pounds for each patient"),
    ]
    for tick in range(0, most + 1, 500):
        y = floor - tick / most * tall
        parts += [line(left, y, left + width, y), text(left - 8, y + 4.5, f"{tick:,}", "end")]
    for n, count in enumerate(ours):
        x, high_ = left + n * step, count / most * tall
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{floor - high_:.1f}" width="{step - 2:.1f}" height="{high_:.1f}" fill="{PALE}"/>'
        )
    corners = [f"{left},{floor}"]
    for n, count in enumerate(theirs):
        y = f"{floor - count / most * tall:.1f}"
        corners += [f"{left + n * step:.1f},{y}", f"{left + (n + 1) * step:.1f},{y}"]
    outline = " ".join([*corners, f"{left + width},{floor}"])
    parts.append(f'<polyline points="{outline}" fill="none" stroke="{WARM}" stroke-width="2.5"/>')
    for n in range(0, bins + 1, 2):
        if 0 < n < bins:
            parts.append(text(left + n * step, floor + 18, f"{low + n / 20:.1f}", "middle"))
    middle = left + (1 - low) * 20 * step
    parts += [
        line(middle, top - 6, middle, floor, INK, ' stroke-dasharray="5 4"'),
        text(
            left + width / 2,
            floor + 42,
            "amount over the mean payment of the two years; the end bars hold all beyond",
            "middle",
        ),
        beside(20, top + tall / 2, "practices"),
    ]
    title = "The estimate over what was paid"
    under = "An estimate of 2018-19, over the mean of the payments made in 2018-19 and 2019-20, by practice."
    return _svg(left + width + 40, floor + 58, title, under, alt, parts)
