"""Worklists: who still needs what, at which contact, what it is worth, by when. For the practice only."""

from __future__ import annotations

from remit.worklist.model import Worklist

__all__ = ["Worklist"]
