"""Every command that reads a file, over a small world of sound inputs, and which of its words may be damaged.

A word that is the name of a file or folder of the world is damaged as such; `OUT` is where it writes; any other word
may become another value.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bad_files.command import HERE, remit
from tests.faults.folders import SMALL, write_folder
from tests.unit.made_worklists import LOCAL as WORKLIST
from tests.unit.made_worklists import evaluated, records

LOCAL = "local.yaml --practices local_practices.csv --set START.tariff=£5"
QIF = "--practices practices.csv --counts qif.csv"
ON = "--on 2024-12-31"
COMMANDS = {
    "check": "check all.yaml",
    "check an overlay": "check over.yaml",
    "show": "show all.yaml",
    "show boundaries": "show local.yaml --boundaries",
    "diff": "diff local.yaml all.yaml",
    "template": "template local.yaml --practices local_practices.csv --out OUT",
    "new --extends": "new mine-2025-26 --extends local.yaml --year 2025-26 --out OUT.yaml",
    "run": "run all.yaml --practices practices.csv --counts counts.csv --out OUT",
    "run, QIF": f"run qif-2024-25 {QIF} --recovery recovery.csv --out OUT",
    "run, QOF": "run qof-england-2018-19 --practices practices.csv --counts qof.csv --national national.csv --out OUT",
    "run, two schemes": f"run qif-2024-25 qif-plus-2024-25 {QIF} --assign assign.csv --out OUT",
    "run, a quarter": "run qif-2024-25 --practices practices.csv --counts quarter.csv --period 2024-Q3 --out OUT",
    "run, local": f"run {LOCAL} --counts local_counts.csv --out OUT",
    "run, claims": f"run {LOCAL} --claims claims.csv --out OUT",
    "statement": "statement first --practice A81001",
    "statement, local": "statement local --practice A81001",
    "statement in files": "statement second --practice A81001 --html OUT.html --xlsx OUT.xlsx",
    "calendar": "calendar first local --practice A81001 --csv OUT.csv --ics OUT.ics",
    "area": "area first local --budgets budgets.csv",
    "compare": "compare first second --practice A81001",
    "reconcile": "reconcile first theirs.csv --map map.yaml",
    "reconcile, an export": "reconcile second qif.csv",
    "evaluate": f"evaluate local-worklist.yaml --records store {ON} --out OUT --workers 1",
    "evaluate by rules": f"evaluate pulse.yaml --records store {ON} --rules rules.yaml --out OUT --workers 1",
    "breakdown": "breakdown evaluated --by age --policy policy.yaml",
    "worklist": "worklist evaluated --records store --practice A1",
    "explain": f"explain HYP008 --records store --patient ok1 {ON}",
    "spec": "spec PULSE65 --rules rules.yaml",
    "plan": "plan pulse.yaml --rules rules.yaml",
    "catalogue": "catalogue --file catalogue.yaml --on 2026-01-31 --due 12 --ics OUT.ics",
    "foi": "foi R-2 --register register.yaml",
    "foi register": "foi --register register.yaml --list --on 2026-01-31",
    "records import": "records import extract --store OUT --keep-ids",
    "records check": "records check store",
    "clusters import": "clusters import clusters.csv --name mine --release 2024-12-05 --out OUT",
    "clusters lock": "clusters lock local-worklist.yaml --check clusters.lock",
    "synth": "synth --patients 30 --practices 1 --seed 1 --years 2 --workers 1 --out OUT",
}  # fmt: skip
RULES = """
definitions:
  - indicator: PULSE65
    title: A local one
    population: registered
    fields: {PULSE_DAT: latest PULSERHYTHM_COD where date > (PPED - 12 months)}
    rules: [{rule: 1, if: PULSE_DAT <> Null, then: Select, counts: achieved, else: Reject, else_counts: exclusion X}]
"""
PULSE = """
scheme: pulse
version: "1"
title: Pulse
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2025-06-30}}
items:
  - item: PULSE65
    title: Pulse
    measure: achievement
    indicator: PULSE65
    pays: {linear: {points: 10, lower: 40%, upper: 80%}}
"""
OVER = """
scheme: over
extends: local.yaml
version: "2"
items:
  - {item: BLOCK, title: Another title}
removed: [SAVED]
"""
GOOD = """\
practice_code,indicator_code,measure,value
A81001,1,REGISTER,84
A81001,2,NUMERATOR,5
A81001,2,DENOMINATOR,10
A81001,3,NUMERATOR,70
A81001,3,DENOMINATOR,100
A81001,3,PCAS,30
A81001,HYP,REGISTER,1000
A81001,4,REGISTER,9
A81001,5,DECLARED,1
A81001,*,HISTORIC_POUNDS,1000
A81002,6,NUMERATOR,94
A81002,6,DENOMINATOR,100
"""
MAP = """
practice: practice_code
indicator: indicator_code
columns:
  numerator: numerator
  denominator: denominator
"""
POLICY = """
name: mine
source: The board
status: stated
words: Counts of 1 to 4 are hidden.
hide_up_to: 4
minimum_denominator: 10
round_denominators_to: 5
"""


def make_world(folder: Path) -> Path:
    """The sound inputs, and what is made of them. Raises AssertionError where one of them is refused."""
    folder.mkdir(parents=True)
    for name, of in {
        "all.yaml": "good_scheme_with_everything.yaml", "local.yaml": "good_local.yaml",
        "practices.csv": "good_practices.csv", "qif.csv": "good_counts.csv", "claims.csv": "good_claims.csv",
        "local_practices.csv": "good_local_practices.csv", "local_counts.csv": "good_local_counts.csv",
        "good_catalogue.yaml": "good_catalogue.yaml", "register.yaml": "good_register.yaml",
    }.items():  # fmt: skip
        shutil.copy(HERE / of, folder / name)
    shutil.copy(HERE / "good_catalogue.yaml", folder / "catalogue.yaml")
    texts = {
        "rules.yaml": RULES, "pulse.yaml": PULSE, "over.yaml": OVER,
        "counts.csv": GOOD, "map.yaml": MAP, "policy.yaml": POLICY,
        "qof.csv": "practice_code,indicator_code,measure,value\nA81001,AF001,REGISTER,100\nA81001,AF,REGISTER,100\n"
                   "A81001,AF006,NUMERATOR,70\nA81001,AF006,DENOMINATOR,90\nA81001,AF006,PCAS,3\n",
        "national.csv": "group_code,register,list_size\nAF,1000000,58000000\n",
        "recovery.csv": "practice_code,notified,months,reason\nA81001,2025-07-31,3,\n",
        "assign.csv": "practice_code,scheme_id\nA81001,qif-2024-25\nA81002,qif-plus-2024-25\n",
        "budgets.csv": "level,code,scheme_id,pounds\nplace,cannock-chase,,10000\narea,,,20000\n",
        "theirs.csv": "practice_code,indicator_code,numerator,denominator\nA81001,2,5,10\nA81001,3,70,100\n",
        "clusters.csv": "cluster,code,term,source\nHYP_COD,38341003,Hypertension,mine\nCHOL_COD,1005681,x,mine\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    head, *rows = (folder / "qif.csv").read_text(encoding="utf-8").splitlines()
    quarter = "".join(f"{row},2024-Q3\n" for row in rows)
    (folder / "quarter.csv").write_text(f"{head},period\n{quarter}", encoding="utf-8")
    write_folder(folder / "extract", SMALL)
    records(folder)
    evaluated(folder / "made", folder / "store")
    shutil.move(folder / "made" / "evaluated", folder / "evaluated")
    (folder / "local-worklist.yaml").write_text(WORKLIST, encoding="utf-8")
    for command in (
        "run all.yaml --practices practices.csv --counts counts.csv --out first",
        "run qif-2024-25 --practices practices.csv --counts qif.csv --out second",
        f"run {LOCAL} --counts local_counts.csv --out local",
        "clusters lock local-worklist.yaml --out clusters.lock",
    ):
        said = remit(
            *(folder / word if (folder / word).exists() or word in _MADE else word for word in command.split())
        )
        assert said.status == 0, (command, said.err)
    return folder


_MADE = {"first", "second", "local", "clusters.lock"}
