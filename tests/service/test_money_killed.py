"""Nothing is lost and nothing paid twice, whatever ends a process: a payment run that is begun, prepared and released,
a month and a year that are closed, and a restore, each killed at moments spread over it and done again.

The processes are real, each on a database of its own kind. `REMIT_KILLS=100` tries a hundred moments.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import settings
from tests.service.running import Place, made

KIND = "postgresql" if settings.OWNER else "sqlite"
MANY = int(os.environ.get("REMIT_KILLS", "24"))
SHARES = {"begin": 9, "prepare": 20, "release": 30, "close the month": 13, "close the year": 10}
"""Of a hundred moments; the other eighteen are of the restore."""

TABLES = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
KILLED = """
import json
from pathlib import Path
from tests.service import money_killed
print(json.dumps(money_killed.tried({many}, Path({folder!r}))))
"""


def share(of: str) -> int:
    """How many moments of an action are tried."""
    return max(2, round(SHARES[of] * MANY / 100))


@pytest.fixture
def place(service_role: None, tmp_path: Path) -> Iterator[Place]:
    """A deployment without anybody in it; the service is its ordinary role."""
    with made(tmp_path, KIND) as one:
        one.data.mkdir(mode=0o700)
        one.environment["REMIT_HOSTS"] = "testserver"
        if one.database:
            server = one.database.rpartition("@")[2]
            ordinary = f"postgres://{settings.SERVICE_ROLE}:{settings.SERVICE_PASSWORD}@{server}"
            one.environment |= {"REMIT_DATABASE": ordinary, "REMIT_DATABASE_OWNER": one.database}
        one.python(TABLES)
        one.environment["REMIT_AS_OWNER"] = "0"
        yield one


def test_a_year_end_that_is_killed_anywhere_pays_each_practice_once(place: Place, tmp_path: Path) -> None:
    found = json.loads(
        place.python(KILLED.format(many={name: share(name) for name in SHARES}, folder=str(tmp_path / "in")))
    )
    print({name: one[:2] for name, one in found["actions"].items()})
    assert {name: others for name, (_, _, others) in found["actions"].items() if others} == {}
    for name, (moments, numbers, _) in found["actions"].items():
        assert numbers == min(moments, share(name)), name
    # by hand, in year_end
    assert found["outcome"]["paid"] == {"A1": 2_000_000, "A2": 560_000}
    assert found["outcome"]["accounts"] == {
        "cash": -2_560_000, "paid in advance": 0, "scheme cost": 2_560_000, "owed to practices": 0,
    }  # fmt: skip
    assert [run[:4] for run in found["outcome"]["runs"]] == [
        [1, "released", 2, 2_520_000], [2, "released", 2, 40_000],
    ]  # fmt: skip
    assert found["outcome"]["closed"] == ["2025-03-01"]
    assert found["outcome"]["plans"] == ["ended"]
    assert found["outcome"]["entries"]["books.year-closed"] == 1
