"""The kind: a command line that does not fit. Each has a code, names what is wrong, and says the next step."""

from __future__ import annotations

import pytest
from tests.bad_files.command import remit

LINES = [
    # (what is typed, code, what is said)
    (["shwo", "qif-2024-25"], "cli.no-such-command", "no command 'shwo'. Did you mean show"),
    (["nonsense"], "cli.no-such-command", "no command 'nonsense'. 'remit --help' lists them"),
    (["records", "chekc"], "cli.no-such-command", "remit records: there is no command 'chekc'. Did you mean check"),
    (["show", "qif-2024-25", "--boundary"], "cli.no-such-option", "no option --boundary. Did you mean --boundaries"),
    (["new", "ours", "--like", "qif-2024-25"], "cli.no-such-option", "'remit new --help' lists what it takes"),
    (["compare", "one"], "cli.option-missing", "remit compare: DIR2 is missing"),
    (["run", "qif-2024-25", "--counts", "c.csv", "--out", "o"], "cli.option-missing", "--practices is missing."),
    (
        ["show", "qif-2024-25", "--patients", "many"],
        "cli.value-unfit",
        "--patients: a whole number is expected.",
    ),
    (["show", "qif-2024-25", "--patients", "0"], "cli.value-unfit", "--patients: a number is expected of at least 1. "),
    (["show", "qif-2024-25", "--format", "xml"], "cli.value-unfit", "--format: 'xml' is not one of"),
    (["diff", "a", "b", "c"], "cli.usage", "remit diff: got unexpected extra argument"),
    (["show", "qif-2024-25", "--html"], "cli.usage", "'--html' requires an argument"),
]


@pytest.mark.parametrize(("line", "code", "words"), LINES, ids=[" ".join(line) for line, *_ in LINES])
def test_what_is_wrong_with_a_command_line_has_a_code_and_a_next_step(line: list[str], code: str, words: str) -> None:
    said = remit(*line)
    assert (said.status, said.out) == (2, "")
    assert said.err.endswith(f"[{code}]\n")
    assert words in said.err
    assert "--help" in said.err


def test_a_control_character_in_a_command_line_is_not_obeyed() -> None:
    said = remit("show", "--\x1b[31mred")
    assert said.status == 2
    assert "\x1b" not in said.err


def test_a_command_without_anything_shows_its_help() -> None:
    said = remit("records")
    assert "Usage" in said.out + said.err
    assert "[cli." not in said.err
