"""A simulation in a process of its own, ended by the system just before the n-th step that touches the disk.

killed_simulation.py N WORDS…, where the words are those of `remit`. Blocks are of one practice, so that a small run has
several.
"""

from __future__ import annotations

import sys

from tests.faults.killed import counted

from remit.analysis.simulation import draws

draws.SIZE = 1

if __name__ == "__main__":
    from remit.cli.main import main

    limit, *words = sys.argv[1:]
    counted(int(limit))
    sys.argv = ["remit", *words]
    main()
