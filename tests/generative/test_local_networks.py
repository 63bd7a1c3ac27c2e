"""Networks, whole runs: what members receive is what the network earned, to the penny, or nobody receives anything."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, local_inputs, local_schemes
from tests.generative.test_local_run import results, written
from tests.profiles import examples

from remit.core.dates import SchemeYear
from remit.runs.results import PracticeResult

networks = local_inputs(local_schemes(networks=True))
sure = local_inputs(local_schemes(kinds=("fixed", "gateway", "historic", "linear"), networks=True), whole=True)
"""Networks of which all is known, so that most can be shared out."""
YEAR = SchemeYear(2024)
merging = local_inputs(local_schemes(networks=True), merged=True)


def by_network(found: list[PracticeResult]) -> dict[str, tuple[PracticeResult, list[PracticeResult]]]:
    """Each network with its members."""
    whole = {r.practice.code: r for r in found if r.practice.level == "network"}
    return {code: (one, [r for r in found if r.practice.network == code]) for code, one in whole.items()}


@pytest.mark.checks("a pool that is distributed", "a pool that is not")
@given(networks | sure)
def test_members_receive_the_pool_to_the_penny_or_nobody_anything(made: Made) -> None:
    for network, members in by_network(results(made)).values():
        pool = network.pool
        assert pool is not None
        assert [m.pool for m in members] == [pool] * len(members)
        if pool.distribution.status == "distributed":
            checked("a pool that is distributed", bool(pool.pence))
            parts = [m.pence for m in members if m.pence is not None]
            assert len(parts) == len(members)
            assert sum(parts) == pool.pence == network.pence
            assert min(parts) >= 0
        else:
            checked("a pool that is not", len(members))
            assert network.status in ("blocked", "provisional")
            assert {m.pence for m in members} <= {None, 0}
            assert pool.distribution.reason in network.reason
            assert all(pool.distribution.reason in m.reason for m in members)
            assert not [due for due in network.schedule if due.kind in ("balance", "recovery")]


@pytest.mark.checks("a member who is out")
@given(networks | sure | merging)
def test_who_is_not_in_the_year_or_merged_gets_nothing_and_stops_nothing(made: Made) -> None:
    for network, members in by_network(results(made)).values():
        out = [m for m in members if m.practice.merged_in(YEAR) or m.participation.share == 0]
        assert {m.pence for m in out} <= {0}
        for m in out:
            checked("a member who is out")
            assert f"{m.practice.code} has not said yes" not in network.reason
            assert f"{m.practice.code} has said no" not in network.reason


@pytest.mark.checks("a network that one member stops")
@given(sure, st.sampled_from(["0", ""]), st.data())
def test_one_missing_assent_stops_it_for_all_and_is_named(made: Made, answer: str, data: st.DataObject) -> None:
    terms = made.scheme.networks
    assume(terms is not None and terms.assent == "every member")
    row = data.draw(st.sampled_from([row for row in made.counts if row[2] == "AGREED"]))
    made.counts.remove(row)
    if answer:
        made.counts.append([*row[:3], answer, ""])
    for network, members in by_network(results(made)).values():
        mine = [m for m in members if m.practice.code == row[0]]
        if "for which part of the year" in network.reason:  # that is asked first, before who has said yes
            continue
        if mine and not mine[0].practice.merged_in(YEAR) and mine[0].participation.share and network.pence:
            checked("a network that one member stops")
            assert {m.pence for m in members} <= {None, 0}
            assert f"{row[0]} has {'said no' if answer else 'not said yes'}" in network.reason


@pytest.mark.checks("a pool with money in it")
@given(sure)
def test_a_pool_of_what_members_earned_is_their_sum(made: Made) -> None:
    assert made.scheme.networks is not None
    assume(made.scheme.networks.earned_by == "practice")
    for network, members in by_network(results(made)).values():
        pool = network.pool
        assert pool is not None
        taking = [
            m for m in members if m.status != "merged" and not m.practice.merged_in(YEAR) and m.participation.share
        ]
        parts = [pool.contributions[m.practice.code] for m in taking]
        if None not in parts and network.status == "final":
            checked("a pool with money in it", bool(network.pence))
            assert network.pence == sum(part or 0 for part in parts)


@pytest.mark.checks("a numerator of two members")
@examples(2)
@given(sure)
def test_a_network_counted_as_one_has_the_counts_of_its_members_together(made: Made) -> None:
    """Numerators and denominators add up; points, indices and answers of members never do."""
    assert made.scheme.networks is not None
    assume(made.scheme.networks.earned_by == "network")
    held: dict[tuple[str, str, str], Fraction] = {}
    own = {(row[0], row[1], row[2]) for row in made.counts}
    for row in made.counts:
        held[row[0], row[1], row[2]] = Fraction(row[3])
    for code, (network, members) in by_network(results(made)).items():
        there = [m.practice.code for m in members if not m.practice.merged_in(YEAR) and m.participation.share]
        for award in network.awards:
            item = award.item
            if item.measure == "achievement" and (code, item.item, "NUMERATOR") not in own:
                expected = sum(held.get((m, item.item, "NUMERATOR"), 0) for m in there)
                if all((m, item.item, "NUMERATOR") in held for m in there) and there:
                    checked("a numerator of two members", len(there) > 1)
                    assert award.achievement.numerator == expected
            elif item.measure == "historic" and (code, item.item, "HISTORIC_POINTS") not in own:
                assert award.earned is None or award.unmet


@pytest.mark.checks("a pool of pounds", "a run of final pools")
@examples(2)
@given(sure | sure | networks)
def test_the_tables_of_a_network_say_the_same_as_its_results(made: Made) -> None:
    """Rows of the network have its code and no practice; its members' pounds in distribution.csv add up to the pool."""
    with tempfile.TemporaryDirectory() as name:
        files = written(made, Path(name) / "one")
    tables = {name: list(csv.DictReader(files[name].decode().splitlines())) for name in files if name.endswith(".csv")}
    pools = {r["unit_code"]: r for r in tables["payment.csv"] if r["level"] == "network"}
    shared: dict[str, list[str]] = defaultdict(list)
    for row in tables["distribution.csv"]:
        shared[row["network_code"]].append(row["pounds"])
    assert set(shared) == set(pools)
    for code, parts in shared.items():
        assert pools[code]["practice_code"] == ""
        if "" in parts:
            assert set(parts) == {""}
        else:
            checked("a pool of pounds")
            assert sum(map(Fraction, parts), Fraction(0)) == Fraction(pools[code]["pounds"])
    cost = sum(Fraction(r["pounds"]) for r in tables["ledger.csv"] if r["account"] == "scheme cost")
    final = [r for r in tables["payment.csv"] if r["level"] == "network" and r["status"] == "final"]
    if len(final) == len(pools):
        checked("a run of final pools")
        assert cost == sum(Fraction(row["pounds"]) for row in final)
    members = {row["practice_code"] for row in tables["distribution.csv"]}
    assert not [row for row in tables["ledger.csv"] if row["practice_code"] in members]
    assert [(r["level"], r["unit_code"]) for r in tables["payment.csv"]] == sorted(
        ((r["level"], r["unit_code"]) for r in tables["payment.csv"]),
        key=lambda pair: next(
            (d["network_code"], d["practice_code"]) if pair[0] == "practice" else (pair[1], "")
            for d in tables["distribution.csv"]
            if pair[1] in (d["practice_code"], d["network_code"])
        ),
    )
