"""Every event that the audit log knows, with the sentence that a reader sees.

A sentence is filled from the entry: `{who}`, `{subject}`, `{organisation}`, and the names of its details.
"""

from __future__ import annotations

EVENTS = {
    "person.signed-in": "{who} signed in.",
}
