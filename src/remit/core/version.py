"""Which Remit this is: written into every result."""

from __future__ import annotations

VERSION = "0.1.0"
