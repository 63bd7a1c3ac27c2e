"""Every event that the audit log knows, with the sentence that a reader sees.

A sentence is filled from the entry: `{who}`, `{subject}`, `{organisation}`, and the names of its details. `{who}` is a
person with their roles ("Jo Smith, contract manager of NHS X,") where a sentence begins with it.
"""

from __future__ import annotations

EVENTS = {
    "audit.exported": "{who} wrote {entries} entries of the audit log to a file.",
    "person.signed-in": "{who} signed in.",
}
