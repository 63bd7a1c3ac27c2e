"""QOF England 2018-19 on every practice of the published results: lists, prevalence, register points and pounds.

Reads three tables of published figures in ../shared/data beside the checkout (NHS Digital, QOF 2018-19, Open Government
Licence v3.0) and writes out/england-2018-19: the inputs as Remit takes them, the run, and a chart. Nothing of the
published data is kept in the project. Only registers are published for each practice, so only register items are paid
here, and every payment is provisional.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

from chart import spread_chart

import remit
from remit.core.problems import Refused
from remit.core.rounding import exact_text, pence_text
from remit.files.tables import write_table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
OUT = ROOT / "out" / "england-2018-19"
SCHEME = "qof-england-2018-19"
PREVALENCE = "qof_published/qof_practice_prevalence_2018-19.csv"
BY_CCG = "qof_published/qof_ccg_prevalence_2018-19.csv"
GEOGRAPHY = "practice_reference/practice_geography_2018-19.csv"
WHOLE_LIST_OF = "AF"  # a group whose list is all ages: each practice's list_size
SUB_REGISTER = "LVSD"  # part of the heart failure register; no group of the scheme


@dataclass
class Published:
    """The published figures by group and practice, (register, list) in patients, and what was left out of them."""

    figures: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    suppressed: int = 0
    sub_register: int = 0

    @property
    def lists(self) -> dict[str, int]:
        return {practice: size for practice, (_, size) in self.figures[WHOLE_LIST_OF].items()}

    def sums(self) -> dict[str, tuple[int, int]]:
        """The nation's register and list by group."""
        return {
            group: (sum(r for r, _ in held.values()), sum(size for _, size in held.values()))
            for group, held in self.figures.items()
        }


def read(data: Path) -> Published:
    """The figures of each practice, and its name and CCG."""
    found = Published()
    for row in _rows(data / PREVALENCE):
        if row["group_code"] == SUB_REGISTER:
            found.sub_register += 1
        elif not row["register"]:
            found.suppressed += 1
        else:
            held = found.figures.setdefault(row["group_code"], {})
            held[row["practice_code"]] = int(row["register"]), int(row["list_size"])
    for row in _rows(data / GEOGRAPHY):
        found.names[row["practiceCode"]] = row["practiceName"], row["CCGcode"]
    return found


def ccg_sums(data: Path) -> dict[str, tuple[int, int]]:
    """The register and list of each group, summed over the CCGs of the other publication."""
    sums: dict[str, tuple[int, int]] = {}
    for row in _rows(data / BY_CCG):
        group = row["group_code"].replace("-", "")
        register, size = sums.get(group, (0, 0))
        sums[group] = register + int(row["register"]), size + int(row["list_size"])
    return sums


def write_inputs(found: Published, folder: Path) -> list[str]:
    """Write practices.csv, counts.csv and national.csv; return the figures that do not fit together, as sentences.

    A register above its own list is kept and its list left out: its points are given, and its pounds stay empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    columns = ("practice_code", "practice_name", "place_code", "network_code", "list_size")
    rows = ([code, *found.names.get(code, ("", "")), "", str(size)] for code, size in sorted(found.lists.items()))
    write_table(folder / "practices.csv", columns, rows)
    wrong = [
        f"{group} of {code}: a register of {register} on a list of {size}"
        for group, held in found.figures.items()
        for code, (register, size) in held.items()
        if register > size
    ]
    write_table(folder / "counts.csv", ("practice_code", "indicator_code", "measure", "value"), _counts(found.figures))
    national = ([group, str(register), str(size)] for group, (register, size) in found.sums().items())
    write_table(folder / "national.csv", ("group_code", "register", "list_size"), national)
    return wrong


def _counts(figures: dict[str, dict[str, tuple[int, int]]]) -> Iterator[list[str]]:
    for group, held in figures.items():
        for code, (register, size) in held.items():
            yield [code, group, "REGISTER", str(register)]
            if register <= size:
                yield [code, group, "LIST_SIZE", str(size)]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@dataclass
class Seen:
    """What the run says over all practices."""

    cpi: list[Fraction] = field(default_factory=list)
    apdf: dict[str, list[Fraction]] = field(default_factory=dict)
    points: Fraction = Fraction(0)
    pounds: Counter[str] = field(default_factory=Counter)
    at_one: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)


def look(run: remit.Run) -> Seen:
    """Gather the factors, points and pence of every practice, by group or item."""
    seen, plan = Seen(), run.plans[SCHEME]
    group_of = {item.item: plan.measurer(item.item).group for item in plan.items}
    item_of = {group: item for item, group in group_of.items() if item in _weighed_by_prevalence(run)}
    for result in run.results():
        factor = result.base.list_factor
        if factor is not None and factor.value is not None:
            seen.cpi.append(factor.value)
        subjects = run.inputs.counts.of(result.practice.code)
        for group, item in item_of.items():
            measured = plan.measurer(item)
            apdf = plan.weigher.prevalence_factor(result.practice, subjects, measured, "prevalence").value
            if apdf is not None:
                seen.apdf.setdefault(group, []).append(apdf)
        for award in result.awards:
            code = award.item.item
            seen.points += award.earned or 0
            if award.item.measure == "register" and award.pence is None:
                seen.empty[code] += 1
            elif award.pence is not None:
                seen.pounds[code] += award.pence
            seen.at_one[code] += award.pence_at_one or 0
    return seen


def _weighed_by_prevalence(run: remit.Run) -> set[str]:
    return {item.item for item in run.inputs.schemes[SCHEME].items if "prevalence" in item.weights}


def spread(numbers: Sequence[Fraction]) -> tuple[float, ...]:
    """Least, 5%, 25%, middle, 75%, 95% and most, by nearest rank."""
    ordered = sorted(numbers)
    return tuple(float(ordered[min(len(ordered) - 1, len(ordered) * of // 100)]) for of in (0, 5, 25, 50, 75, 95, 100))


def report(found: Published, run: remit.Run, seen: Seen, published: dict[str, tuple[int, int]]) -> Iterator[str]:
    """What was found, line by line."""
    sums, scheme = found.sums(), run.inputs.schemes[SCHEME]
    lists = found.lists.values()
    yield f"Practices                {len(run.codes):>15,}"
    yield f"Patients on their lists  {sum(lists):>15,}"
    low, middle, high = min(seen.cpi), median(seen.cpi), max(seen.cpi)
    yield f"CPI (list / 8,096)       {float(low):.4f} to {float(high):.4f}, median {float(middle):.4f}"
    yield ""
    yield "                    national                      APDF of the practices"
    yield "group     register        list  prevalence     5%  median     95%     most"
    for group, (register, size) in sums.items():
        line = f"{group:6} {register:>11,} {size:>11,} {100 * register / size:>10.4f}%"
        if group in seen.apdf:
            _, p5, _, p50, _, p95, top = spread(seen.apdf[group])
            line += f" {p5:>6.2f}  {p50:>6.2f}  {p95:>6.2f}  {top:>7.2f}"
        else:
            line += "   (not weighed by prevalence)"
        yield line
    alike = sum(sums[group] == published.get(group) for group in sums)
    yield f"{alike} of {len(sums)} groups add up to the registers and lists of the results by CCG, to the patient."
    yield ""
    registers = [item for item in scheme.items if item.measure == "register"]
    worth = sum(item.kind.most_earned() or 0 for item in registers)
    yield f"Register points available {exact_text(worth)} a practice ({len(registers)} registers)"
    total, at_one = sum(seen.pounds.values()), sum(seen.at_one.values())
    yield f"Register points           {_comma(exact_text(seen.points)):>18}"
    yield f"Register pounds           {_pounds(total):>18}"
    difference = f"{_pounds(abs(total - at_one))} {'less' if at_one < total else 'more'}"
    yield f"… with every APDF at 1    {_pounds(at_one):>18}   ({difference})"
    yield ""
    for code, number in sorted(seen.empty.items(), key=lambda pair: -pair[1]):
        group = run.plans[SCHEME].measurer(code).group
        whose = f"{number:,} practices" if number > 1 else "1 practice"
        yield f"No pounds for {code} of {whose}: {_why(group in sums)}"
    without = [g.group for g in scheme.groups if g.group not in sums]
    yield f"Groups without a published register: {', '.join(without)}. The pounds that they weigh stay empty."
    rest = len(scheme.items) - len(registers)
    yield f"The other {rest} items have no counts published for each practice: no points and no pounds."


def _why(published: bool) -> str:
    return "the register and its list do not fit." if published else "its register is not published."


def _comma(text: str) -> str:
    whole, point, part = text.partition(".")
    return f"{int(whole):,}{point}{part}"


def _pounds(pence: int) -> str:
    return f"£{_comma(pence_text(pence))}"


def say(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line, flush=True)


def main() -> int:
    """Build the inputs, run the scheme, and print what comes out."""
    lacking = [name for name in (PREVALENCE, BY_CCG, GEOGRAPHY) if not (DATA / name).is_file()]
    if lacking:
        say([f"This example lacks ../shared/data/{lacking[0]} beside the checkout: there is nothing to run on."])
        return 3
    began, used = time.perf_counter(), time.process_time()
    found = read(DATA)
    wrong = write_inputs(found, OUT)
    say([f"Read {len(found.lists):,} practices and {sum(map(len, found.figures.values())):,} registers."])
    say([f"Left out: {found.suppressed} suppressed registers; {SUB_REGISTER}, which is no group of the scheme."])
    say(f"Does not fit, so no pounds: {text}." for text in wrong)
    run = remit.run(SCHEME, OUT / "practices.csv", OUT / "counts.csv", national=OUT / "national.csv")
    remit.write_run(run, OUT / "run", replace=True)
    seen = look(run)
    say(["", *report(found, run, seen, ccg_sums(DATA)), ""])
    chart = OUT / "apdf.svg"
    titles = {group.group: group.title for group in run.inputs.schemes[SCHEME].groups}
    chart.write_text(
        spread_chart({titles[group]: spread(factors) for group, factors in seen.apdf.items()}), encoding="utf-8"
    )
    took, cpu = time.perf_counter() - began, time.process_time() - used
    say([f"Took {took:.1f} s ({cpu:.1f} s of processor time). Written to out/england-2018-19: run/ and apdf.svg."])
    say(["Next: remit statement out/england-2018-19/run --practice E83027"])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
