"""Adds to the counts of made-up people, for ./demo files, made-up figures for what no record can tell.

python scripts/demo_figures.py SCHEME COUNTED OUT

COUNTED is a folder that 'remit evaluate' made of the people of 'remit synth'; OUT is its counts.csv with the figures
that the scheme needs besides.
"""

from __future__ import annotations

import sys
from pathlib import Path

from remit.application.made_up_figures import Request, evaluate

if __name__ == "__main__":
    scheme, counted, out = sys.argv[1], *map(Path, sys.argv[2:])
    done = evaluate(Request(scheme, counted, out))
    print(f"{done.made_up:,} made-up figures were added to {done.counted:,} that were counted: {out}")
