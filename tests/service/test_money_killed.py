"""Nothing is lost and nothing paid twice, whatever ends a process: a payment run that is begun, prepared and released,
a month and a year that are closed, and a restore, each killed at moments spread over it and done again.

The processes are real, each on a database of its own kind. `REMIT_KILLS=100` tries a hundred moments.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.service.running import HERE, of_ordinary_role

MANY = int(os.environ.get("REMIT_KILLS", "12"))
SHARES = {"begin": 9, "prepare": 20, "release": 30, "close the month": 13, "close the year": 10, "restore": 18}
"""Of a hundred moments."""

KILLED = """
import json
from pathlib import Path
from tests.service import money_killed
print(json.dumps(money_killed.tried({many}, Path({folder!r}))))
"""


def share(of: str) -> int:
    """How many moments of an action are tried."""
    return max(2, round(SHARES[of] * MANY / 100))


@pytest.mark.usefixtures("service_role")
def test_a_year_end_that_is_killed_anywhere_pays_each_practice_once(tmp_path: Path) -> None:
    many = {name: share(name) for name in SHARES if name != "restore"}
    with of_ordinary_role(tmp_path, HERE) as place:
        found = json.loads(place.python(KILLED.format(many=many, folder=str(tmp_path / "in"))))
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


PREPARED = """
import pickle
from pathlib import Path
from tests.service import money_killed
from tests.service.year_end import decided, in_advance
pays = in_advance(Path({folder!r}))
decided(pays)
for name in ("begin", "prepare"):
    money_killed.ACTIONS[name].first(pays)
Path({folder!r}, "pays").write_bytes(pickle.dumps(pays))
"""
CLOSED = """
import pickle
from pathlib import Path
from tests.service import money_killed
money_killed.ACTIONS["close the month"].first(pickle.loads(Path({folder!r}, "pays").read_bytes()))
"""
RESTORED = """
import json, pickle
from pathlib import Path
from tests.service import money_killed
pays = pickle.loads(Path({folder!r}, "pays").read_bytes())
print(json.dumps(money_killed.tried_restore({many}, Path({path!r}), pays)))
"""


@pytest.mark.usefixtures("service_role")
def test_a_restore_that_is_killed_anywhere_is_the_old_or_the_new_and_pays_once(tmp_path: Path) -> None:
    """Of a backup with a run that is prepared, in place of books of which a month was closed since."""
    folder, path = str(tmp_path / "in"), tmp_path / "prepared.remit-backup"
    with of_ordinary_role(tmp_path, HERE) as place:
        place.python(PREPARED.format(folder=folder))
        assert place.command("backup", "--to", str(path)).returncode == 0
        place.python(CLOSED.format(folder=folder))
        place.environment["REMIT_AS_OWNER"] = "1"
        script = RESTORED.format(folder=folder, path=str(path), many=share("restore"))
        found = json.loads(place.python(script))
        verified = place.command("audit", "verify")
    print({name: one[:2] for name, one in found["actions"].items()})
    assert found["actions"]["restore"][1:] == [share("restore"), []]
    assert (found["old"]["closed"], found["outcome"]["closed"]) == (["2025-03-01"], [])
    assert found["outcome"]["paid"] == {"A1": 2_000_000, "A2": 560_000}
    assert [run[:4] for run in found["outcome"]["runs"]][1] == [2, "released", 2, 40_000]
    assert verified.returncode == 0, verified.stderr
