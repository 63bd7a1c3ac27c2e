"""The statement of one practice: `making` makes it of a run, `layout` makes its blocks, `workbook` its sheets, and
`formats`, on top, turns it into text, HTML, PDF or a workbook."""

from __future__ import annotations

from typing import Literal

Recipient = Literal["practice", "commissioner"]
"""Whom a copy is for: a commissioner's has no counts that could tell of a person."""
