"""Every event that the audit log knows, with the sentence that a reader sees.

A sentence is filled from the entry: `{who}`, `{subject}`, `{organisation}`, and the names of its details. `{who}` is a
person with their roles ("Jo Smith, contract manager of NHS X,") where a sentence begins with it.
"""

from __future__ import annotations

EVENTS = {
    "audit.exported": "{who} wrote {entries} entries of the audit log to a file.",
    "person.signed-in": "{who} signed in.",
    "scheme.started": "{who} started {subject}, {origin}.",
    "scheme.saved": "{who} saved the draft of {subject}, with {errors} errors.",
    "scheme.submitted": "{who} submitted {subject} for approval.",
    "scheme.taken-back": "{who} took {subject} back to a draft.",
    "scheme.withdrawn": "{who} withdrew the draft of {subject}.",
    "scheme.approved": "{who} approved {subject}: {words}",
    "scheme.sent-back": "{who} sent {subject} back: {words}",
    "scheme.published": "{who} published {subject}, from {day} on.",
    "scheme.priced": "{who} had {subject} priced beside {beside}, over {figures}.",
}
