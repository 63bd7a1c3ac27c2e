"""The import: a folder's records into a store, all of them or none, a practice at a time.

Rows are first read and laid aside by practice, under pseudonyms (spool.py); then each practice's new files are written
beside those that are there (partition.py); last, one rename puts the new manifest in place. Until then the old store is
whole, and an import that was interrupted goes on with the practices that are not done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from remit.core.problems import Collector, Place, Refused, refuse
from remit.core.version import VERSION
from remit.files.beside import remove
from remit.files.hashes import sha256_file, sha256_text
from remit.files.locks import LOCK, locked
from remit.files.manifest import MANIFEST, decoded, encoded
from remit.files.private import keep_private, private_folder
from remit.files.tables import own_rows
from remit.files.whole import replace_synced, synced, unfinished
from remit.records.appending import append_partition, pays
from remit.records.cells import UNREAD
from remit.records.identity import Identity, looks_real, read_identity
from remit.records.import_checks import check_columns, check_conserved, check_rows
from remit.records.import_doubts import passed_over, without_rows
from remit.records.import_state import SPOOL, ImportedPractice, ImportPlan, Mode, Report, Spooled, cannot_write, clear
from remit.records.keys import key_doubts
from remit.records.layout import TABLES
from remit.records.manifest import (
    WORK,
    Cells,
    Extract,
    Import,
    is_named_like_ours,
    is_store,
    manifest_of,
    read_manifest,
    write_manifest,
)
from remit.records.partition import Outcome, make_partition, rows_that_stay, unidentified
from remit.records.reject_lists import list_to, write_list
from remit.records.source import Source, open_source
from remit.records.spool import laid_aside, part_by_practice
from remit.records.store import Store
from remit.records.typed_rows import Reader

Progress = Callable[[int, int], None]
_UNREAD = "unread.csv"
_COUNTED = ("read", "rejected", "elsewhere")


def import_records(
    folder: Path | str,
    store: Path | str,
    *,
    key_file: Path | str | None = None,
    keep_ids: bool = False,
    mode: Mode = "add",
    progress: Progress | None = None,
) -> Report:
    """Import a folder: NHS numbers as pseudonyms made with the key of `key_file`, or ids kept as they are.

    `add` takes practices that the store does not have; `replace` puts the extract in place of all that is held of its
    practices; `append` adds a later extract; `correct` puts an extract in place of the one of the same id; `delete`
    removes the extracts that extracts.csv names, and needs no key. `progress(done, total)` is called as it goes.
    Raises Refused, with the store as it was.
    """
    folder, store = Path(folder), Path(store)
    key = Path(key_file) if key_file and mode != "delete" else None
    identity = None if mode == "delete" else read_identity(key, keep_ids, store, folder)
    doubts = list(key_doubts(key, folder)) if key else []
    source = open_source(folder, only_extracts=mode == "delete")
    _check_folder(store)
    is_new = not store.exists()
    try:
        if is_new:
            private_folder(store)
        with locked(store, "another import is writing to this store."):
            report = _Import(source, store, identity, mode, progress or (lambda done, total: None)).run()
            doubts += [doubt for file in source.files for doubt in passed_over(file.layout, file.path, file.names)]
            return replace(report, doubts=(*doubts, *report.doubts))
    except (Refused, OSError) as error:
        if is_new:
            remove(store)
        if isinstance(error, Refused):
            raise
        raise cannot_write(error, store, "Nothing was stored." if is_new else "The store is as it was.") from None


def _check_folder(store: Path) -> None:
    place = Place(str(store))
    if store.exists() and not store.is_dir():
        raise refuse("records.store-not-a-folder", "is not a folder.", place, "Name a folder.")
    if not store.is_dir() or is_store(store):
        return
    ours = (WORK, LOCK, unfinished(store / MANIFEST).name)
    files = (path.relative_to(store) for path in store.rglob("*") if not path.is_dir() or path.is_symlink())
    if any(path.parts[0] not in ours and not is_named_like_ours(path.as_posix()) for path in files):
        raise refuse(
            "records.store-holds-other-files",
            "holds files that do not belong to a store of records.",
            place,
            "Name a new or an empty folder.",
        )


class _Import:
    def __init__(
        self, source: Source, store: Path, identity: Identity | None, mode: Mode, on_progress: Progress
    ) -> None:
        self.source, self.store, self.identity, self.mode, self.on_progress = source, store, identity, mode, on_progress
        self.manifest = read_manifest(store) if is_store(store) else manifest_of({}, {})
        self.number = self.manifest.next_import
        self.work = store / WORK
        self.report = Report(mode, len(source.extracts))
        self.done: dict[str, ImportedPractice] = {}
        self.spooled = Spooled(read={}, rejected={}, elsewhere={}, cells=(), filled={}, kept_out={})
        self.total = 2 * sum(file.lines for file in source.files) + len(source.extracts)
        self.so_far = 0

    def run(self) -> Report:
        self._check()
        try:
            self._take_up()
            self._lay_aside()
            for code in sorted(self.source.extracts):
                if code not in self.done:
                    self._practice(code)
                self._tell(sum(self.done[code].read.values()) + 1)
            self._commit()
        except (Refused, OSError):  # what is begun goes on only after an interruption
            clear(self.store, self.manifest)
            raise
        return self.report

    def _check(self) -> None:
        """Refuse what cannot be done, before anything is read."""
        partitions, problems, place = self.manifest.partitions, Collector(), Place(str(self.store))
        own_identity = self.identity.manifest_entry if self.identity else {}
        if own_identity and partitions and own_identity != self.manifest.identity:
            keeps = self.manifest.identity["ids"] == "kept"
            problems.add(
                "records.store-keeps-ids" if keeps else "records.other-key-than-store",
                "the store keeps ids as they are." if keeps else "the store's pseudonyms were made with another key.",
                place,
                "Keep the ids, or give another store." if keeps else "Give that key, or another store.",
            )
        wrong: dict[tuple[str, str, str], list[str]] = {}
        for code, (id_, _) in self.source.extracts.items():
            ids = [extract.id for extract in partitions[code].extracts] if code in partitions else []
            if self.mode == "add" and ids:
                how = "Append a later extract, correct one, or replace all records of the practice."
                wrong.setdefault(("records.practice-held-already", "already holds records of {}.", how), []).append(
                    code
                )
            elif self.mode == "append" and id_ in ids:
                message = f"already holds extract {id_} of {{}}."
                refusal = ("records.extract-held-already", message, "Correct it to replace it.")
                wrong.setdefault(refusal, []).append(code)
            elif self.mode in ("correct", "delete") and id_ not in ids:
                has = f"It holds {', '.join(ids)}." if ids else "It holds no records of it."
                wrong.setdefault(("records.extract-not-held", f"holds no extract {id_} of {{}}.", has), []).append(code)
        for (kind, message, hint), codes in wrong.items():
            more = f" and {len(codes) - 3:,} more" if len(codes) > 3 else ""
            problems.add(kind, message.format(f"practice {', '.join(codes[:3])}{more}"), place, hint, practices=codes)
        problems.refuse_if_any()

    def _take_up(self) -> None:
        """Continue an interrupted import of the same files in the same way; remove any other."""
        plan = ImportPlan(
            remit=VERSION,
            mode=self.mode,
            identity=self.identity.manifest_entry if self.identity else {},
            files=self.source.hashes,
            store=sha256_text(encoded(self.manifest, indent=1).decode()),
            laid_aside="typed and told",
        )
        path = self.work / "plan.json"
        if path.is_file() and decoded(path.read_bytes(), ImportPlan) == plan:
            self.done = self._read_done()
            self.report.resumed = len(self.done)
        else:
            clear(self.store, self.manifest)
            private_folder(self.work)
            replace_synced(path, encoded(plan))
        replace_synced(self.work / "done.jsonl", b"".join(encoded(entry, None) for entry in self.done.values()))

    def _read_done(self) -> dict[str, ImportedPractice]:
        """The practices that are done, as far as their files are whole."""
        done: dict[str, ImportedPractice] = {}
        path = self.work / "done.jsonl"
        for line in path.read_bytes().splitlines() if path.is_file() else []:
            entry = decoded(line, ImportedPractice)
            if entry is None:
                break  # the line that was being written
            files = entry.partition.named().values() if entry.partition else ()
            if all((self.store / f.file).is_file() and sha256_file(self.store / f.file) == f.sha256 for f in files):
                done[entry.practice] = entry
        return done

    def _lay_aside(self) -> None:
        """Part the files' rows by practice, unless that was done before the interruption."""
        path, spool = self.work / "spooled.json", self.work / SPOOL
        spooled = decoded(path.read_bytes(), Spooled) if path.is_file() else None
        if spooled:
            self._tell(sum(file.lines for file in self.source.files))
        else:
            spooled = self._spool(spool)
            replace_synced(path, encoded(spooled))
        self.report.read.update(spooled.read)
        self.report.rejected.update(spooled.rejected)
        self.report.cells = spooled.cells
        self.spooled = spooled
        check_columns(spooled, self._paths(), lambda: own_rows(self.work / _UNREAD))

    def _spool(self, spool: Path) -> Spooled:
        remove(spool)
        private_folder(spool)
        count = {}
        reader = Reader(self.identity or Identity())
        with list_to(self.work / "rejected.csv") as rejects, list_to(self.work / _UNREAD) as unread:
            for file in self.source.files:
                name, start = file.path.name, self.so_far
                count[file.layout.name] = part_by_practice(
                    file,
                    self.source.extracts,
                    spool,
                    reader,
                    lambda what, name=name: rejects(name, what),  # type: ignore[misc]
                    lambda what, name=name: unread(name, what),  # type: ignore[misc]
                    lambda read, start=start: self._tell(start + read - self.so_far),  # type: ignore[misc]
                )
        stored_otherwise = sorted((+reader.stored_otherwise).items())
        return Spooled(
            **{what: {table: counted[what] for table, counted in count.items()} for what in _COUNTED},
            cells=tuple(
                Cells(table=table, column=column, how=how, count=many)
                for (table, column, how), many in stored_otherwise
            ),
            filled={f"{table}.{column}": many for (table, column), many in sorted(reader.filled.items())},
            kept_out=reader.kept_out_by_column(),
        )

    def _paths(self) -> dict[str, Path]:
        return {file.layout.name: file.path for file in self.source.files}

    def _practice(self, code: str) -> None:
        partition = self.manifest.partitions.get(code)
        id_, last_day = self.source.extracts[code]
        new = None if self.mode == "delete" else Extract(id_, last_day, self.number)
        stay = [] if self.mode == "replace" or not partition else [e for e in partition.extracts if e.id != id_]
        extracts = sorted([*stay, *([new] if new else [])], key=lambda e: (e.last_day, e.imported))
        read = {}
        for layout in TABLES:
            new_rows = laid_aside(self.work / SPOOL, code, layout) if new else None
            if new_rows is not None:
                read[layout.name] = new_rows
        if new and partition and self.mode == "append" and extracts[-1] is new and pays(partition, read):
            outcome = append_partition(Store(self.store), code, self.number, new, read)
        else:
            kept_rows = rows_that_stay(Store(self.store), code, {e.id for e in stay}) if stay else {}
            outcome = make_partition(self.store, code, self.number, extracts, kept_rows, new, read)
        self._reject(code, outcome)
        entry = ImportedPractice(
            practice=code,
            partition=outcome.partition,
            read={name: rows.num_rows + len(wrong) for name, (rows, wrong) in read.items()},
            stored=outcome.stored,
            rejected={name: len(rows) for name, rows in outcome.rejected.items()},
            real=self._real(rows for rows, _ in read.values()),
            gone=outcome.gone,
            two_births=len(outcome.two_births),
            unidentified={name: unidentified(name, rows) for name, rows in outcome.rejected.items() if rows},
        )
        with synced(self.work / "done.jsonl", "ab") as file:
            file.write(encoded(entry, None))
        self.done[code] = entry
        remove(self.work / SPOOL / code)

    def _real(self, tables: Iterable[pa.Table]) -> int:
        """How many of the ids that are kept look like real NHS numbers."""
        if self.identity is None or self.identity.key:
            return 0
        ids = {
            id_
            for rows in tables
            if "patient_id" in rows.column_names
            for id_ in pc.unique(rows["patient_id"]).to_pylist()
        }
        return sum(map(looks_real, ids))

    def _reject(self, code: str, outcome: Outcome) -> None:
        if any(outcome.rejected.values()):
            names = {table: path.name for table, path in self._paths().items()}
            with list_to(self.work / f"rejected-{code}.csv") as rejects:
                for table, rows in outcome.rejected.items():
                    for row in sorted(rows, key=lambda rejected: rejected.row):
                        rejects(names[table], row)

    def _commit(self) -> None:
        """The moment at which the store becomes the new one."""
        partitions = dict(self.manifest.partitions)  # a copy: the old one says what to clear away if this fails
        for code, entry in self.done.items():
            if entry.partition:
                partitions[code] = entry.partition
            else:
                del partitions[code]
            self.report.stored.update(entry.stored)
            self.report.rejected.update(entry.rejected)
            self.report.looks_real += entry.real
            self.report.gone.update(entry.gone)
        check_conserved(self.report.read, self.report.stored, self.report.rejected)
        check_rows(self.spooled, self.done, self._paths(), self._rejects_of)
        name = (
            write_list(self.store, "rejected", self.number, self._rejected_parts())
            if self.report.rejected.total()
            else ""
        )
        unread = [self.work / _UNREAD] if any(cells.how == UNREAD for cells in self.report.cells) else []
        unread_name = write_list(self.store, "unread", self.number, unread) if unread else ""
        new = Import(
            mode=self.mode,
            extracts=len(self.source.extracts),
            files=self.source.hashes,
            read=dict(self.report.read),
            stored=dict(self.report.stored),
            rejected=dict(self.report.rejected),
            rejected_file=name,
            cells=self.report.cells,
            unread_file=unread_name,
            two_births=sum(entry.two_births for entry in self.done.values()),
        )
        identity = self.identity.manifest_entry if self.identity else self.manifest.identity
        manifest = manifest_of(identity, partitions, (*self.manifest.imports, new))
        write_manifest(self.store, manifest)
        for listed_file in manifest.listed(self.store):
            keep_private(self.store / listed_file)  # earlier versions wrote for everybody
        self.report.doubts = () if self.mode in ("append", "delete") else tuple(without_rows(self.done))
        self.report.rejected_file = self.store / name if name else None
        self.report.unread_file = self.store / unread_name if unread_name else None
        clear(self.store, manifest)

    def _rejected_parts(self) -> Iterator[Path]:
        parts = [self.work / "rejected.csv", *(self.work / f"rejected-{code}.csv" for code in sorted(self.done))]
        return (path for path in parts if path.is_file())

    def _rejects_of(self, table: str, practice: str) -> Iterator[list[str]]:
        """The rejected rows of a table, of one practice or of all."""
        own = f"rejected-{practice}.csv"
        for path in (path for path in self._rejected_parts() if not practice or path.name == own):
            yield from (row for row in own_rows(path) if row[0].partition(".")[0] == table)

    def _tell(self, more: int) -> None:
        self.so_far += more
        self.on_progress(min(self.so_far, self.total), self.total)
