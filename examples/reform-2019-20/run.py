"""`make reform`: the chapter "A reform, predicted and looked back on", worked out from ../shared/data.

Writes docs/explanation/reform-2019-20.md from chapter.md beside this file, and its charts; inputs of the runs go to
out/reform-2019-20. Only results and totals are kept, and no table of ../shared/data.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from string import Template

import compare
import groups
import made_up
import money
import predict

from remit.analysis.simulation.results import ReformOutcome
from remit.core.problems import Refused
from remit.documents import charts
from remit.documents.blocks import Picture

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "out" / "reform-2019-20"
DOCS = ROOT / "docs" / "explanation"
CHAPTER = "reform-2019-20.md"
EARLIER, LATER = (f"qof_published/qof_ccg_achievement_{year}.csv" for year in ("2018-19", "2019-20"))
NEEDED = (
    EARLIER, LATER,
    "qof_published/qof_ccg_prevalence_2018-19.csv", "qof_published/qof_ccg_prevalence_2019-20.csv",
    "qof_published/qof_practice_prevalence_2018-19.csv", "practice_reference/practice_geography_2018-19.csv",
    "practice_reference/mapping_nhs_geographies_2019_2020.csv",
    "practice_reference/practice_imd_score_2010_2015_2019.csv", "payments/nhs_payments_to_general_practice_2019-20.csv",
)  # fmt: skip
MOVED = {"5 points of rate below": -0.05, "at": 0.0, "5 points of rate above": 0.05}
"""Where the middle of made-up practices' rates lies, beside the upper threshold of 2024-25."""


@dataclass(frozen=True)
class Found:
    """All that the chapter rests on."""

    where: compare.Boundaries
    compared: compare.Compared
    prediction: predict.Prediction
    money: tuple[money.Money, money.Money]
    areas: list[groups.Area]
    parts: groups.Parts
    made_up: dict[str, list[made_up.Practice]]
    simulated: ReformOutcome


def work_out(data: Path, out: Path) -> Found:
    """Predict from the first year's file, and only then open the rest."""
    prediction = predict.predict(data / EARLIER)
    where = compare.boundaries(data)
    compared = compare.compare(prediction, data / LATER, where)
    both = (
        money.priced(data, "2018-19", prediction.rows, out),
        money.priced(data, "2019-20", compared.later, out),
    )
    found = groups.areas(data, prediction, compared, where, both)
    parts = groups.parts_of(prediction.rows, compared.later)
    made = {name: made_up.made_up(out / "made-up" / name.replace(" ", "-"), moved) for name, moved in MOVED.items()}
    return Found(where, compared, prediction, both, found, parts, made, made_up.simulated(out / "made-up" / "at"))


def shown(number: float, places: int = 2) -> str:
    """With so many decimals, thousands apart, a true minus."""
    text = f"{abs(number):,.{places}f}"
    return f"−{text}" if number < 0 and float(text.replace(",", "")) else text


def signed(number: float, places: int = 2) -> str:
    """With its sign."""
    text = shown(number, places)
    return text if text.startswith("−") or not float(text.replace(",", "")) else f"+{text}"


def pounds(number: float, places: int = 2, sign: bool = False) -> str:
    """Pounds, with the sign before the £ sign."""
    text = signed(number, places) if sign else shown(number, places)
    mark = text[0] if text[0] in "−+" else ""
    return f"{mark}£{text.lstrip('−+')}"


def of_errors(found: Found) -> dict[str, str]:
    """The prediction beside "nothing changes"."""
    compared = found.compared
    ways = {"nothing": "nothing changes", "practices": "drawn in by practices", "patients": "drawn in by patients"}
    facts = {}
    for name, way in ways.items():
        by_ccg, by_row = compared.of_ccgs(way), compared.of_rows(way)
        facts |= {
            f"{name}_mae": shown(by_ccg.mean_absolute), f"{name}_rmse": shown(by_ccg.root_mean_square),
            f"{name}_share": shown(100 * by_ccg.share, 1), f"{name}_bias": signed(by_ccg.bias),
            f"{name}_row": shown(by_row.mean_absolute, 3), f"{name}_row_rmse": shown(by_row.root_mean_square, 3),
            f"{name}_row_share": shown(100 * by_row.share, 1),
        }  # fmt: skip
    nothing, drawn = compared.of_ccgs("nothing changes"), compared.of_ccgs("drawn in by practices")
    better = sum(
        compared.of_rows("drawn in by practices", code).mean_absolute
        < compared.of_rows("nothing changes", code).mean_absolute
        for code in compared.retained
    )
    nearer = sum(
        abs(drawn_ - came) < abs(same - came)
        for (drawn_, came), (same, _) in zip(
            compared.sums("drawn in by practices").values(), compared.sums("nothing changes").values(), strict=True
        )
    )
    return facts | {
        "less_mae": shown(100 * (1 - drawn.mean_absolute / nothing.mean_absolute), 0),
        "less_rmse": shown(100 * (1 - drawn.root_mean_square / nothing.root_mean_square), 0),
        "better_codes": str(better), "worse_codes": str(len(compared.retained) - better),
        "worse_list": ", ".join(_worse(compared)), "nearer": str(nearer), "ccgs": str(len(compared.ccgs)),
        "earlier_ccgs": str(len({ccg for ccg, _ in found.prediction.rows})),
        "gone": str(found.where.gone), "new": str(found.where.new),
        "retained": str(len(compared.retained)),
        "retained_points": str(groups.points_available(compared.later, found.parts.retained)),
        "error_rows": "\n".join(error_rows(found)),
        "far_rows": "\n".join(far_rows(found)),
        "split": "; ".join(f"{ccg} ({', '.join(f'{n} to {to}' for to, n in of.items())})"
                           for ccg, of in found.where.split.items()),
        **_median_errors(compared),
    }  # fmt: skip


def _median_errors(compared: compare.Compared) -> dict[str, str]:
    ways = {"nothing": "nothing changes", "practices": "drawn in by practices"}
    gaps = {name: [abs(ours - came) for ours, came in compared.sums(way).values()] for name, way in ways.items()}
    return {f"{name}_median": shown(statistics.median(values)) for name, values in gaps.items()}


def _worse(compared: compare.Compared) -> list[str]:
    ways = ("nothing changes", "drawn in by practices")
    same, drawn = ({code: compared.of_rows(way, code).mean_absolute for code in compared.retained} for way in ways)
    return [code for code in compared.retained if drawn[code] >= same[code]]


def error_rows(found: Found) -> Iterator[str]:
    """A line for each retained indicator: the mean absolute error of each way."""
    compared = found.compared
    for code in compared.retained:
        most = float(next(row.most for (_, one), row in compared.later.items() if one == code))
        cells = [shown(compared.of_rows(way, code).mean_absolute, 3) for way in compared.ways]
        cells.append(signed(compared.of_rows("nothing changes", code).bias, 3))
        yield f"| {code} | {most:g} | {' | '.join(cells)} |"


def ccg_names() -> dict[str, str]:
    """By code, without what all have."""
    table = compare.rows(DATA / LATER)
    return {row["ccg_code"]: row["ccg_name"].removeprefix("NHS ").removesuffix(" CCG") for row in table}


def far_rows(found: Found, most: int = 8) -> Iterator[str]:
    """The CCGs whose points were least like the prediction."""
    sums, same = found.compared.sums("drawn in by practices"), found.compared.sums("nothing changes")
    names = ccg_names()
    to = groups.where_most_went(found.where)
    order = sorted(sums, key=lambda ccg: -abs(sums[ccg][0] - sums[ccg][1]))
    for ccg in order[:most]:
        ours, came = sums[ccg]
        old = [found.prediction.rows[one, "HYP001"] for one, later in to.items() if later == ccg]
        missing = [_without(old), _without([found.compared.later[ccg, "HYP001"]])]
        cells = [shown(same[ccg][0]), shown(ours), shown(came), signed(ours - came), *missing]
        yield f"| {names[ccg]} ({ccg}) | {' | '.join(cells)} |"


def _without(held: Iterable[predict.Row]) -> str:
    """Practices that did not earn an indicator of yes and no, out of all."""
    rows = list(held)
    practices = sum(row.practices for row in rows)
    return f"{shown(float(practices - sum(row.points / row.most for row in rows)), 0)} of {practices}"


def of_winners(found: Found) -> dict[str, str]:
    """Who lost and gained, in points and pounds."""
    parts, areas, (before, after) = found.parts, found.areas, found.money
    whole = groups.together(areas)
    per = {name: shown(value) for name, value in vars(whole).items()}
    gains, losses = (sorted(areas, key=lambda a: sign * a.net_points) for sign in (-1, 1))
    names = ccg_names()
    nets = [area.net_points for area in areas]
    quarters = statistics.quantiles(nets, n=4)
    by_deprivation = [groups.together(fifth) for fifth in groups.fifths(areas, lambda area: area.deprivation)]
    ends = {"least": by_deprivation[0], "most": by_deprivation[-1]}
    of_ends = {f"{end}_net": signed(t.net) for end, t in ends.items()}
    of_ends |= {f"{end}_net_pounds": pounds(t.net_pounds, sign=True) for end, t in ends.items()}
    kept = [a.retained[1][0] / a.practices[1] - a.retained[0][0] / a.practices[0] for a in areas]
    practices, patients = (sum(a.practices[1] for a in areas), sum(a.patients[1] for a in areas))
    return {f"each_{name}": value for name, value in per.items()} | of_ends | {
        "each_net_signed": signed(whole.net), "each_net_pounds_signed": pounds(whole.net_pounds, sign=True),
        "each_retained_signed": signed(whole.retained),
        "each_retained_pounds_signed": pounds(whole.retained_pounds, sign=True),
        "retired": str(len(parts.retired)), "new_codes": str(len(parts.new)),
        "retired_points": str(groups.points_available(found.prediction.rows, parts.retired)),
        "new_points": str(groups.points_available(found.compared.later, parts.new)),
        "qi_points": str(groups.points_available(found.compared.later, parts.improvement)),
        "retired_list": ", ".join(sorted(parts.retired)), "new_list": ", ".join(sorted(parts.new)),
        "total_18": millions(sum(before.pence.values())), "total_19": millions(sum(after.pence.values())),
        "practice_net": pounds(whole.net_pounds * patients / practices, 0, sign=True),
        "gained_points": str(sum(net > 0 for net in nets)), "lost_points": str(sum(net < 0 for net in nets)),
        "gained_pounds": str(sum(a.net_pence > 0 for a in areas)),
        "lost_pounds": str(sum(a.net_pence < 0 for a in areas)),
        "middle_low": signed(quarters[0]), "middle_high": signed(quarters[2]),
        "median_net": signed(statistics.median(nets)), "with_kept": shown(statistics.correlation(nets, kept)),
        "at_one_18": ", ".join(sorted(before.at_one)), "at_one_19": ", ".join(sorted(after.at_one)),
        "end_rows": "\n".join(end_row(area, names) for area in [*losses[:5], *reversed(gains[:5])]),
        "deprivation_rows": "\n".join(fifth_rows(areas, "deprivation")),
        "size_rows": "\n".join(fifth_rows(areas, "mean_list")), "rural_rows": "\n".join(fifth_rows(areas, "rural")),
        "share_new": shown(100 * whole.earned / groups.points_available(found.compared.later, parts.new), 1),
        "share_retired": shown(
            100 * whole.lost / groups.points_available(found.prediction.rows, parts.retired), 1),
        "share_qi": shown(100 * whole.improvement / 74, 1),
    }  # fmt: skip


def end_row(area: groups.Area, names: dict[str, str]) -> str:
    """A CCG that lost or gained most: the parts and the net in points, and what its retained indicators did."""
    lost = area.lost[0] / area.practices[0]
    earned, improved = area.earned[0] / area.practices[1], area.improvement[0] / area.practices[1]
    kept = area.retained[1][0] / area.practices[1] - area.retained[0][0] / area.practices[0]
    cells = [shown(-lost), signed(earned), signed(improved), f"**{signed(area.net_points)}**",
             pounds(area.net_pence / 100, sign=True), signed(kept)]  # fmt: skip
    return f"| {names[area.code]} ({area.code}) | {' | '.join(cells)} |"


UNITS = {
    "deprivation": lambda value: f"{value:.1f}",
    "mean_list": lambda value: f"{value:,.0f}",
    "rural": lambda value: f"{100 * value:.0f}%",
}


def fifth_rows(areas: list[groups.Area], by: str) -> Iterator[str]:
    """A line for each fifth of the CCGs."""
    for fifth in groups.fifths(areas, lambda area: getattr(area, by)):
        ends = [UNITS[by](getattr(area, by)) for area in (fifth[0], fifth[-1])]
        t = groups.together(fifth)
        cells = [shown(-t.lost), signed(t.earned), signed(t.improvement), f"**{signed(t.net)}**",
                 pounds(-t.lost_pounds), pounds(t.earned_pounds, sign=True),
                 pounds(t.improvement_pounds, sign=True), f"**{pounds(t.net_pounds, sign=True)}**"]  # fmt: skip
        span = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        yield f"| {span} | {' | '.join(cells)} |"


def millions(pence: int) -> str:
    """Pence as £ million, to a tenth."""
    return f"£{shown(pence / 1e8, 1)}\u00a0million"


LEAVING = 71
"""Points that left QOF in 2025-26."""
PER_POINT = Fraction("0.022142")
"""Pounds of a point for each patient, £225.49 / 10,184: it stands still from year to year."""


def of_made_up(found: Found) -> dict[str, str]:
    """The second half: made-up practices."""
    gone = float(LEAVING * PER_POINT)
    lines, many = [], len(next(iter(found.made_up.values())))
    for name, practices in found.made_up.items():
        patients = sum(one.patients for one in practices)
        before, after = (sum(getattr(one, side) for one in practices) / 100 / patients for side in ("before", "after"))
        worst = min(practices, key=lambda one: one.per_patient)
        gain = sum(one.per_patient + gone > 0 for one in practices)
        cells = [pounds(before), pounds(after), pounds(after - before, sign=True), pounds(worst.per_patient, sign=True),
                 str(sum(one.change < 0 for one in practices)), str(gain)]  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
    middle = found.made_up["at"]
    by_size, by_conditions = ("\n".join(third_rows(middle, by)) for by in ("patients", "conditions"))
    return {
        **of_chance(found),
        "made_rows": "\n".join(lines), "made_practices": str(many), "leaving": pounds(gone),
        "made_size_rows": by_size, "made_condition_rows": by_conditions,
    }  # fmt: skip


def of_chance(found: Found) -> dict[str, str]:
    """What `remit simulate` says of chance: for all practices together, and one by one."""
    outcome, middle = found.simulated, found.made_up["at"]
    whole = outcome.everybody.chance
    assert whole is not None
    patients = sum(one.patients for one in middle)
    sizes = {one.code: one.patients for one in middle}
    widths = [(one.high - one.low) / 100 / sizes[code] for code, one in outcome.chance.items()]
    surely = sum(one.high < 0 for one in outcome.chance.values())
    return {
        "draws": str(made_up.DRAWS), "chance_low": pounds(whole.low / 100 / patients, sign=True),
        "chance_high": pounds(whole.high / 100 / patients, sign=True), "surely_lose": str(surely),
        "width": pounds(statistics.median(widths)),
        "simulated_same": str(sum(unit.difference == one.change for unit, one in zip(
            sorted(outcome.units, key=lambda unit: unit.code), middle, strict=True))),
    }  # fmt: skip


def third_rows(practices: list[made_up.Practice], by: str) -> Iterator[str]:
    """A line for each third of the made-up practices."""
    for third in made_up.thirds(practices, lambda one: getattr(one, by)):
        patients = sum(one.patients for one in third)
        ends = [getattr(one, by) for one in (third[0], third[-1])]
        span = " to ".join(f"{end:,}" if by == "patients" else f"{end:.2f}" for end in ends)
        each = sorted(one.per_patient for one in third)
        tenth = len(each) // 10
        cells = [*(pounds(sum(getattr(one, side) for one in third) / 100 / patients) for side in ("before", "after")),
                 pounds(sum(one.change for one in third) / 100 / patients, sign=True),
                 " to ".join(pounds(each[at], sign=True) for at in (tenth, -1 - tenth))]  # fmt: skip
        yield f"| {span} | {' | '.join(cells)} |"


def chapter(found: Found) -> str:
    """The page: chapter.md with every figure filled in. A figure that is not worked out is a KeyError."""
    figures = of_errors(found) | of_winners(found) | of_made_up(found)
    return Template((HERE / "chapter.md").read_text(encoding="utf-8")).substitute(figures)


def pictures(found: Found) -> dict[str, str]:
    """The charts by file name."""
    compared = found.compared
    strips, words = [], []
    for name in ("nothing changes", "drawn in by practices"):
        gaps = [Fraction(ours - came).limit_denominator(1000) for ours, came in compared.sums(name).values()]
        half = shown(float(statistics.median(map(abs, gaps))), 1)
        strips.append(charts.Spread(name, gaps, (Fraction(0),), f"half within {half}"))
        words.append(f"{name}: from {shown(float(min(gaps)), 1)} to {shown(float(max(gaps)), 1)}, half within {half}")
    nets = [Fraction(area.net_points).limit_denominator(1000) for area in found.areas]
    net = f"from {signed(float(min(nets)), 1)} to {signed(float(max(nets)), 1)}"
    practices = [one.per_patient for one in found.made_up["at"]]
    made = [Fraction(value).limit_denominator(1000) for value in sorted(practices)[::4]]

    def points(value: Fraction) -> str:
        return signed(float(value), 0)

    return {
        "reform-errors.svg": drawn(charts.spread(
            strips, f"Predicted less published points a practice, a mark for each CCG. {'; '.join(words)}.", points)),
        "reform-net-points.svg": drawn(charts.gains(
            nets, f"Net points a practice of each CCG, in order: {net}.", points,
            ("CCGs that lost most", "CCGs that gained most"))),
        "reform-made-up.svg": drawn(charts.gains(
            made, "Every fourth of the made-up practices in order of their change per patient: "
            f"from {pounds(min(practices), sign=True)} to {pounds(max(practices), sign=True)}.",
            lambda value: pounds(float(value), 0, sign=True), ("lose most", "lose least"))),
    }  # fmt: skip


def drawn(picture: Picture) -> str:
    """The chart as a file of its own: with a font, and white behind it."""
    head, rest = picture.svg.split(">", 1)
    head = head.replace('font-family="inherit"', 'font-family="Arial, sans-serif"')
    return f'{head}><rect width="100%" height="100%" fill="#fff"/>{rest}\n'


def main() -> int:
    """Work everything out, and write the page and its charts."""
    lacking = [name for name in NEEDED if not (DATA / name).is_file()]
    if lacking:
        print(f"This recipe lacks ../shared/data/{lacking[0]} beside the checkout: there is nothing to check against.")
        return 3
    found = work_out(DATA, OUT)
    (DOCS / "figures").mkdir(exist_ok=True)
    (DOCS / CHAPTER).write_text(chapter(found), encoding="utf-8")
    for name, svg in pictures(found).items():
        (DOCS / "figures" / name).write_text(svg, encoding="utf-8")
    print(f"Written: docs/explanation/{CHAPTER} and its charts in docs/explanation/figures.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
