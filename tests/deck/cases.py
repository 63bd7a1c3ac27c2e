"""The cases of the deck: for each, its inputs written into a folder, and the commands that are then given there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.deck.commands import Steps, words
from tests.deck.inputs import needs, schemes, settings, write_inputs
from tests.deck.people import people
from tests.deck.refused import REFUSED

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
# Of schemes that are years of one family, one is shown in every form, and the others in the terminal and as tables.
WHOLE = {
    "anticoagulation-joint-staffordshire",
    "dqofh-dudley-2018-19",
    "iif-england",
    "nis-tower-hamlets",
    "pcds-buckinghamshire-2017-18-uplift",
    "qif-2024-25",
    "qof-england-2024-25",
    "qof-wales-2018-19",
    "spirometry-staffordshire",
    "spqs-somerset-2018-19",
    "tqa-scotland-2016-17",
}


def run(scheme: str, turn: int, out: str, *more: str) -> list[str]:
    """`remit run` of the made-up inputs of a turn."""
    given = f"run {scheme} --practices practices-{turn}.csv --counts counts-{turn}.csv --out {out}"
    return words(given, *settings(scheme.removesuffix(".yaml")), *more)


def scheme_case(scheme: str, folder: Path) -> Steps:
    """A scheme shown, checked, run on two sets of counts, stated, compared, reconciled and put into a calendar."""
    write_inputs(scheme, folder)
    entry = schemes()[scheme]
    large = scheme not in WHOLE and len(needs()[scheme]) > 60
    national = ["--national", entry["national"]] if "national" in entry else []
    steps = [
        words(f"show {scheme}"),
        words(f"show {scheme} --sources"),
        words(f"show {scheme} --boundaries"),
        *([words(f"show {scheme} --format json")] if scheme in WHOLE else []),
        words(f"check {scheme}"),
        words(f"template {scheme} --optional --out filled"),
        run(scheme, 1, "first", *national),
        run(scheme, 2, "second", *national),
        words(f"run {scheme} --practices practices-1.csv --counts counts-1.csv --out untold"),
        *statements(scheme in WHOLE, large, bool(entry.get("networks"))),
        words("compare first second --csv moved.csv --html moved.html"),
        words("compare first second --practice A1 --practice A5 --most 100"),
        *([] if large else [words("reconcile first second/award.csv --csv rows.csv --html rows.html --most 40")]),
        words("reconcile first theirs.csv --layout nhs-long --practice A1"),
        words("calendar first --csv cash.csv --ics cash.ics --html cash.html"),
        words("calendar first --practice A1"),
    ]
    if (folder / "overlay.yaml").exists():
        given = "run overlay.yaml --practices practices-1.csv --counts counts-1.csv --out overlaid"
        steps += [
            words("check overlay.yaml"),
            words(f"diff {scheme} overlay.yaml"),
            words(given, *settings(scheme, entry["overlay"].get("unset", ())), *national),
            words("compare first overlaid --csv laid.csv"),
            words("compare first overlaid --practice A1"),
            words("statement overlaid --practice A1"),
        ]
    if "claims" in entry:
        given = f"run {scheme} --practices practices-1.csv --claims claims.csv --counts declared.csv --out claimed"
        if not any(row for row in (folder / "declared.csv").read_text(encoding="utf-8").splitlines()[1:]):
            given = given.replace(" --counts declared.csv", "")
        steps += [
            words(given, *settings(scheme)),
            words("statement claimed --practice A1"),
            words("statement claimed --practice A2"),
            words("compare first claimed --practice A1"),
        ]
    return steps


def statements(whole: bool, large: bool, networks: bool) -> Steps:
    """Statements in the terminal of practices of every sort; of one in every form. Of a large scheme fewer."""
    numbers = (1, 6) if large else range(1, 8)
    steps = [words(f"statement first --practice A{n}") for n in numbers]
    steps += [words(f"statement {run} --practice A1") for run in (["second"] if large else ["second", "untold"])]
    steps += [words("statement first --practice N1")] if networks else []
    if whole:
        steps.append(words("statement first --practice A1 --html a1.html --xlsx a1.xlsx --pdf a1.pdf"))
        steps.append(words("statement first --practice A3 --html a3.html --xlsx a3.xlsx"))
        steps += [words("statement first --practice N1 --html n1.html --xlsx n1.xlsx --pdf n1.pdf")] if networks else []
    return steps


def catalogue_case(folder: Path) -> Steps:
    """The catalogue and the answers under the Freedom of Information Act, always as of one day."""
    day = "--on 2026-01-31"
    foi = "foi FOI-0525/1288 --commissioner staffordshire"
    files = "--html answer.html --pdf answer.pdf --md answer.md --csv answer.csv"
    return [
        words("catalogue --commissioner staffordshire"),
        words("catalogue --commissioner staffordshire --across"),
        words(f"catalogue --commissioner staffordshire {day}"),
        words("catalogue --commissioner staffordshire --csv c.csv --xlsx c.xlsx --pdf c.pdf --html c.html --ics c.ics"),
        words(f"catalogue --commissioner staffordshire --due 6 {day}"),
        words(f"catalogue --commissioner staffordshire --due 6 {day} --csv due.csv --ics due.ics"),
        words("catalogue --commissioner elsewhere"),
        words(foi),
        words(f"{foi} {files}"),
        words(f"foi --commissioner staffordshire --list {day}"),
        words("foi FOI-1 --commissioner staffordshire"),
        words("foi --commissioner elsewhere"),
    ]


def writing_case(folder: Path) -> Steps:
    """The library as lists, the differences between its schemes, what is written for an author, and the help."""
    commands = words(
        "schemes show check new template diff schema run statement calendar catalogue foi compare reconcile synth"
        " evaluate plan breakdown worklist explain spec records clusters"
    )
    kinds = words(
        "activity better blend block fixed gateway network patients points pooled protection quality savings wrong"
    )
    return [
        words("--version"),
        words("--help"),
        *(words(f"{command} --help") for command in commands),
        words("schemes"),
        words("schemes --json"),
        words("check --rules"),
        words("check qif-2024-25 qif-plus-2024-25 --format json"),
        words("schema scheme"),
        words("schema indicators"),
        words("diff qif-2024-25 qif-plus-2024-25"),
        words("diff qof-england-2023-24 qof-england-2024-25"),
        words("diff qof-england-2024-25 qof-england-2025-26"),
        words("diff qof-england-2018-19 qof-review-2018-practice --format json"),
        words("new --list"),
        *(words(f"new made-{kind}-2025-26 --kind {kind} --year 2025-26 --out {kind}.yaml") for kind in kinds),
        words("new over-spirometry-2025-26 --extends spirometry-staffordshire --year 2025-26 --out over.yaml"),
        words("check over.yaml"),
        words("template spirometry-staffordshire anticoagulation-joint-staffordshire --out several"),
    ]


def examples_case(folder: Path) -> Steps:
    """The worked examples that ship, with several schemes side by side, a position in the year, and a part of a run."""
    for name in ("qif-2024-25", "local-scheme", "local-scheme-claims"):
        shutil.copytree(EXAMPLES / name, folder / name)
    write_inputs("qif-2024-25", folder)
    year = (folder / "counts-1.csv").read_text(encoding="utf-8")
    (folder / "quarter.csv").write_text(year.replace(",\n", ",2024-Q3\n"), encoding="utf-8")
    (folder / "recovery.csv").write_text(
        "practice_code,notified,months,reason\nA1,2025-07-31,3,\nA3,2025-06-30,15,agreed with the commissioner\n",
        encoding="utf-8",
    )
    assigned = "practice_code,scheme_id\n" + "".join(f"A{n},qif{'-plus' * (n > 4)}-2024-25\n" for n in range(1, 8))
    (folder / "assign.csv").write_text(assigned, encoding="utf-8")
    local, claims = "local-scheme", "local-scheme-claims"
    both = f"{claims}/exampleshire-injections-2025-26.yaml {claims}/exampleshire-treatments-2025-26.yaml"
    qif = "run qif-2024-25 --practices practices-1.csv"
    told = settings("qif-2024-25")
    return [
        words("run qif-2024-25 --practices qif-2024-25/practices.csv --counts qif-2024-25/counts.csv --out example"),
        words("statement example --practice A1"),
        words(
            f"run {local}/exampleshire-airways-2025-26.yaml --practices {local}/practices.csv"
            f" --counts {local}/counts.csv --out local"
        ),
        words("statement local --all --html local-statements"),
        words(f"run {both} --practices {claims}/practices.csv --claims {claims}/claims.csv --out together"),
        words("statement together --all --html together-statements"),
        *(
            words(f"statement together/exampleshire-{name}-2025-26 --all --html {name}")
            for name in ("injections", "treatments")
        ),
        words("calendar local together/exampleshire-injections-2025-26 --csv both.csv"),
        words(f"{qif} --counts quarter.csv --period 2024-Q3 --out quarter", *told),
        words("statement quarter --practice A1"),
        words(f"{qif} --counts counts-1.csv --recovery recovery.csv --out recovered", *told),
        words("statement recovered --practice A3"),
        words(
            f"{qif} --counts counts-1.csv --practice A1 --practice A7 --indicator 4 --indicator 1a --out part", *told
        ),
        words("statement part --practice A7"),
        words(
            "run qif-2024-25 qif-plus-2024-25 --practices practices-1.csv --counts counts-1.csv --assign assign.csv"
            " --out variants",
            *told,
        ),
        words("statement variants --practice A7"),
        words(f"{qif} --counts counts-2.csv --out part", *told),
        words(f"{qif} --counts counts-2.csv --out part --replace", *told),
        words("compare recovered part"),
        words("compare recovered variants --practice A7"),
    ]


CASES: dict[str, Callable[[Path], Steps]] = {
    **{scheme: partial(scheme_case, scheme) for scheme in schemes()},
    "catalogue-and-foi": catalogue_case,
    "examples": examples_case,
    "people-qif": partial(people, "qif-2024-25"),
    "people-qof": partial(people, "qof-england-2024-25"),
    "writing-a-scheme": writing_case,
    **REFUSED,
}
