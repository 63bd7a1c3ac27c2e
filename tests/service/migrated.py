"""Tables as all migrations make them: made once for all processes that test, in seven seconds, and copied from then on.

On SQLite the copy is of a file; on PostgreSQL it is a database made from another as its template.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.db import connection
from filelock import FileLock
from tests.service import settings

FOLDER = Path(os.environ[settings.TABLES])
"""Where the processes of one run of tests keep what they share."""

TEMPLATE = f"remit_tables_{FOLDER.parent.name.rpartition('-')[2].lower()}"
"""PostgreSQL's, which no other run of tests has."""

_MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def copied_to(path: Path) -> None:
    """Put a SQLite file with all tables, and nothing in them, at a path."""
    shutil.copyfile(_once("sqlite", _made_on_sqlite), path)


def created(name: str) -> None:
    """Create a database of PostgreSQL with all tables, and nothing in them; the service's role of tests may use it."""
    _once("postgresql", _made_on_postgresql)
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')


def dropped_again() -> None:
    """Leave none on the server, where one was made."""
    if (FOLDER / "postgresql").exists():
        _on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}")


def as_test_database() -> None:
    """Put the tables where Django is to find those of this process."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    if settings.OWNER:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        created(name)
    else:
        copied_to(Path(name))


def _once(kind: str, make: object) -> Path:
    """What `make` made; whoever comes while another process makes it waits."""
    FOLDER.mkdir(exist_ok=True)
    done = FOLDER / kind
    with FileLock(FOLDER / f".{kind}"):
        if not done.exists():
            make(FOLDER / f"{kind}-begun").replace(done)  # type: ignore[operator]
    return done


def _made_on_sqlite(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    _migrate({"REMIT_DATA": str(path)}, "remit.service.settings")
    assert not list(path.glob("*-wal")), "what was written last is not in the file"
    return path / "remit.sqlite3"


def _made_on_postgresql(path: Path) -> Path:
    _on_server(f"CREATE DATABASE {TEMPLATE}")
    owner = f"{settings.OWNER.rpartition('/')[0]}/{TEMPLATE}"
    _migrate({"REMIT_DATA": str(FOLDER), "REMIT_TEST_POSTGRESQL": owner}, "tests.service.settings")
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def _migrate(environment: dict[str, str], module: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", _MIGRATE], env=kept | environment | {"DJANGO_SETTINGS_MODULE": module},
        cwd=Path(__file__).parents[2], capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(settings.OWNER, autocommit=True) as server:
        server.execute(statement.encode())
