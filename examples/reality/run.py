"""`make reality`: the chapter "Checked against reality", worked out from the published tables in ../shared/data.

Writes docs/explanation/checked-against-reality.md from chapter.md beside this file, and its charts; inputs of the runs
go to out/reality. Only results and totals are kept, and no table of ../shared/data.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from string import Template

import drawing
import points
import pounds

import remit
from remit.core.problems import Refused
from remit.core.rounding import Rounding, exact_text, pence_text
from remit.reconciliation.rows import CAUSES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "out" / "reality"
DOCS = ROOT / "docs" / "explanation"
CHAPTER = "checked-against-reality.md"
WITHIN = "within tolerance"
GROUPS = {"AF": "Atrial fibrillation", "HYP": "Hypertension", "DM": "Diabetes", "OB": "Obesity", "DEP": "Depression",
          "AST": "Asthma"}  # fmt: skip
WORDS = {
    "": "half a hundredth of a point for each practice, or nearer",
    "non-linear points on pooled counts": "practices of one size, on both sides of a threshold, could have earned this",
    "yes and no pooled": "a whole number of practices earned a register's or a declaration's points",
    "nobody to count in some practices": "fewer full points than practices with all achieved: some sent nothing",
    "possible causes": "more or less than practices of one size earn: unequal sizes, no return or other thresholds",
    "missing data": "CON001: no register is published, so ours is not known",
}


@dataclass(frozen=True)
class Found:
    """All that the chapter rests on."""

    years: dict[str, points.Pooled]
    hf004: points.Pooled
    copd008: points.Pooled
    made: pounds.Estimate
    paid: tuple[pounds.Paid, pounds.Paid]
    compared: pounds.Comparison


def needed(data: Path) -> list[Path]:
    """The published tables that are read."""
    example = pounds.england()
    own = [data / name for name in (example.PREVALENCE, example.BY_CCG, example.GEOGRAPHY)]
    by_year = (points.achievement_file, points.prevalence_file, pounds.payments_file)
    return own + [file(data, year) for file in by_year for year in points.YEARS]


def work_out(data: Path, out: Path) -> Found:
    """Run and compare everything; `out` holds the inputs of the runs."""
    years = {year: points.pooled(data, year, out) for year in points.YEARS}
    hf004 = points.pooled(data, "2018-19", out, HERE / "hf004-60-100.yaml", "HF004")
    copd008 = points.pooled(data, "2019-20", out, HERE / "copd008-50-90.yaml", "COPD008")
    made = pounds.estimate(data, years["2018-19"], out)
    first, second = (pounds.paid(data, year) for year in points.YEARS)
    return Found(years, hf004, copd008, made, (first, second), pounds.compare(made, (first, second)))


def shown(number: Fraction | float, places: int = 2) -> str:
    """With so many decimals, thousands apart, a true minus."""
    fixed = exact_text(Rounding(places).apply(Fraction(number)), least=places)
    whole, point, part = fixed.lstrip("-").partition(".")
    return ("−" if fixed.startswith("-") and Fraction(fixed) else "") + f"{int(whole):,}{point}{part}"


def millions(pence: int) -> str:
    """Pence as £ million, to a tenth: nothing here is known more closely."""
    return f"£{shown(Fraction(pence, 10**8), 1)}\u00a0million"


def of_points(found: Found) -> dict[str, str]:
    """The figures of the chapter's first part."""
    told: dict[str, str] = {}
    for year, pooled in found.years.items():
        heads = pooled.practices
        by_ccg = pooled.by_ccg()
        gaps = sorted(ours - theirs for theirs, ours in by_ccg.values())
        theirs = sum(by_ccg[ccg][0] * n for ccg, n in heads.items()) / sum(heads.values())
        gap, same = sum(pooled.gaps("cause").values()), pooled.classes()[""]
        facts = {
            "ccgs": f"{len(heads)}", "practices": f"{sum(heads.values()):,}", "mean": shown(pooled.mean),
            "theirs": shown(theirs), "ours": shown(theirs + gap), "gap": shown(gap), "rows": f"{len(pooled.points):,}",
            "least": shown(gaps[0]), "middle": shown(gaps[len(gaps) // 2]), "most": shown(gaps[-1]),
            "bent": shown(pooled.gaps("cause")["non-linear points on pooled counts"]),
            "within": shown(Fraction(100 * same, len(pooled.points)), 1),
        }  # fmt: skip
        told |= {f"{name}_{year[2:4]}": text for name, text in facts.items()}
    return told | of_far_ccgs(found) | of_thresholds(found) | {
        "class_rows": "\n".join(class_rows(found)), "indicator_rows": "\n".join(indicator_rows(found))
    }  # fmt: skip


def of_far_ccgs(found: Found) -> dict[str, str]:
    """The CCGs of 2018-19 that differ by more than 40 points a practice."""
    pooled = found.years["2018-19"]
    far = _far(pooled)
    rows = [row for row in pooled.both if row.practice in far and row.cause]
    nobody = sum(row.cause == "nobody to count in some practices" for row in rows)
    return {"far": str(len(far)), "far_codes": ", ".join(far), "far_rows": str(len(rows)), "far_nobody": str(nobody)}


def of_registers(found: Found, data: Path) -> dict[str, str]:
    """Register points of 2018-19: the practices with somebody on a register, beside those that earned its points."""
    example, pooled = pounds.england(), found.years["2018-19"]
    published = example.read(data)
    some: Counter[tuple[str, str]] = Counter()
    for group, held in published.figures.items():
        for code, (register, _) in held.items():
            some[published.names[code][1], group] += register > 0
    scheme = remit.load_scheme(pounds.SCHEME)
    same = rows = 0
    for item in scheme.items:
        group = scheme.indicator(item.indicators[0]).group
        if item.measure != "register" or group not in published.figures:
            continue
        for ccg in pooled.practices:
            cells = pooled.published[ccg, item.item]
            rows += 1
            same += Fraction(cells["achievement_score_total"]) / Fraction(cells["max_points"]) == some[ccg, group]
    nobody = {code for code, (register, _) in published.figures["HYP"].items() if not register}
    return {
        "register_same": f"{same:,}", "register_rows": f"{rows:,}", "no_hyp": str(len(nobody)),
        "no_hyp_points": shown(len(nobody) * pooled.mean / sum(pooled.practices.values())),
        "far_no_hyp": str(sum(published.names[code][1] in _far(pooled) for code in nobody)),
    }  # fmt: skip


def _far(pooled: points.Pooled) -> list[str]:
    return sorted(ccg for ccg, (theirs, ours) in pooled.by_ccg().items() if abs(ours - theirs) > 40)


def of_thresholds(found: Found) -> dict[str, str]:
    """What the trials of other thresholds give, and the header of CAN003."""
    told = {}
    both = (("hf", "HF004", "2018-19", found.hf004), ("copd", "COPD008", "2019-20", found.copd008))
    for name, code, year, other in both:
        for which, pooled in (("ours", found.years[year]), ("other", other)):
            told[f"{name}_{which}"] = str(pooled.impossible(code))
            told[f"{name}_{which}_beyond"] = str(pooled.beyond_the_line(code))
    first = found.years["2018-19"]
    wrong = [row for row in first.found.rows if row.cause == "printed header error"]
    assert {row.indicator for row in wrong} == {"CAN003"}
    earned = max(Fraction(row.theirs) for row in first.both if row.indicator == "CAN003")
    return told | {"can003": exact_text(earned), "can003_rows": str(len(wrong))}


def class_rows(found: Found) -> Iterable[str]:
    """A line for each class: its rows, and the points that it makes."""
    years = found.years.values()
    counts, gaps = [y.classes() for y in years], [y.gaps("cause") for y in years]
    for cause in ("", *(name for name in CAUSES if any(name in c for c in counts))):
        made = [shown(g[cause]) if cause in g else "" for g in gaps]
        numbers = [f"{c[cause]:,}" for c in counts]
        yield f"| {cause or WITHIN} | {' | '.join([*numbers, *made])} | {WORDS[cause]} |"


def indicator_rows(found: Found, most: int = 6) -> Iterable[str]:
    """The indicators with the largest difference, of either year."""
    gaps = [pooled.gaps("indicator") for pooled in found.years.values()]
    first = sorted(set().union(*gaps), key=lambda code: -max(g.get(code, Fraction(0)) for g in gaps))
    for code in first[:most]:
        yield f"| {code} | {' | '.join(shown(g[code]) if code in g else '–' for g in gaps)} |"


def of_prevalence(data: Path) -> dict[str, str]:
    """The nation recomputed, and beside what is printed."""
    example = pounds.england()
    ours, by_ccg = example.read(data).sums(), example.ccg_sums(data)
    told = {"alike": str(sum(ours[g] == by_ccg.get(g) for g in ours)), "groups": str(len(ours))}
    nations: list[dict[str, tuple[int, int]]] = []
    for year in points.YEARS:
        printed = same = shifted = 0
        sums: dict[str, tuple[int, int]] = {}
        for row in points.rows(points.prevalence_file(data, year)):
            if not row["list_size"]:
                shifted += 1
                continue
            register, size = int(row["register"]), int(row["list_size"])
            before = sums.get(row["group_code"], (0, 0))
            sums[row["group_code"]] = before[0] + register, before[1] + size
            if row["prevalence_pct"]:
                printed += 1
                same += abs(Fraction(100 * register, size) - Fraction(row["prevalence_pct"])) < Fraction(1, 10**9)
        told |= {
            f"printed_{year[2:4]}": f"{same:,}",
            f"printed_of_{year[2:4]}": f"{printed:,}",
            f"shifted_{year[2:4]}": f"{shifted}",
        }
        nations.append(sums)
    lines = []
    for group, name in GROUPS.items():
        cells = [f"{r:,} | {shown(Fraction(100 * r, size), 4)}%" for r, size in (n[group] for n in nations)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return told | {"prevalence_rows": "\n".join(lines)}


def of_pounds(found: Found) -> dict[str, str]:
    """The figures of the estimate, and of what was paid."""
    made, (first, second), unknown = found.made, found.paid, found.made.unknown_items
    pooled = found.years["2018-19"]
    real = made.at_published_points(pooled)
    mean = made.points / len(made.lists)
    told = {
        "model_practices": f"{len(made.lists):,}", "known": millions(sum(made.known.values())),
        "total": millions(made.total), "at_published": millions(real), "rate_cost": millions(made.total - real),
        "smoking": millions(unknown["SMOK002"] + unknown["SMOK005"]), "ld": f"£{pence_text(unknown['LD004'])}",
        "additional": millions(sum(v for code, v in unknown.items() if code.startswith(("CS", "CON")))),
        "paid_over": shown(_more(real, _to(first, made)), 1), "paid_under": shown(-_more(real, _to(second, made)), 1),
        "unknown": millions(sum(made.at_one.values())), "points": shown(mean), "points_over": shown(mean - pooled.mean),
    }  # fmt: skip
    for year in (first, second):
        end = year.year[2:4]
        told[f"paid_{end}"], told[f"paid_model_{end}"] = millions(year.total), millions(_to(year, made))
        told[f"payees_{end}"] = f"{sum(p != 0 for p in year.pence.values()):,}"
    return told


def _more(ours: int, theirs: int) -> Fraction:
    return (Fraction(ours, theirs) - 1) * 100


def _to(year: pounds.Paid, made: pounds.Estimate) -> int:
    return sum(year.pence.get(code, 0) for code in made.lists)


def of_ratios(found: Found) -> dict[str, str]:
    """How the estimate spreads about the payments."""
    compared = found.compared
    names = {
        "2018-19": "paid in 2018-19",
        "2019-20": "paid in 2019-20",
        "mean": "**mean of both years**",
        "list": "mean of both, for the same pounds for each patient",
    }
    lines = []
    for key, name in names.items():
        s = compared.spreads[key]
        half, wide = f"{shown(s.at(25))} to {shown(s.at(75))}", f"{shown(s.at(5))} to {shown(s.at(95))}"
        per_patient = "–" if s.per_patient is None else shown(s.per_patient)
        within = shown(100 * s.within(10), 0)
        lines.append(
            f"| {name} | {shown(s.median)} | {half} | {wide} | {within}% | {shown(s.pounds)} | {per_patient} |"
        )
    contracts = [
        f"| {kind} | {len(s.ratios):,} | {shown(s.median)} | {shown(s.at(25))} to {shown(s.at(75))} |"
        for kind, s in compared.contracts.items()
    ]
    mean, out = compared.spreads["mean"], compared.left_out
    assert mean.per_patient is not None
    return {
        "compared": f"{len(compared.codes):,}", "ratio_rows": "\n".join(lines), "contract_rows": "\n".join(contracts),
        "mean_within_10": shown(100 * mean.within(10), 0), "mean_p5": shown(mean.at(5)), "mean_p95": shown(mean.at(95)),
        "list_within_10": shown(100 * compared.spreads["list"].within(10), 0), "per_patient": shown(mean.per_patient),
        "left": f"{sum(out.values()):,}",
        "left_out": ", ".join(f"{n} {why}" for why, n in out.most_common()),
    }  # fmt: skip


def chapter(found: Found, data: Path) -> str:
    """The page: chapter.md with every figure filled in. A figure that is not worked out is a KeyError."""
    told = of_points(found) | of_registers(found, data) | of_prevalence(data) | of_pounds(found) | of_ratios(found)
    return Template((HERE / "chapter.md").read_text(encoding="utf-8")).substitute(told)


def charts(found: Found) -> dict[str, str]:
    """The charts by file name."""
    marks = {y: [(float(a), float(b)) for a, b in pooled.by_ccg().values()] for y, pooled in found.years.items()}
    counts = {year: pooled.classes() for year, pooled in found.years.items()}
    names = ["", *(name for name in CAUSES if any(name in c for c in counts.values()))]
    classes = {
        name or WITHIN: {y: 100 * c[name] / c.total() for y, c in counts.items()}
        for name in sorted(names, key=lambda name: -counts["2018-19"][name])
    }
    spreads = found.compared.spreads
    model, alone = ([float(ratio) for ratio in spreads[key].ratios] for key in ("mean", "list"))
    said = "; ".join(f"{name} {' and '.join(f'{s:.1f}%' for s in by.values())}" for name, by in classes.items())
    return {
        "reality-points-by-ccg.svg": drawing.scatter(
            marks, "Points a practice of each CCG: published across, of the pooled rate up, 2018-19 and 2019-20."
        ),
        "reality-classes.svg": drawing.bars(classes, f"Share of rows by class, 2018-19 and 2019-20: {said}."),
        "reality-ratio.svg": drawing.histogram(
            model,
            alone,
            0.5,
            1.8,
            "How many practices have which ratio of the estimate to the mean payment of two years.",
        ),
    }


def main() -> int:
    """Work everything out, and write the page and its charts."""
    lacking = [path for path in needed(DATA) if not path.is_file()]
    if lacking:
        first = lacking[0].relative_to(ROOT.parent)
        print(f"This recipe lacks ../{first.as_posix()} beside the checkout: there is nothing to check against.")
        return 3
    print("Reading and running two years of CCGs and 6,873 practices: about half a minute.", flush=True)
    found = work_out(DATA, OUT)
    (DOCS / "figures").mkdir(exist_ok=True)
    (DOCS / CHAPTER).write_text(chapter(found, DATA), encoding="utf-8")
    for name, drawn in charts(found).items():
        (DOCS / "figures" / name).write_text(drawn, encoding="utf-8")
    print(f"Written: docs/explanation/{CHAPTER} and {len(charts(found))} charts in docs/explanation/figures.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
