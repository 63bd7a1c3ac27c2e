"""The pages of a scheme pack: what a practice needs on day one, and what a commissioner is asked for.

Each page is a document of its own; `pages` has them in their order, and `together` is all of them as one.
"""

from __future__ import annotations

from remit.documents.pack.model import DueDay, Example, Pack, Page
from remit.documents.pack.pages import index, pages, together

__all__ = ["DueDay", "Example", "Pack", "Page", "index", "pages", "together"]
