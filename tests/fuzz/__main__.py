"""`make fuzz`: many damaged inputs for each command, and every finding with the words to see it again.

python -m tests.fuzz [--seed N] [--cases N] [--only COMMAND] [--case N] [--limit SECONDS]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.cases import Case, Finding, played
from tests.fuzz.commands import COMMANDS, make_world


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000, help="for each command")
    parser.add_argument("--only", default="", help="the commands whose names begin so")
    parser.add_argument("--case", type=int, default=-1, help="this one alone")
    parser.add_argument("--limit", type=int, default=120, help="seconds after which a case is ended")
    asked = parser.parse_args(given)
    commands = [name for name in COMMANDS if name.startswith(asked.only)]
    numbers = [asked.case] if asked.case >= 0 else range(asked.cases)
    findings: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder) / "world")
        for command in commands:
            before = len(findings)
            for number in numbers:
                found = played(Case(asked.seed, command, number), world, Path(folder) / "case", asked.limit)
                if found and (command, found.what[:60]) not in seen:
                    seen.add((command, found.what[:60]))
                    findings.append(found)
                    print(found, flush=True)
            print(f"{command}: {len(numbers):,} cases, {len(findings) - before} findings", flush=True)
    print(f"{len(commands) * len(numbers):,} cases of seed {asked.seed}: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
