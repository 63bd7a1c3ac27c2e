"""Random schemes, practices and counts: valid, and as odd as the language allows."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from remit.core.figures import EACH_QUARTER
from remit.core.rounding import exact_text
from remit.scheme import Scheme
from remit.scheme.kinds import CalculatedKind, Reads
from remit.scheme.loader import build
from remit.scheme.source import parse_source

HEADER = {
    "practices": ("practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size",
                  "joined", "left", "successor_code"),
    "counts": ("practice_code", "indicator_code", "measure", "value", "period"),
    "national": ("group_code", "register", "list_size"),
}  # fmt: skip
MODES = ("half up", "half even", "down", "up")

basis_points = st.integers(0, 10_000)
"""A rate in hundredths of a per cent."""


def percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def rates() -> st.SearchStrategy[Fraction]:
    """Rates as counts give them, those on a bound often."""
    of_counts = st.integers(1, 5000).flatmap(lambda of: st.integers(0, of).map(lambda n: Fraction(n, of)))
    return st.one_of(of_counts, basis_points.map(lambda n: Fraction(n, 10_000)))


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Steps in order, each with its tenths of a penny."""
    bounds = sorted(draw(st.lists(basis_points, min_size=1, max_size=5, unique=True)))
    pays = sorted(draw(st.lists(st.integers(1, 5000), min_size=len(bounds), max_size=len(bounds), unique=True)))
    words = draw(st.lists(st.sampled_from(["above", "from"]), min_size=len(bounds), max_size=len(bounds)))
    return [
        (f"{word} {percent(at)} pays {tenths // 10}.{tenths % 10}p", tenths)
        for word, at, tenths in zip(words, bounds, pays, strict=True)
    ]


def _most(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}p"


@st.composite
def stepped(draw: st.DrawFn, gate: str = "") -> dict[str, Any]:
    if not gate:
        table = draw(steps())
        return {"steps": {"steps": [text for text, _ in table], "most": _most(max(t for _, t in table))}}
    marks = sorted(draw(st.lists(st.integers(1, 9_999), min_size=1, max_size=3, unique=True)))
    edges = [None, *marks, None]
    tables, most = [], 0
    for low, high in pairwise(edges):
        words = " ".join(
            ([f"from {percent(low)}"] if low is not None else [])
            + ([f"below {percent(high)}"] if high is not None else [])
        )
        table = draw(st.one_of(st.just([]), steps()))
        tables.append({"when": words, "steps": [text for text, _ in table]})
        most = max([most, *(t for _, t in table)])
    if not most:
        tables[-1]["steps"], most = ["above 50% pays 1.0p"], 10
    return {"steps": {"gate": gate, "tables": tables, "most": _most(most)}}


points = st.integers(1, 4000).map(lambda n: exact_text(Fraction(n, 100)))


@st.composite
def by_points(draw: st.DrawFn, rate: bool) -> dict[str, Any]:
    if not rate:
        return {"boolean": {"points": draw(points)}}
    low, high = sorted(draw(st.lists(basis_points, min_size=2, max_size=2, unique=True)))
    line = {"points": draw(points), "lower": percent(low), "upper": percent(high)}
    if draw(st.booleans()):
        return {"linear": line}
    at_lower = Fraction(line["points"]) * draw(st.integers(0, 100)) / 100
    return {"step_then_linear": {**line, "points_at_lower": exact_text(at_lower)}}


@st.composite
def rounding(draw: st.DrawFn) -> dict[str, str]:
    step = st.one_of(
        st.just("none"), st.tuples(st.integers(0, 4), st.sampled_from(MODES)).map(lambda p: f"{p[0]} places, {p[1]}")
    )
    named = {name: draw(step) for name in ("list", "prevalence", "points", "pounds_per_point")}
    return {**named, "pounds": f"{draw(st.integers(0, 4))} places, {draw(st.sampled_from(MODES))}"}


@st.composite
def terms(draw: st.DrawFn, of: str) -> dict[str, Any]:
    return {
        "paid_in_advance": {
            "share": percent(draw(basis_points)),
            "of": of,
            "instalments": str(draw(st.integers(1, 12))),
            "due": draw(st.sampled_from(["last day of each month", "first day of each month"])),
            "remainder": draw(st.sampled_from(["first", "last"])),
            "rounding": draw(st.sampled_from(["nearest", "down"])),
            "previous_point_value": "£171.20",
        },
        "balance": {"due": "2025-07-31"},
        "recovery": {
            "months": str(draw(st.integers(1, 12))),
            "notified": "2025-05-31",
            "remainder": draw(st.sampled_from(["first", "last"])),
        },
        "changes": {
            "joiner": draw(st.sampled_from(["whole months", "days", "full year", "nothing"])),
            "leaver": draw(st.sampled_from(["whole months", "days", "full year", "nothing"])),
            "merger": "successor",
        },
    }


@st.composite
def schemes(draw: st.DrawFn, per_head: bool | None = None) -> Scheme:
    """A scheme of up to five items, in money by head or in points with weights."""
    heads = draw(st.booleans()) if per_head is None else per_head
    items: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 5))):
        measure = draw(
            st.sampled_from(
                ["achievement", "prevalence"] if heads else ["achievement", "prevalence", "register", "declared"]
            )
        )
        item: dict[str, Any] = {"item": f"I{n}", "indicator": f"X{n}", "measure": measure}
        if heads:
            gate = f"I{draw(st.integers(0, n - 1))}" if n and draw(st.booleans()) else ""
            item["pays"] = draw(stepped(gate))
        else:
            item["pays"] = draw(by_points(measure in ("achievement", "prevalence")))
            weights = draw(st.sampled_from([[], ["list"], ["list", "prevalence"], ["prevalence"]]))
            item |= {"weights": weights} if weights else {}
        items.append(item)
    basis = {"column": "weighted_list_size", "called": "list", "at": "2024-01-01"}
    tree = {
        "scheme": "made",
        "version": "1",
        "title": "made",
        "commissioner": "nobody",
        "year": "2024-25",
        "achievement_date": "2025-03-31",
        "sources": {"made": {"title": "made up", "standing": "verified"}},
        "source": "made",
        "rounding": draw(rounding()),
        "terms": draw(terms("award for full achievement" if heads else "previous achievement or agreed points")),
        "groups": [{"group": f"G{n}", "title": "g", "list": "whole"} for n in range(2)],
        "indicators": [
            {"indicator": f"X{n}", "title": "x", "type": "process", "group": f"G{n % 2}", "spellings": [f"OLD-X{n}"]}
            for n in range(len(items))
        ],
        "items": items,
    }
    if heads:
        tree["heads"] = basis
    else:
        tree["point"] = {"value": f"£{draw(st.integers(1, 40_000)) / 100:.2f}"}
        tree["weights"] = {
            "list": {
                "list": {**basis, "column": "list_size"},
                "over": str(draw(st.integers(1, 12_000))),
                "over_at": "2024-01-01",
            },
            "prevalence": {"basis": "group", "at": "2025-03-31"},
        }
    return build(parse_source(json.dumps(tree), "made.yaml"))


@dataclass
class Made:
    """The rows of a run's inputs, to be written as they are or in another order."""

    scheme: Scheme
    practices: list[list[str]]
    counts: list[list[str]]
    national: list[list[str]] = field(default_factory=list)

    def write(self, folder: Path, seed: int | None = None) -> dict[str, Path]:
        """Write the inputs, with `seed` in some other order of rows; give the arguments of `remit.run`."""
        paths = {}
        for name in ("practices", "counts", "national"):
            rows = list(getattr(self, name))
            if seed is not None:
                random.Random(seed).shuffle(rows)
            text = io.StringIO()
            csv.writer(text).writerows([HEADER[name], *rows])
            paths[name] = folder / f"{name}.csv"
            paths[name].write_text(text.getvalue(), encoding="utf-8", newline="")
        return paths


@st.composite
def practices(draw: st.DrawFn, most: int = 4, changes: bool = True, merged: bool = False) -> list[list[str]]:
    """Rows of practices; with `merged`, one more than the most, which merges into the first about the year.

    Now and then that is a new code, which has no list of its own.
    """
    rows = []
    days = st.dates(min_value=_day("2023-12-01"), max_value=_day("2025-06-30")).map(str)
    count = draw(st.integers(1, most))
    names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
    for n in range(count):
        size = draw(st.integers(0, 20_000))
        weighted = exact_text(Fraction(draw(st.integers(0, 20_000_000)), 1000))
        joined = left = successor = ""
        if changes and draw(st.integers(0, 3)) == 0:
            joined, left = sorted([draw(days), draw(days)])
            joined, left = draw(st.sampled_from([(joined, ""), ("", left), (joined, left)]))
            if left and n and draw(st.booleans()):
                successor = "P0"
        if n == 0:
            left = ""
        rows.append([f"P{n}", draw(names), "", "", str(size), weighted, joined, left, successor])
    if any(row[8] for row in rows) or merged:
        rows[0][6] = ""  # who carries on was there before: else it may leave days to nobody, or people on two lists
    for row in rows:
        row[7] = max(row[7], "2024-01-01") if row[8] else row[7]  # and had a list of its own on the day of the lists
    if merged:
        left = max(draw(days), "2024-01-01")
        rows.append([f"P{count}", "", "", "", "5000", "5000.5", "", left, "P0"])
        if not any(row[8] for row in rows[:-1]) and draw(st.booleans()):
            rows[0][4:7] = ["0", "0", str(_day(left) + timedelta(days=1))]
    return rows


def _lists(draw: st.DrawFn, rows: list[list[str]], merged: bool = False) -> None:
    """Lists that do not contradict one another, in place of those of practices; a new code still has none."""
    for row in rows:
        if not merged or row[4:6] != ["0", "0"]:
            size = draw(st.integers(2_000, 20_000))
            row[4], row[5] = str(size), exact_text(Fraction(draw(st.integers(500 * size, 2_000 * size)), 1000))


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


@st.composite
def inputs(draw: st.DrawFn, scheme: st.SearchStrategy[Scheme] | None = None, changes: bool = True) -> Made:
    """A scheme with practices and counts: every other one is sound, so that a year can be settled; of the rest some
    figures are missing, and some contradict one another."""
    made = draw(scheme or schemes())
    rows = draw(practices(changes=changes))
    sound = draw(st.booleans())
    if sound:
        _lists(draw, rows)
    counts = []
    for code, _, _, _, whole, *_ in rows:
        for item in made.items:
            if not sound and draw(st.integers(0, 9)) == 0:
                continue
            if item.measure == "achievement":
                of = draw(st.integers(0, 400))
                counts.append([code, item.item, "DENOMINATOR", str(of), ""])
                counts.append([code, item.item, "NUMERATOR", str(draw(st.integers(0, of))), ""])
                if draw(st.booleans()):
                    counts.append([code, item.item, "PCAS", str(draw(st.integers(0, 90))), ""])
            elif item.measure == "declared":
                counts.append([code, item.item, "DECLARED", str(draw(st.integers(0, 1))), ""])
            elif item.measure == "prevalence":
                of = int(whole) if sound else draw(st.integers(0, 400))
                counts.append([code, item.item, "LIST_SIZE", str(of), ""])
                counts.append([code, item.item, "REGISTER", str(draw(st.integers(0, of))), ""])
        for group in made.groups:
            of = int(whole) if sound else draw(st.integers(1, 9000))
            on_it = st.integers(600, 2_000) if sound else st.integers(0, of)  # room for 400 people and 90 exceptions
            counts.append([code, group.group, "REGISTER", str(draw(on_it)), ""])
            counts.append([code, group.group, "LIST_SIZE", str(of), ""])
        if sound or draw(st.booleans()):
            counts.append(
                [
                    code,
                    "*",
                    draw(st.sampled_from(["HISTORIC_POINTS", "HISTORIC_POUNDS", *([] if sound else ["AGREED"])])),
                    f"{draw(st.integers(0, 60_000)) / 100:.2f}",
                    "",
                ]
            )
    national = [
        [group.group, str(draw(st.integers(1, 900))), "10000"] for group in made.groups if draw(st.integers(0, 3))
    ]
    return Made(made, rows, counts, national)


# Local schemes: every kind of payment, items that rest on one another, networks.

QUARTERS = tuple(f"2024-25-Q{n}" for n in (1, 2, 3, 4))
PAST = ("2021-22", "2022-23", "2023-24")
money = st.integers(0, 9_000_000).map(lambda pennies: f"£{pennies / 100:,.2f}")
somewhat = st.integers(1, 9_999).map(percent)
"""A percentage above 0 and below 100."""


@dataclass
class Drawing:
    """What the items of a scheme are drawn from: the ones before, and which of them are paid within another."""

    draw: st.DrawFn
    code: str
    before: list[dict[str, Any]] = field(default_factory=list)
    within: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)
    last: bool = False

    def maybe(self, key: str, values: st.SearchStrategy[Any]) -> dict[str, Any]:
        return {key: self.draw(values)} if self.draw(st.booleans()) else {}

    def free(self, unit: str = "") -> list[str]:
        """Earlier items that no other pays and no floor counts, of a unit."""
        taken = self.within | self.covered
        return [i["item"] for i in self.before if i["item"] not in taken and unit in ("", i["unit"])]

    def some(self, codes: list[str], least: int = 1) -> list[str]:
        return self.draw(st.lists(st.sampled_from(codes), min_size=least, max_size=3, unique=True)) if codes else []

    def elements(self, letter: str, least: int = 1) -> dict[str, str]:
        count = self.draw(st.integers(least, 3))
        return {f"{self.code}{letter}{n}": f"element {n}" for n in range(count)}

    def sum(self) -> dict[str, Any]:
        return self.draw(st.one_of(money.map(lambda m: {"pays": m}), points.map(lambda p: {"points": p})))


def _rated(kind: str) -> Callable[[Drawing], dict[str, Any] | None]:
    def drawn(d: Drawing) -> dict[str, Any]:
        low, high = sorted(d.draw(st.lists(basis_points, min_size=2, max_size=2, unique=True)))
        pays = {"points": d.draw(points), "lower": percent(low), "upper": percent(high)}
        if kind == "step_then_linear":
            pays["points_at_lower"] = exact_text(Fraction(pays["points"]) * d.draw(st.integers(0, 100)) / 100)
        elif d.draw(st.booleans()):
            pays |= {"better": "lower", "lower": percent(high), "upper": percent(low)}
        return {"measure": "achievement", "pays": pays, "unit": "points"}

    return drawn


def _in_a_unit(of: Callable[[Drawing], dict[str, Any] | None]) -> Callable[[Drawing], dict[str, Any] | None]:
    """The same, in points, by the head or as a set sum."""

    def drawn(d: Drawing) -> dict[str, Any] | None:
        found = of(d)
        key = d.draw(st.sampled_from(["points", "per_head", "pounds"]))
        if found is None or key == "points":
            return found
        renamed = {
            name.replace("points", key): f"£{amount}" if name.startswith("points") else amount
            for name, amount in found["pays"].items()
        }
        return {**found, "pays": renamed, "unit": "per head" if key == "per_head" else "pounds"}

    return drawn


def _boolean(d: Drawing) -> dict[str, Any]:
    return {"measure": "declared", "pays": {"points": d.draw(points)}, "unit": "points"}


def _steps(d: Drawing) -> dict[str, Any]:
    return {"measure": "achievement", "pays": d.draw(stepped())["steps"], "unit": "per head"}


def _protected(d: Drawing) -> dict[str, Any]:
    return {"measure": "historic", "pays": {"points": "600", "of": "2023-24"}, "unit": "points"}


def _required(d: Drawing) -> dict[str, Any] | None:
    """What cannot pay yet, rarely: nothing after it would be known."""
    if d.draw(st.integers(0, 9)):
        return None
    return {"pays": {"points": d.draw(points), "supply": "the rest"}, "unit": "points", "title": ""}


def _activity(d: Drawing) -> dict[str, Any]:
    days = d.draw(st.booleans())
    pays: dict[str, Any] = {"tariff": d.draw(money), "each": "test", "counted": "days" if days else "activities"}
    quarter = d.draw(st.integers(0, 60))
    pays |= d.maybe("most_per_quarter", st.just(str(quarter)))
    pays |= d.maybe("most_per_year", st.integers(quarter, 200).map(str)) | d.maybe("most", money)
    if "most_per_year" in pays or "most" in pays:
        pays |= d.maybe("caps_pro_rata", st.just("true"))
    if not days and d.draw(st.booleans()):
        pays["did_not_attend"] = {"pays": d.draw(somewhat), **d.maybe("most", somewhat)}
    return {"pays": pays, "unit": "pounds"}


def _historic(d: Drawing) -> dict[str, Any]:
    years = sorted(d.draw(st.lists(st.sampled_from(PAST), min_size=1, max_size=3, unique=True)))
    pays: dict[str, Any] = {"of": "QOF", "years": years, "in": d.draw(st.sampled_from(["pounds", "points"]))}
    if pays["in"] == "pounds":
        pays |= d.maybe("uplift", somewhat) | d.maybe(
            "adjusted_for", st.sampled_from([["list"], ["list", "prevalence"]])
        )
    else:
        pays["points"] = "600"
    return {"pays": pays, "unit": pays["in"]}


BASELINE_RULES: dict[str, list[Any]] = {
    "years": [["2023-24"], ["2022-23", "2023-24"]],
    "baseline": ["mean of the rates", "counts together"],
    "pcas": ["left out"],
    "without": ["ordinary scale alone", "supply the counts", "required"],
    "missing_year": ["leave the year out", "no baseline", "required"],
    "nobody": ["leave the year out", "no baseline", "required"],
    "merged": ["counts added", "own counts", "no baseline", "required"],
}
"""What a contract may say of a practice's own baseline."""


def _pooled(d: Drawing) -> dict[str, Any]:
    pays = {"streams": d.elements("S"), "year": d.draw(st.sampled_from([*PAST, "required"]))}
    return {"pays": {**pays, **d.maybe("uplift", somewhat)}, "unit": "pounds"}


def _better_of_two_years(d: Drawing) -> dict[str, Any]:
    kind = d.draw(st.sampled_from(["linear", "step_then_linear", "boolean"]))
    drawn = _boolean(d) if kind == "boolean" else _rated(kind)(d)
    assert drawn is not None
    return {"measure": drawn["measure"], "pays": {"other": "2023-24", kind: drawn["pays"]}, "unit": "points"}


def _higher_of(d: Drawing) -> dict[str, Any]:
    drawn = _rated("linear")(d)
    assert drawn is not None
    if drawn["pays"].get("better") == "lower":
        drawn["pays"] |= {"lower": drawn["pays"]["upper"], "upper": drawn["pays"]["lower"]}
    rules = {name: d.draw(st.sampled_from(values)) for name, values in BASELINE_RULES.items()}
    lower = d.draw(st.integers(0, 30))
    better = {"lower": f"{lower} points", "upper": f"{lower + d.draw(st.integers(1, 30))} points", **rules}
    pays = {"points": drawn["pays"]["points"], "ordinary": {k: drawn["pays"][k] for k in ("lower", "upper")}}
    return {"measure": "achievement", "pays": {**pays, "improvement": better}, "unit": "points"}


def _rules(d: Drawing) -> dict[str, Any]:
    return {
        **{name: d.draw(st.sampled_from(values)) for name, values in BASELINE_RULES.items() if name != "without"},
        "without": d.draw(st.sampled_from(["pays nothing", "supply the counts", "required"])),
    }


def _change_over(d: Drawing) -> dict[str, Any]:
    lower, relative, pounds = d.draw(st.integers(0, 30)), d.draw(st.booleans()), d.draw(st.booleans())
    unit = "%" if relative else " points"
    pays = {"lower": f"{lower}{unit}", "upper": f"{lower + d.draw(st.integers(1, 30))}{unit}", **_rules(d)}
    pays |= {"relative": "true"} if relative else {}
    pays |= {"pounds": d.draw(money)} if pounds else {"points": str(d.draw(st.integers(1, 40)))}
    pays |= d.maybe("better", st.just("lower"))
    return {"measure": "achievement", "pays": pays, "unit": "pounds" if pounds else "points"}


def _own_target(d: Drawing) -> dict[str, Any]:
    pays = {"pounds": d.draw(money), "rises_by": f"{d.draw(st.integers(0, 30))} points", **_rules(d)}
    if d.draw(st.booleans()):
        pays |= {"above": d.draw(somewhat), "then": d.draw(st.sampled_from(["its own rate", "own target"]))}
    return {"measure": "achievement", "pays": pays, "unit": "pounds"}


def _gateway(d: Drawing) -> dict[str, Any]:
    elements, pays = d.elements("E"), d.sum()
    needs = d.maybe("needs", st.integers(1, len(elements)).map(str) | st.just("all"))
    return {"pays": {"elements": elements, **needs, **pays}, "unit": "points" if "points" in pays else "pounds"}


def _quality_improvement(d: Drawing) -> dict[str, Any]:
    national, pays = d.elements("N", 0), d.sum()
    bare = bool(national) and d.draw(st.booleans())
    local: dict[str, Any] = {} if bare else {"choose": "1", "menu": d.elements("M")}
    units = str(d.draw(st.integers(1, len(national) + bool(local))))
    pays |= {"national": national, "units": units, **({"local": local} if local else {})}
    return {
        "pays": {**pays, **d.maybe("evidence", st.just("true"))},
        "unit": "points" if "points" in pays else "pounds",
    }


def _fixed(d: Drawing) -> dict[str, Any]:
    how = d.draw(st.sampled_from(["whole", "head", "milestones", "target"]))
    pays: dict[str, Any] = {"pays": d.draw(money)} if how == "head" else d.sum()
    unit, found = "points" if "points" in pays else "pounds", {}
    if how == "head":
        pays["per"] = "head"
    elif how == "milestones":
        first = d.draw(st.integers(0, 10_000))
        shares = zip((f"{d.code}A", f"{d.code}B"), (first, 10_000 - first), strict=True)
        pays["milestones"] = {code: {"share": percent(share), "words": code} for code, share in shares}
    elif how == "target":
        pays["target"], found = d.draw(somewhat), {"measure": "achievement"}
    return {"pays": {**pays, "for": "doing it"}, "unit": unit, **found}


def _pot(d: Drawing) -> dict[str, Any] | None:
    parts = d.some(d.free("points"))
    if not parts:
        return None
    of = [item["item"] for item in d.before if item["item"] not in parts and item["unit"] == "pounds"]
    from_one = bool(of) and d.draw(st.booleans())
    held = {"of": d.draw(st.sampled_from(of))} if from_one else {"money": d.draw(money)}
    d.within |= set(parts)
    if from_one and held["of"] in d.free() and d.draw(st.booleans()):
        d.within.add(held["of"])
        held["of_pays"] = "nothing"
    elif from_one:
        held["of_pays"] = "by itself"
    return {"pays": {**held, "items": parts}, "unit": "pounds"}


def _blend(d: Drawing) -> dict[str, Any] | None:
    parts = d.some(d.free())
    if not parts:
        return None
    cuts = sorted(d.draw(st.integers(0, 10_000) | st.sampled_from([0, 10_000])) for _ in parts[1:])
    shares = [percent(high - low) for low, high in pairwise([0, *cuts, 10_000])]
    of_both: dict[str, Any] = dict(zip(parts, shares, strict=True))
    if d.draw(st.booleans()):
        turned = dict(zip(parts, shares[::-1], strict=True))
        of_both = {part: {"2024-25": share, "2025-26": turned[part]} for part, share in of_both.items()}
    d.within |= set(parts)
    return {"pays": {"parts": of_both}, "unit": "pounds"}


def _shared_savings(d: Drawing) -> dict[str, Any]:
    pays = {"share": d.draw(somewhat), **d.maybe(d.draw(st.sampled_from(["growth", "growth_down"])), somewhat)}
    pays |= d.maybe("list_adjusted", st.just("true")) | d.maybe("minimum_rate", somewhat)
    pays |= d.maybe("corridor", somewhat) | d.maybe("most", money) | d.maybe("most_of_expected", somewhat)
    return {"pays": {**pays, **d.maybe("reinvest", st.just("staff"))}, "unit": "pounds"}


def _income_protection(d: Drawing) -> dict[str, Any] | None:
    pays = {"floor": d.draw(basis_points.map(percent)), "of": "QOF", "year": d.draw(st.sampled_from(PAST))}
    covers = [] if d.last and d.draw(st.booleans()) else d.some(d.free())
    if not (covers or d.last):
        return None
    d.covered |= set(covers)
    return {"pays": {**pays, **({"covers": covers} if covers else {})}, "unit": "pounds"}


KINDS: dict[str, Callable[[Drawing], dict[str, Any] | None]] = {
    "boolean": _in_a_unit(_boolean),
    "linear": _in_a_unit(_rated("linear")),
    "step_then_linear": _in_a_unit(_rated("step_then_linear")),
    "steps": _steps,
    "protected": _protected,
    "required": _required,
    "activity": _activity,
    "historic": _historic,
    "pooled": _pooled,
    "better_of_two_years": _better_of_two_years,
    "higher_of": _higher_of,
    "change_over": _change_over,
    "own_target": _own_target,
    "gateway": _gateway,
    "quality_improvement": _quality_improvement,
    "fixed": _fixed,
    "pot": _pot,
    "blend": _blend,
    "shared_savings": _shared_savings,
    "income_protection": _income_protection,
}
"""A generator for every payment kind: what an item of it has beside its code, or None where none fits there."""

RULES = ("equal", "list", "weighted list", "register", "historic", "contribution", "agreed")


@st.composite
def local_items(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS), most: int = 6) -> list[dict[str, Any]]:
    """Items of these kinds, some of which rest on earlier ones."""
    d = Drawing(draw, "")
    count = draw(st.integers(1, most))
    for n in range(count):
        d.last = n == count - 1
        d.code, kind = f"I{n}", draw(st.sampled_from(kinds))
        drawn = KINDS[kind](d)
        if drawn is None:
            kind, drawn = "fixed", _fixed(d)
        item = {"item": d.code, "title": d.code, **drawn, "pays": {kind: drawn["pays"]}}
        if item.get("measure") in ("achievement", "historic"):
            item["indicator"] = f"X{n}"
        if item["unit"] == "points":
            item |= draw(st.sampled_from([{}, {}, {"weights": ["list"]}]))
        if d.before and draw(st.integers(0, 3)) == 0:
            item["requires"] = d.some([other["item"] for other in d.before])
        d.before.append(item)
    return [{key: value for key, value in item.items() if key != "unit"} for item in d.before]


@st.composite
def local_schemes(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = tuple(KINDS),
    networks: bool = False,
    on_activity: bool | None = None,
    exact: bool = False,
) -> Scheme:
    """A local scheme, through networks or not; `exact` ones round pounds to the penny alone."""
    items = draw(local_items(kinds))
    indicators = [item["indicator"] for item in items if "indicator" in item]
    of = draw(st.sampled_from(["blocks", "previous achievement or agreed points", ""]))
    given = draw(terms(of or "blocks"))
    if not of:
        del given["paid_in_advance"]
    if draw(st.booleans()) if on_activity is None else on_activity:
        given["paid_on_activity"] = {"days": str(draw(st.integers(0, 60)))}
    tree = {
        "scheme": "local",
        "version": "1",
        "title": "local",
        "commissioner": "nobody",
        "year": "2024-25",
        "achievement_date": "2025-03-31",
        "sources": {"made": {"title": "made up", "standing": "verified"}},
        "source": "made",
        "rounding": {} if exact else draw(rounding()),
        "terms": given,
        "heads": {"column": "weighted_list_size", "called": "list", "at": "2024-01-01"},
        "point": {"value": draw(money)},
        "weights": {
            "list": {
                "list": {"column": "list_size", "called": "list", "at": "2024-01-01"},
                "over": "8096",
                "over_at": "2024-01-01",
            }
        },
        "groups": [{"group": "G", "title": "g", "list": "whole"}],
        "indicators": [{"indicator": code, "title": "x", "type": "process", "group": "G"} for code in indicators],
        "items": items,
    }
    if networks:
        rule = draw(st.sampled_from(RULES))
        tree["networks"] = {
            "earned_by": draw(st.sampled_from(["network", "practice"])),
            "distribution": rule,
            "assent": draw(st.sampled_from(["every member", "none"])),
            **({"register_of": "G"} if rule == "register" else {}),
        }
    return build(parse_source(json.dumps(tree), "local.yaml"))


def _figure(draw: st.DrawFn, measure: str) -> str:
    """A value of a measure, as odd as a file may have it."""
    if measure in ("DECLARED", "EVIDENCED"):
        return str(int(draw(st.integers(0, 3)) > 0))
    if measure.endswith("_INDEX"):
        return exact_text(Fraction(draw(st.integers(0, 2000)), 1000))
    if measure.endswith("_POUNDS"):
        return exact_text(Fraction(draw(st.integers(0, 9_000_000)), 100), 2)
    if measure == "HISTORIC_POINTS":
        return exact_text(Fraction(draw(st.integers(0, 6_000)), 10))
    return str(draw(st.integers(0, 9_000 if measure == "ACTIVITY_DAYS" else 120)))


def _rows(draw: st.DrawFn, code: str, reads: Reads, item: str) -> list[list[str]]:
    """The rows of a figure that a kind reads: by quarter, some of them missing, or for the year."""
    subject = reads.subject or item
    if reads.period != EACH_QUARTER:
        return [[code, subject, reads.measure, _figure(draw, reads.measure), str(reads.period)]]
    if reads.measure == "ACTIVITY" and draw(st.integers(0, 9)) == 0:
        return [[code, subject, reads.measure, _figure(draw, reads.measure), ""]]
    given = draw(st.lists(st.sampled_from(QUARTERS), min_size=1, max_size=4, unique=True))
    return [[code, subject, reads.measure, _figure(draw, reads.measure), quarter] for quarter in given]


@st.composite
def local_counts(draw: st.DrawFn, scheme: Scheme, codes: list[str], whole: bool = False) -> list[list[str]]:
    """The figures that a scheme reads, for each practice; `whole` leaves none out."""
    found: dict[tuple[str, ...], list[str]] = {}

    def add(*rows: list[str]) -> None:
        for row in rows:
            found.setdefault((*row[:3], row[4]), row)

    for code in codes:
        for item in scheme.items:
            if not whole and draw(st.integers(0, 14)) == 0:
                continue
            if item.measure == "achievement":
                of = draw(st.integers(0, 300))
                add([code, item.item, "DENOMINATOR", str(of), ""])
                add([code, item.item, "NUMERATOR", str(draw(st.integers(0, of))), ""])
            elif item.measure == "declared":
                add([code, item.item, "DECLARED", _figure(draw, "DECLARED"), ""])
            elif item.measure == "historic":
                add([code, item.item, "HISTORIC_POINTS", _figure(draw, "HISTORIC_POINTS"), ""])
            for reads in item.kind.reads() if isinstance(item.kind, CalculatedKind) else ():
                of = draw(st.integers(1, 120))
                if reads.measure == "DENOMINATOR":
                    add([code, item.item, "DENOMINATOR", "120", str(reads.period)])
                elif reads.measure != "HISTORIC_POINTS" or item.measure is None or draw(st.booleans()):
                    add(*_rows(draw, code, reads, item.item))
        add([code, "*", "AGREED", "1" if draw(st.integers(0, 5)) else draw(st.sampled_from("01")), ""])
        if scheme.networks:
            add([code, "*", "HISTORIC_POUNDS", _figure(draw, "HISTORIC_POUNDS"), ""])
            add([code, "*", "AGREED_POUNDS", draw(st.sampled_from(["0", "0", "12.5", "0.005"])), ""])
            if scheme.networks.register_of:
                add([code, "G", "REGISTER", str(draw(st.integers(0, 900))), ""])
        elif draw(st.booleans()):
            add([code, "*", "HISTORIC_POUNDS", _figure(draw, "HISTORIC_POUNDS"), ""])
    return list(found.values())


@st.composite
def local_inputs(
    draw: st.DrawFn,
    scheme: st.SearchStrategy[Scheme] | None = None,
    changes: bool = True,
    whole: bool = False,
    merged: bool = False,
) -> Made:
    """A local scheme with practices, in up to two networks where it pays through them, and their counts.

    With `whole` no figure is missing and no list contradicts another, so that a year can be settled.
    """
    made = draw(local_schemes() if scheme is None else scheme)
    rows = draw(practices(most=5 if made.networks else 3, changes=changes, merged=merged))
    if whole:
        _lists(draw, rows, merged)
    for n, row in enumerate(rows):
        row[1] = f"Practice {n}"
        if made.networks:
            successor = row[8]
            row[3] = rows[0][3] if successor else draw(st.sampled_from(["N1", "N1", "N2"]))
    codes = [row[0] for row in rows]
    counts = draw(local_counts(made, codes, whole))
    if made.networks and draw(st.booleans()):  # a network with figures of its own
        network = draw(st.sampled_from(sorted({row[3] for row in rows})))
        counts += [row for row in draw(local_counts(made, [network])) if row[1] != "*"]
    return Made(made, rows, counts)
