"""Good files with random damage: a run either goes through or is refused in plain words, and never breaks."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.bad_files.command import HERE, PRACTICES, contents, remit, run_arguments
from tests.profiles import examples

SCHEME = HERE / "good_scheme_with_everything.yaml"
GOOD = """\
practice_code,indicator_code,measure,value
A81001,1,REGISTER,84
A81001,2,NUMERATOR,5
A81001,2,DENOMINATOR,10
A81001,3,NUMERATOR,70
A81001,3,DENOMINATOR,100
A81001,3,PCAS,30
A81001,HYP,REGISTER,1000
A81001,4,REGISTER,9
A81001,5,DECLARED,1
A81001,*,HISTORIC_POUNDS,1000
A81002,6,NUMERATOR,94
A81002,6,DENOMINATOR,100
"""
PIECES = (
    b"\0",
    b"\xff",
    b"\xfe",
    b"\xe9",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b";",
    b"\t",
    b"-",
    b"NaN",
    b"1e400",
    b"9" * 400,
    b"%",
    b"\xc2\xa3",
    b"\xe2\x80\xa8",
    b"&a ",
    b"*a",
    b"{",
    b"}",
    b"[",
    b"]",
    b": ",
    b"- ",
    b"#",
    b"!!",
    b"'",
    b"|",
    b"---\n",
    b"2024-25",
    b"0",
    b"1",
    b" ",
    b"\xef\xbb\xbf",
    b"REGISTER",
    b"*",
    b"[paper]",
    b"required",
)

damage = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=3)),
    ),
    min_size=1,
    max_size=4,
)
"""Cuts: where (as a part of the file), how many bytes go, what comes in their place."""


def damaged(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, piece in cuts:
        at = int(where * (len(data) + 1))
        data = data[:at] + piece + data[at + length :]
    return data


def ends_well(which: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = {"scheme": SCHEME, "practices": PRACTICES, "counts": folder / "good.csv"}
        (folder / "good.csv").write_text(GOOD)
        suffix = "yaml" if which == "scheme" else "csv"
        paths[which] = folder / f"damaged.{suffix}"
        paths[which].write_bytes(data)
        words = run_arguments(paths["scheme"], paths["practices"], paths["counts"])
        said = remit(*words, "--out", folder / "out")
        assert "Traceback" not in said.err
        left = {path.name for path in folder.iterdir()} - {"good.csv", f"damaged.{suffix}"}
        if said.status == 0:
            assert left == {"out"}
            assert {"award.csv", "payment.csv", "manifest.json"} <= set(contents(folder / "out"))
        else:
            assert said.status == 1
            assert said.err.strip()
            assert left == set()


@examples(0.8)
@given(damage)
def test_damaged_counts(cuts: list[tuple[float, int, bytes]]) -> None:
    ends_well("counts", damaged(GOOD.encode(), cuts))


@examples(0.8)
@given(damage)
def test_damaged_practices(cuts: list[tuple[float, int, bytes]]) -> None:
    ends_well("practices", damaged(PRACTICES.read_bytes(), cuts))


@examples(0.8)
@given(damage)
def test_damaged_schemes(cuts: list[tuple[float, int, bytes]]) -> None:
    ends_well("scheme", damaged(SCHEME.read_bytes(), cuts))


TREE = yaml.load(SCHEME.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of every text of a file."""
    parts = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in parts:
        yield from leaves(value, (*path, key))
    if not isinstance(part, dict | list):
        yield path


@examples(1)
@given(
    st.sampled_from(list(leaves(TREE))),
    st.sampled_from(["required", "0", "0%", "£0", "none", "", "1", "100%", "£999,999,999", "1 [hearsay]"]),
)
def test_any_value_may_be_another(path: tuple[Any, ...], value: str) -> None:
    """What the sources do not give may be `required`, a percentage 0: then the run waits, or the file is refused."""
    tree = copy.deepcopy(TREE)
    part = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    ends_well("scheme", json.dumps(tree).encode())


@examples(0.6)
@given(st.binary(max_size=200), st.sampled_from(["scheme", "practices", "counts"]))
def test_anything_at_all(data: bytes, which: str) -> None:
    ends_well(which, data)


@pytest.mark.parametrize("which", ["scheme", "practices", "counts"])
def test_cut_short_anywhere(which: str) -> None:
    data = GOOD.encode() if which == "counts" else {"scheme": SCHEME, "practices": PRACTICES}[which].read_bytes()
    for at in range(0, len(data), max(1, len(data) // 15)):
        ends_well(which, data[:at])
