"""What can be wrong when a page, a PDF or a workbook is made.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "documents",
    {
        "pdf-not-made": "The PDF cannot be made. The other formats need none.",
        "practice-unknown": "The run has no such practice. Correct the code.",
    },
    warnings={
        "characters-missing": "The font of a PDF lacks characters, and shows a mark in their place. A page shows them.",
        "pack-without-example": "A scheme pack has no example of a statement. The message says why.",
    },
)
