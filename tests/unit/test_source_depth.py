"""A file that is nested beyond measure is refused; it must not exhaust the stack of the parser."""

from __future__ import annotations

import pytest

from remit.core.problems import Refused
from remit.scheme.source import parse_source


@pytest.mark.parametrize("text", ["scheme: " + "[" * 100_000, "a: " + "{b: " * 50_000, "a:\n" + "- " * 100_000 + "b"])
def test_deep_nesting_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Refused, match="nested too deeply"):
        parse_source(text, "deep.yaml")
