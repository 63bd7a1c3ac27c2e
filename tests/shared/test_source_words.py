"""What the two QIF files quote is in the source, word for word, between one '…' and the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import remit

SOURCE = "sources/000_034c3b9f06d53ac4.txt"
LIBRARY = Path(remit.__file__).parent / "library" / "schemes"
PLAIN = str.maketrans({"“": '"', "”": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def plain(text: str) -> str:
    return " ".join(text.translate(PLAIN).split())


def quoted(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every `words` and every obligation of a file, with where it stands: all are printed as the source's own."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "words" or path == "/obligations":
                yield f"{path}/{key}", value
            else:
                yield from quoted(value, f"{path}/{key}")
    elif isinstance(part, list):
        for n, value in enumerate(part):
            yield from quoted(value, f"{path}/{n}")


@pytest.fixture(scope="module")
def source(shared: Path) -> str:
    path = shared / SOURCE
    if not path.is_file():
        pytest.fail(f"{path} is not there", pytrace=False)
    return plain(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("scheme", "least"), [("qif-2024-25", 17), ("qif-plus-2024-25", 2)])
def test_every_quotation_is_verbatim(scheme: str, least: int, source: str) -> None:
    found = list(quoted(yaml.safe_load((LIBRARY / f"{scheme}.yaml").read_text(encoding="utf-8"))))
    assert len(found) >= least
    pieces = [(path, plain(piece)) for path, words in found for piece in words.split("…")]
    assert [(path, piece) for path, piece in pieces if not piece or piece not in source] == []
