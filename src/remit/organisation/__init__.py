"""Who is paid: practices with their place, network and lists, and what befell them in the year."""

from __future__ import annotations

from remit.organisation.practices import Practice, check_practices

__all__ = ["Practice", "check_practices"]
