"""Inputs that are refused: each broken file of tests/bad_files, so that what Remit says of it is recorded too."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.deck.commands import Steps

BAD = Path(__file__).parents[1] / "bad_files"
LOCAL = "--set START.tariff=£5"
RUN = "run qif-2024-25 --practices bad/good_practices.csv"
GOOD = f"{RUN} --counts bad/good_counts.csv"
HERE = "run bad/good_local.yaml --practices bad/good_local_practices.csv"
# How the file of each folder is given, as the tests beside them do.
GIVEN = {
    "schemes": "run {} --practices bad/good_practices.csv --counts bad/good_counts.csv",
    "practices": "run qif-2024-25 --practices {} --counts bad/good_counts.csv",
    "counts": f"{RUN} --counts {{}}",
    "national": "run qof-england-2018-19 --practices bad/good_practices.csv --counts bad/good_counts.csv --national {}"
    " --ignore-unknown",
    "assign": f"{GOOD} --assign {{}}",
    "recovery": f"{GOOD} --recovery {{}}",
    "local_schemes": f"run {{}} --practices bad/good_local_practices.csv --counts bad/good_local_counts.csv {LOCAL}",
    "local_practices": f"run bad/good_local.yaml --practices {{}} --counts bad/good_local_counts.csv {LOCAL}",
    "local_counts": f"{HERE} --counts {{}} {LOCAL}",
    "claims": f"{HERE} --claims {{}} {LOCAL}",
    "catalogues": "catalogue --file {}",
    "foi": "foi R-2 --register {}",
    "rules": "spec MY-1 --rules {}",
    "clusters": "clusters import {} --name a --release 1 --out set",
    "reconcile": "reconcile run {}",
}
GROUPS = {
    "refused-counts": ("counts", "local_counts", "claims"),
    "refused-inputs": ("practices", "local_practices", "national", "assign", "recovery", "reconcile", "clusters"),
    "refused-schemes": ("schemes", "local_schemes"),
    "refused-texts": ("catalogues", "foi", "rules"),
}
# Left out: `calendar run --practice A9` names the practices in another order each time (a set, and the hash seed).
# Options that are wrong, after a run that is right; and calls that are wrong.
WRONG = """
--set chol004=2024-12-05
--set chol004_from=soon
--set joiners=some
--set joiners
--set joiners=
--period 2023-Q3
--set joiners=days --set joiners=nothing
--period yesterday
--period 2024-Q1
--practice A81009
--indicator 2c
--national missing.csv
--assign missing.csv
--recovery missing.csv
--practices missing.csv
--counts missing.csv
""".strip().splitlines()
CALLS = """
run
run qif-2024
run qif-2024-25
show qif-2024
show
check missing.yaml
template qof
diff qif-2024-25 nothing
new
new Bad_Id
statement missing
statement run
statement run --practice A9
statement run --practice A81001 --html bad/good_counts.csv
compare run missing
compare run bad
calendar missing
reconcile run missing.csv
evaluate qif-2024-25 --records missing --out o
evaluate qif --records missing --out o
explain HYP008 --records missing --patient 1
worklist missing --records missing --practice A1
breakdown missing
spec HYP999
spec
plan iif-england
plan nothing
catalogue
foi
catalogue --commissioner staffordshire --due x
foi --commissioner staffordshire --list --on soon
synth --patients 0 --out p
synth --patients ten --out p
nothing
records info missing
clusters show demonstration NONE_COD
""".strip().splitlines()


def refused(group: str, folder: Path) -> Steps:
    """Every broken file of a group, given to the command that reads it."""
    shutil.copytree(BAD, folder / "bad", ignore=shutil.ignore_patterns("__pycache__", "*.py", "words.yaml"))
    steps = [[*GOOD.split(), "--out", "run"]] if "reconcile" in GROUPS[group] else []
    for name in GROUPS[group]:
        for path in sorted((folder / "bad" / name).iterdir()):
            file = f"bad/{name}/{path.name}"
            if name == "reconcile" and path.suffix == ".yaml":
                file = f"bad/reconcile/export.csv --map {file}"
            words = GIVEN[name].format(file).split()
            steps.append([*words, "--out", "out"] if words[0] == "run" else words)
    return steps


def wrong_calls(folder: Path) -> Steps:
    """Options and arguments that are wrong, of every command."""
    shutil.copytree(BAD, folder / "bad", ignore=shutil.ignore_patterns("__pycache__", "*.py", "words.yaml"))
    steps = [[*GOOD.split(), "--out", "run"]]
    steps += [[*GOOD.split(), *wrong.split(), "--out", "out"] for wrong in WRONG]
    steps += [call.split() for call in CALLS]
    steps.append([*GOOD.split(), "--out", "run"])
    steps.append(["run", "qif-plus-2024-25", *GOOD.split()[2:], "--out", "run"])
    return steps


REFUSED: dict[str, Callable[[Path], Steps]] = {
    **{group: partial(refused, group) for group in GROUPS},
    "refused-calls": wrong_calls,
}
