"""What a restore in place of a deployment loses of its payments: runs that were released and that the backup does not
have. They are read from the deployment that is replaced, as far as it can be read, and their files are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from remit.core import say
from remit.core.problems import Problem, Refused, warning
from remit.files.private import private_file, private_folder
from remit.service.deployment import DATABASE_NAME
from remit.service.money.not_in_backup import FOLDER, LostRun, kept
from remit.service.serving import migrate, tables
from remit.service.serving.archive import Reader
from remit.service.serving.backup import one_moment

RUNS = "money.paymentrun"
HINT = (
    f"Its file is kept in {FOLDER}, in the data folder. While it is there this commissioner prepares and releases"
    " nothing. Take it away when finance knows that the bank did not pay it, or has entered what it paid."
)


@dataclass(frozen=True)
class Released:
    """A released run of the deployment that is replaced, with its file, and what is said of it."""

    run: LostRun
    file: bytes
    released: date | None = None
    payments: int = 0
    pence: int = 0


@dataclass(frozen=True)
class Lost:
    """Released runs that a backup does not have; not all of them where the deployment could not be read."""

    runs: tuple[Released, ...] = ()
    is_known: bool = True

    @property
    def warnings(self) -> list[Problem]:
        """What finance has to know before anything is paid."""
        found = [warning("service.released-not-in-backup", _words(one), None, HINT) for one in self.runs]
        if not self.is_known:
            what = (
                "The deployment that was replaced could not be read: whether it released payment runs that this backup"
                " does not have is not known."
            )
            hint = "Compare the payment files that the bank has with the payment runs here before anything is paid."
            found.append(warning("service.released-not-in-backup", what, None, hint))
        return found


def lost(reader: Reader, data: Path) -> Lost:
    """The runs that paid something and are not in the backup."""
    before, is_known = [*_kept(data)], True
    try:
        if (connection.vendor == "postgresql" or (data / DATABASE_NAME).exists()) and not migrate.is_empty():
            with one_moment():
                before += _released()
    except (DatabaseError, Refused):
        is_known = False  # a deployment that is damaged is what a backup is for
    finally:
        connection.close()
    there = set()
    if any(item.name == RUNS for item in reader.manifest.tables):
        there = {json.loads(line)["sha256"] for line in reader.lines(RUNS)}
    return Lost(tuple({one.run.sha256: one for one in before if one.run.sha256 not in there}.values()), is_known)


def keep(runs: Sequence[Released], staged: Path) -> None:
    """Put their files among those that come back."""
    for one in runs:
        private_folder(staged / FOLDER)
        path = staged / FOLDER / one.run.name
        private_file(path)
        path.write_bytes(one.file)


def _kept(data: Path) -> Iterator[Released]:
    """Those that an earlier restore kept."""
    for run in kept(data):
        yield Released(run, (data / FOLDER / run.name).read_bytes())


def _released() -> Iterator[Released]:
    loader = MigrationLoader(connection)
    runs: Any = tables.of(loader, tables.applied(loader)).get(RUNS)
    if runs is None:
        return
    rows = runs._base_manager.filter(state="released", payments__gt=0).select_related("organisation")
    for row in rows.order_by("organisation__code", "number"):
        run = LostRun(row.organisation.code, row.number, row.month, row.sha256)
        released = row.released_at.date() if row.released_at else None
        yield Released(run, row.file.encode("utf-8"), released, row.payments, row.pence)


def _words(one: Released) -> str:
    paid = ""
    if one.released is not None:
        many = f"{one.payments} {'payment' if one.payments == 1 else 'payments'}"
        paid = f", released on {say.day(one.released)} ({many}, together {say.money(one.pence)}),"
    text = f"{one.run}{paid} is not in this backup. Its payment file may be with the bank; SHA-256 {one.run.sha256}."
    return text[:1].upper() + text[1:]
