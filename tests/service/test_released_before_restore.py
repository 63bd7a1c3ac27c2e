"""A backup from before a release is put in place of the deployment that released: the bank may have the file. Whoever
restores is told, the file is kept, and nothing is paid again until somebody has dealt with it.

By hand (`year_end`): the run of June pays A1 £3,200.00 and has £2,800.00 back from A2, together £400.00.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.service.running import HERE, Place, of_ordinary_role

pytestmark = pytest.mark.one_database


BEFORE = """
import pickle
from pathlib import Path
from typing import Any
from tests.service import money_killed
from tests.service.year_end import decided, in_advance
pays = in_advance(Path({folder!r}))
decided(pays)
money_killed.work()
Path({folder!r}, "pays").write_bytes(pickle.dumps(pays))
"""
PAYS = """
import json, pickle
from pathlib import Path
from typing import Any
from remit.core.problems import Refused
from tests.service import money_killed
from tests.service.year_end import outcome
pays = pickle.loads(Path({folder!r}, "pays").read_bytes())
words = ""
try:
    for name in {actions!r}:
        money_killed.ACTIONS[name].first(pays)
except Refused as refused:
    words = refused.problems[0].message
print(json.dumps([words, outcome()]))
"""


def replaced(place: Place, path: Path) -> tuple[str, str]:
    """What a restore in place of what is there says."""
    done = place.command("restore", str(path), "--replace", REMIT_AS_OWNER="1")
    assert done.returncode == 0, done.stderr
    return done.stdout, " ".join(done.stderr.split())


@pytest.mark.usefixtures("service_role")
def test_what_the_bank_may_have_is_said_kept_and_not_paid_again(tmp_path: Path) -> None:
    folder, kept = str(tmp_path / "in"), tmp_path / "data" / "released-before-restore"

    def pays(*actions: str) -> tuple[str, dict[str, Any]]:
        words, outcome = json.loads(place.python(PAYS.format(folder=folder, actions=actions)))
        return words, outcome

    with of_ordinary_role(tmp_path, HERE) as place:
        place.python(BEFORE.format(folder=folder))
        older, newer = tmp_path / "older.remit-backup", tmp_path / "newer.remit-backup"
        assert place.command("backup", "--to", str(older)).returncode == 0
        words, before = pays("begin", "prepare", "release")
        assert words == ""
        assert before["runs"][1][:4] == [2, "released", 2, 40_000]
        sha256 = before["runs"][1][4]
        assert place.command("backup", "--to", str(newer)).returncode == 0

        for released in (", released on 10 June 2025 (2 payments, together £400.00),", ""):  # the file is kept on
            _, warned = replaced(place, older)
            assert f"Payment run 2 of QAA for June 2025{released} is not in this backup." in warned
            assert sha256 in warned
            assert warned.endswith("[service.released-not-in-backup]")
            [file] = kept.iterdir()
            assert file.name == f"QAA.run-2.2025-06.{sha256}.csv"
            assert place.command("payment-file", "check", str(file)).returncode == 0
            words, again = pays("begin")
            assert words == (
                "Payment run 2 of QAA for June 2025 was released and is not in these books since an older backup was"
                " restored. The bank may have paid it: nothing is prepared or released until whoever runs the server"
                " has dealt with its payment file."
            )
            assert [run[:2] for run in again["runs"]] == [[1, "released"]]

        assert replaced(place, newer)[1] == ""
        assert not kept.exists()
        assert pays()[1] == before

        replaced(place, older)
        [file] = kept.iterdir()
        file.unlink()  # the bank did not pay it
        words, anew = pays("begin", "prepare", "release")
        assert (words, anew["paid"]) == ("", before["paid"])


def test_where_what_is_replaced_cannot_be_read_that_is_said(tmp_path: Path) -> None:
    with of_ordinary_role(tmp_path, "sqlite") as place:
        path = tmp_path / "one.remit-backup"
        assert place.command("backup", "--to", str(path)).returncode == 0
        (place.data / "remit.sqlite3").write_bytes(b"no database" * 1000)
        said = replaced(place, path)[1]
        assert re.search("could not be read: whether it released payment runs .* is not known", said), said
        assert place.command("audit", "verify").returncode == 0
