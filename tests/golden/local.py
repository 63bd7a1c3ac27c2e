"""Small local schemes that the tests of their statements run on: made up, with figures that can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import remit
from remit.runs import Run

HEAD = """
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2025-26
achievement_date: 2026-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
groups: [{group: BP, title: Blood pressure, list: whole}]
indicators:
  - {indicator: BPA, title: Blood pressure controlled, type: intermediate outcome, group: BP}
  - {indicator: ADM, title: Emergency admissions, type: outcome, group: BP}
"""

ACTIVITY = """
scheme: local-activity
terms:
  paid_in_advance: {share: 80%, of: blocks, instalments: 12, due: last day of each month}
  paid_on_activity: {days: 30}
items:
  - item: FG
    title: The foundation gateway
    pays: {gateway: {needs: all, pays: £500, elements: {EMIS: EMIS implementation, ERS: Use of e-referral}}}
  - item: BLOCK
    title: Historic block
    requires: [FG]
    pays: {historic: {in: pounds, of: QOF, years: [2012-13], adjusted_for: [list, prevalence]}}
  - item: SPI
    title: Spirometry
    pays: {activity: {tariff: £45.00, each: test, most_per_quarter: 100}}
"""
# 40,000.33 x 1.02 x 0.99 = 40,392.333234; 80% of 40,392.33 = 32,313.864; (100 + 20) x 45 = 5,400.
ACTIVITY_COUNTS = """
A1,EMIS,DECLARED,1,
A1,ERS,DECLARED,1,
A1,BLOCK,HISTORIC_POUNDS,40000.33,2012-13
A1,*,LIST_INDEX,1.02,
A1,*,PREVALENCE_INDEX,0.99,
A1,SPI,ACTIVITY,120,2025-Q1
A1,SPI,ACTIVITY,20,2025-Q4
A2,EMIS,DECLARED,0,
A2,ERS,DECLARED,1,
A2,BLOCK,HISTORIC_POUNDS,30000,2012-13
A2,*,LIST_INDEX,1,
A2,*,PREVALENCE_INDEX,1,
A2,SPI,ACTIVITY,0,2025-Q1
"""

BLEND = """
scheme: local-blend
terms: {balance: {due: 2026-06-30}}
items:
  - item: POOL
    title: Historic income
    pays: {pooled: {streams: {QOF: Quality and Outcomes Framework, DES: Enhanced services}, year: 2015-16}}
  - item: BP1
    title: Blood pressure controlled
    indicator: BPA
    measure: achievement
    pays: {linear: {points: 12, lower: 40%, upper: 90%}}
  - item: ADM1
    title: Emergency admissions
    indicator: ADM
    measure: achievement
    pays: {linear: {points: 20, lower: 10%, upper: 5%, better: lower}}
  - item: LTCF
    title: Outcomes framework
    pays: {pot: {of: POOL, items: [BP1, ADM1]}}
  - item: ALT
    title: The alternative to QOF
    pays: {blend: {parts: {POOL: 50%, LTCF: 50%}}}
"""
# BP1 65% is half way: 6 of 12. ADM1 7.5% is half way down: 10 of 20. The pot is 100,000 x 16/32 = 50,000; the blend
# 50% x 100,000 + 50% x 50,000 = 75,000.
BLEND_COUNTS = """
A1,QOF,HISTORIC_POUNDS,60000,2015-16
A1,DES,HISTORIC_POUNDS,40000,2015-16
A1,BP1,NUMERATOR,65,
A1,BP1,DENOMINATOR,100,
A1,ADM1,NUMERATOR,75,
A1,ADM1,DENOMINATOR,1000,
"""

NETWORK = """
scheme: local-network
point: {value: £200}
networks:
  earned_by: EARNED
  distribution: list
  reinvest: care that the practices give together
terms: {balance: {due: 2026-06-30}}
items:
  - item: BP1
    title: Blood pressure controlled
    indicator: BPA
    measure: achievement
    pays: {linear: {points: 12, lower: 40%, upper: 90%}}
"""
# A1: 65% is 6 points = 1,200. A2: (80% - 40%) / 50% x 12 = 9.6 points = 1,920. A3: 30% is nothing.
# The pool of 3,120 by lists of 5,000, 7,000 and 3,000: 1,040, 1,456 and 624.
NETWORK_COUNTS = """
A1,BP1,NUMERATOR,65,
A1,BP1,DENOMINATOR,100,
A1,*,AGREED,1,
A2,BP1,NUMERATOR,80,
A2,BP1,DENOMINATOR,100,
A2,*,AGREED,1,
A3,BP1,NUMERATOR,30,
A3,BP1,DENOMINATOR,100,
A3,*,AGREED,1,
"""

PRACTICES = """practice_code,practice_name,network_code,list_size
A1,Acre Street,N1,5000
A2,Brook Road,N1,7000
A3,Church Lane,N1,3000
"""


def run_of(folder: Path, scheme: str, counts: str) -> Run:
    """A run of one of these schemes, over the practices that its counts name."""
    codes = {line.partition(",")[0] for line in counts.split("\n")}
    lines = [line for line in PRACTICES.splitlines(True) if line.startswith(("practice_code", *(codes - {""})))]
    held = {"scheme.yaml": HEAD + scheme, "practices.csv": "".join(lines)}
    held["counts.csv"] = f"practice_code,indicator_code,measure,value,period{counts}"
    for name, text in held.items():
        (folder / name).write_text(text, encoding="utf-8")
    return remit.run(str(folder / "scheme.yaml"), folder / "practices.csv", folder / "counts.csv")
