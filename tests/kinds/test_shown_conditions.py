"""Kind: a condition of payment that the card of a scheme does not show. Whatever an item pays by, `show` names what it
requires.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit

import remit as engine

LIBRARY = Path(engine.__file__).parent / "library" / "schemes"
SCHEMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))
SCHEME = """
scheme: local
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {{contract: {{title: The contract, standing: verified}}}}
source: contract
point: {{value: £100}}
heads: {{column: weighted_list_size, called: weighted list, at: 2024-04-01}}
terms: {{balance: {{due: 2025-06-30}}}}
items:
  - item: GATE
    indicator: AF001
    measure: register
    pays: {{boolean: {{points: 1}}}}
  - item: LATER
    title: What comes later
    requires: [GATE]
    {pays}
"""
KINDS = {
    "linear": "indicator: AF006\n    measure: achievement\n    pays: {linear: {points: 10, lower: 40%, upper: 80%}}",
    "boolean": "indicator: CHD001\n    measure: register\n    pays: {boolean: {points: 4}}",
    "protected": "indicator: CHD001\n    measure: historic\n    pays: {protected: {points: 4, of: 2023-24}}",
    "steps": "indicator: AF006\n    measure: achievement\n    pays: {steps: {steps: [above 4% pays 1p], most: £0.01}}",
    "required": "pays: {required: {most: £0.10, supply: a rule}}",
    "fixed": "pays: {fixed: {pays: £100, for: a plan}}",
    "activity": "pays: {activity: {tariff: £20}}",
}


@pytest.mark.parametrize("form", [(), ("--boundaries",)], ids=["card", "boundaries"])
@pytest.mark.parametrize("kind", KINDS)
def test_show_hides_no_requires(kind: str, form: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "local.yaml"
    path.write_text(SCHEME.format(pays=KINDS[kind]), encoding="utf-8")
    said = remit("show", path, *form)
    assert said.status == 0, said.err
    assert "paid only when GATE is met" in " ".join(said.out.split())


@pytest.mark.parametrize(
    "scheme", sorted(p.stem for p in (Path(engine.__file__).parent / "library" / "schemes").glob("*.yaml"))
)
def test_every_requires_of_the_library_is_shown(scheme: str) -> None:
    wanted = [item for item in engine.load_scheme(scheme).items if item.requires]
    said = " ".join(remit("show", scheme).out.split())
    assert said.count("paid only when") >= len(wanted)
