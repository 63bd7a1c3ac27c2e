"""What can be wrong when something is estimated.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "analysis",
    {
        "reform-twice": "A reform is given twice. Give each once.",
        "not-installed": "scipy is not installed, which estimates rest on. Install remit[analysis].",
    },
)
