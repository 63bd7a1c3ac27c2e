"""Keep of one practice's records what the rules read of the patients whom they decided, under pseudonyms alone.

A record is kept where it is of a cluster that a register reads, or an indicator that the patient has an outcome under.
Neither the name of an extract nor a birth date is kept, nor a stay with another practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from remit.core.problems import refuse
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.evidence.ages import days_of_ages
from remit.evaluation.evidence.layout import (
    CLUSTERS_FILE,
    OWN_RULES,
    PEOPLE,
    PEOPLE_FILE,
    ROWS,
    EvidenceManifest,
    KeptCluster,
    KeptClusters,
    columns,
    outcomes_file,
)
from remit.evaluation.manifest import Basis, EvaluatedPractice
from remit.evaluation.period import dates_of
from remit.evaluation.plan import Plan
from remit.evaluation.reference import age
from remit.files.hashes import sha256_file, sha256_text
from remit.files.manifest import MANIFEST, encoded, write_manifest
from remit.files.private import private_file, private_folder
from remit.records.identity import looks_real
from remit.records.layout import EVENTS, PRESCRIPTIONS, Layout
from remit.records.store import Store
from remit.rules import model as r
from remit.rules.definitions import Definitions, registers_of
from remit.scheme import frozen_text
from remit.terminology.cluster_words import known_words
from remit.terminology.clusters import ClusterSet
from remit.terminology.codes import misspelt

_Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Read:
    """Which definitions read a code: a row of bits for each code, of which the first is of the registers."""

    codes: pa.Array
    bits: _Bits


def evidence_of(
    practice: str, outcomes: pa.Table, evaluator: Evaluator, plan: Plan, outside: Iterable[str], folder: Path
) -> dict[str, str]:
    """Write a practice's evidence into a folder of its own. Returns its files with their hashes.

    `outside` are the codes of its records that no cluster has: of those that another spelling of one is among them the
    records are kept, since `explain` points them out.
    """
    known, store, definitions = evaluator.known, evaluator.store, plan.definitions()
    every = _with_registers(plan, known)
    spelt = misspelt(outside, evaluator.codes_of_clusters.to_pylist())
    read = _read(definitions, known, evaluator.clusters, spelt)
    ids = outcomes["patient_id"].combine_chunks().unique()
    whose = _whose(outcomes, ids, list(definitions))
    private_folder(folder)
    private_folder(folder / "outcomes")
    _write(folder / outcomes_file(practice), outcomes)
    _write(folder / PEOPLE_FILE, _people(store, practice, ids, every, ages_on(evaluator, plan), evaluator.on))
    present: set[str] = set(spelt.values())
    for layout in (EVENTS, PRESCRIPTIONS):
        table = _records(store, practice, layout, ids, whose, read)
        for name in {"code", "answer"} & {*table.column_names}:
            present.update(pc.unique(table[name]).to_pylist())
        _write(folder / f"{layout.name}.parquet", table)
    kept = _clusters(evaluator.clusters, evaluator.needed(plan), present, spelt.values())
    private_file(folder / CLUSTERS_FILE)
    (folder / CLUSTERS_FILE).write_bytes(encoded(kept, indent=1))
    return {name: sha256_file(folder / name) for name in files_of(practice)}


def ages_on(evaluator: Evaluator, plan: Plan) -> tuple[date, ...]:
    """The days on which the rules ask how old somebody is."""
    return days_of_ages(_with_registers(plan, evaluator.known), dates_of(evaluator.scheme, evaluator.on))


def _with_registers(plan: Plan, known: Definitions) -> list[r.Definition]:
    definitions = plan.definitions().values()
    return [*definitions, *known.resting_on(code for one in definitions for code in registers_of(one))]


def files_of(practice: str) -> tuple[str, ...]:
    """The files that `evidence_of` writes."""
    tables = (f"{layout.name}.parquet" for layout in (EVENTS, PRESCRIPTIONS))
    return (CLUSTERS_FILE, *tables, outcomes_file(practice), PEOPLE_FILE)


def _write(path: Path, table: pa.Table) -> None:
    private_file(path)
    pq.write_table(table, path.absolute(), compression="zstd", row_group_size=ROWS)


def _read(
    definitions: Mapping[str, r.Definition], known: Definitions, clusters: ClusterSet, spelt: Mapping[str, str]
) -> _Read:
    """Which of the definitions read which code. What tells whether somebody is on a register is read of everybody."""
    below = {code for one in definitions.values() for code in registers_of(one)}
    by_column = [known.needed_clusters(below), *(one.clusters() for one in definitions.values())]
    codes: dict[str, set[int]] = {code: {0} for code in spelt}
    for at, names in enumerate(by_column):
        for name in names:
            for code in clusters.cluster(name).codes:
                codes.setdefault(code, set()).add(at)
    ordered = sorted(codes)
    bits = np.zeros((len(ordered), len(by_column)), bool)
    for n, code in enumerate(ordered):
        bits[n, sorted(codes[code])] = True
    return _Read(pa.array(ordered, pa.string()), np.packbits(bits, axis=1))


def _whose(outcomes: pa.Table, ids: pa.Array, codes: list[str]) -> _Bits:
    """By patient, as `_Read` has it by code, the indicators under which there is an outcome; the registers of all."""
    bits = np.zeros((len(ids), len(codes) + 1), bool)
    bits[:, 0] = True
    who = pc.index_in(outcomes["patient_id"].combine_chunks(), ids).to_numpy()
    which = pc.index_in(outcomes["indicator_code"].combine_chunks(), pa.array(codes, pa.string())).to_numpy()
    bits[who, which + 1] = True
    return np.packbits(bits, axis=1)


def _records(store: Store, practice: str, layout: Layout, ids: pa.Array, whose: _Bits, read: _Read) -> pa.Table:
    """The rows of a table that are kept, in their order."""
    parts = [_kept(part, ids, whose, read) for part in store.parts(practice, layout.name)]
    table = pa.concat_tables(parts) if parts else layout.schema.empty_table()
    used = [name for name in layout.optional if name in table.column_names and pc.any(layout.says(table, name)).as_py()]
    schema = columns(layout, used)
    _check_identifies(practice, table, {"reading", "answer", "record"} & {*schema.names})
    return table.select(schema.names).cast(schema)


def _kept(table: pa.Table, ids: pa.Array, whose: _Bits, read: _Read) -> pa.Table:
    """Of some rows those of a code that is read of their patient."""
    who, code = (pc.fill_null(pc.index_in(table[name], values), -1).to_numpy()
                 for name, values in (("patient_id", ids), ("code", read.codes)))  # fmt: skip
    some = np.flatnonzero((who >= 0) & (code >= 0))
    kept = some[(whose[who[some]] & read.bits[code[some]]).any(axis=1)]
    return table.take(pa.array(kept))


def _people(
    store: Store, practice: str, ids: pa.Array, definitions: Iterable[r.Definition], days: tuple[date, ...], on: date
) -> pa.Table:
    """Who they are: sex, ages, stays on the list up to a day, and the day of death."""
    by_ethnicity = any(table.by == "ethnicity" for one in definitions for table in one.bounds.values())
    stays: dict[str, list[tuple[date, date | None]]] = {}
    for row in store.table(practice, "registrations").to_pylist():
        if row["registered_at"] == practice and row["start_date"] <= on:
            stays.setdefault(row["patient_id"], []).append((row["start_date"], row["end_date"]))
    names = ["patient_id", "birth_date", "sex", "ethnicity", "death_date"]
    table = store.table(practice, "patients", names)
    table = table.filter(pc.is_in(table["patient_id"], value_set=ids))
    _check_identifies(practice, table, {"patient_id"})
    return pa.Table.from_pylist(
        list(_persons(table.select(names).to_pylist(), stays, days, on, by_ethnicity)), schema=PEOPLE
    )


def _persons(
    rows: Iterable[dict[str, object]],
    stays: Mapping[str, list[tuple[date, date | None]]],
    days: tuple[date, ...],
    on: date,
    by_ethnicity: bool,
) -> Iterator[dict[str, object]]:
    for row in rows:
        id_, born, died = row["patient_id"], row["birth_date"], row["death_date"]
        assert isinstance(id_, str), "a pseudonym"
        assert isinstance(born, date), "a patient has one"
        dead = died if isinstance(died, date) and died <= on else None
        own = stays.get(id_, [])
        yield {
            "patient_id": id_,
            "sex": row["sex"],
            "ethnicity": row["ethnicity"] if by_ethnicity else "",
            "ages": [age(born, day) for day in days],
            "death_date": dead,
            "age_at_death": age(born, dead) if dead else None,
            "registered_from": [start for start, _ in own],
            "registered_to": [end for _, end in own],
        }


def _check_identifies(practice: str, table: pa.Table, names: Iterable[str]) -> None:
    """Refuse to keep what has the form of an NHS number. It never says which."""
    for name in sorted(names):
        if any(looks_real(text) for text in pc.unique(table[name]).to_pylist() if text):
            raise refuse(
                "evaluation.evidence-identifies",
                f"the {name} of some records of practice {practice} has the form of an NHS number: evidence is kept "
                "under pseudonyms alone.",
                None,
                "Import the records again, with a key.",
                practice=practice,
                column=name,
            )


def _clusters(set_: ClusterSet, needed: Iterable[str], present: set[str], right: Iterable[str]) -> KeptClusters:
    """The clusters as far as records here have their codes; of one without words of its own, the first term too."""
    kept, corrected = {}, {*right}
    others = (name for name, one in set_.clusters.items() if corrected and not corrected.isdisjoint(one.codes))
    for name in sorted({*needed, *others}):
        cluster = set_.cluster(name)
        named = name in known_words()
        first = "" if named else next((code for code, term in cluster.codes.items() if term.strip()), "")
        terms = {code: term for code, term in cluster.codes.items() if code in present or (first and code == first)}
        systems = {code: tuple(sorted(cluster.systems[code])) for code in terms if code in cluster.systems}
        kept[name] = KeptCluster(codes=cluster.count, sha256=cluster.sha256, terms=terms, systems=systems)
    return KeptClusters(format=KeptClusters.kind.format, clusters=kept)


def finish(
    folder: Path, practice: EvaluatedPractice, basis: Basis, evaluator: Evaluator, plan: Plan, rules: Sequence[str]
) -> dict[str, str]:
    """Make a practice's folder whole: with the scheme, your own rules as text, and the manifest. Returns all its files
    with their hashes."""
    code = practice.practice
    texts = {f"{OWN_RULES}{n:03}.yaml": text for n, text in enumerate(rules, 1)}
    texts["scheme.yaml"] = frozen_text(evaluator.scheme)
    for name, text in texts.items():
        private_file(folder / name)
        (folder / name).write_bytes(text.encode())
    files = practice.evidence | {name: sha256_text(text) for name, text in texts.items()}
    own = {"format": EvidenceManifest.kind.format, "store": {code: basis.store[code]}}
    manifest = EvidenceManifest(
        **{**dict(basis), **own}, evidence_of=code, records_to=evaluator.store.last_day(code),
        ages_on=ages_on(evaluator, plan), files=dict(sorted(files.items())),
    )  # fmt: skip
    private_file(folder / MANIFEST)
    write_manifest(folder, manifest)
    return files | {MANIFEST: sha256_file(folder / MANIFEST)}
