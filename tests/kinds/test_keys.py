"""Kind: a key that is no secret. Every way in which somebody else may have it or guess it, refused or told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.faults.folders import write_folder
from tests.nhs_numbers import numbers

GOOD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TABLES = {
    "extracts": ["2025-03,A1,2025-03-31"],
    "patients": [f"A1,{number},1950-06-30,F,,A,3," for number in numbers(2)],
}


def key(text: str, mode: int = 0o600, where: str = "key") -> Callable[[Path], Path]:
    def made(home: Path) -> Path:
        path = home / where
        path.write_text(text)
        path.chmod(mode)
        return path

    return made


def packed(home: Path) -> Path:
    path = home / "packed"
    path.write_bytes(b"PAR1" + bytes(range(60)))
    path.chmod(0o600)
    return path


KEYS: dict[str, tuple[Callable[[Path], Path], int, str]] = {
    "drawn by chance": (key(GOOD), 0, ""),
    "base64": (key("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"), 0, ""),
    "with other marks": (key("mYxW-Kf0Q_bDz3r-Hs8v2UyN1a_LtE5c"), 0, ""),
    "the group can read it": (key(GOOD, 0o640), 0, "others than you can read the key"),
    "all can read it": (key(GOOD, 0o644), 0, "others than you can read the key"),
    "others can change it": (key(GOOD, 0o602), 0, "others than you can read the key"),
    "short": (key("secret"), 1, "is not a safe key"),
    "one character": (key("a" * 64), 1, "is not a safe key"),
    "a word three times": (key("secret-of-our-" * 3), 1, "is not a safe key"),
    "a block twice": (key("3f1c9a7e5b2d8046" * 2), 0, "it repeats itself"),
    "in order": (key("abcdefghijklmnopqrstuvwxyzabcdef"), 0, "follow one another"),
    "digits, few": (key("90786309819096258091695829193454"), 0, "are too few"),
    "words": (key("correct horse battery staple correct horse"), 0, "a few words"),
    "words and a code": (key("the-secret-of-the-practice-A81001"), 0, "a few words"),
    "the extract's patients": (lambda home: home / "in" / "patients.csv", 1, "is a table of records"),
    "the extract's list": (lambda home: home / "in" / "extracts.csv", 1, "is "),
    "another extract": (key("practice_code,patient_id\nA1,4010232137\nA1,9990000018\n"), 1, "is a table of records"),
    "another extract, packed": (packed, 1, "is a table of records"),
    "in the folder of the extract": (key(GOOD, where="in/key"), 0, "is in the folder of the extract"),
    "in the store": (key(GOOD, where="store/key"), 1, "must not be in the store"),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_is_no_secret_is_refused_or_told(name: str, tmp_path: Path) -> None:
    made, status, words = KEYS[name]
    write_folder(tmp_path / "in", TABLES)
    (tmp_path / "store").mkdir()
    path = made(tmp_path)
    said = remit("records", "import", tmp_path / "in", "--store", tmp_path / "store", "--key-file", path)
    assert said.status == status, said.err
    assert words in said.err
    assert ("records.key" in said.err) == bool(words), "nothing else is said of a key"
    assert GOOD not in said.err
    if status:
        assert not (tmp_path / "store" / "manifest.json").exists()
