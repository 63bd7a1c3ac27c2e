"""Who is paid: practices with their place, network and lists, and what befell them in the year."""

from __future__ import annotations

from remit.organisation.practices import Practice, read_practices

__all__ = ["Practice", "read_practices"]
