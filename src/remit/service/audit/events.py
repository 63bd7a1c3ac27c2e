"""Every event that the audit log knows, with the sentence that a reader sees.

A sentence is filled from the entry: `{who}`, `{subject}`, `{organisation}`, and the names of its details. `{who}` is a
person with their roles ("Jo Smith, contract manager of NHS X,") where a sentence begins with it.
"""

from __future__ import annotations

EVENTS = {
    "audit.exported": "{who} saved the audit log as a file. Entries: {entries}.",
    "declaration.declared": "{who} declared {amount_pence}, by the figures of {day}: {subject}. Words: {words}",
    "declaration.evidence-reviewed": "{who} reviewed the evidence of {subject}, {amount_pence}: {words}",
    "declaration.approved": "{who} approved {subject}, {amount_pence}; it is now {state}. Words: {words}",
    "declaration.checked": "{who} checked {subject}, {amount_pence}; it is now {state}. Words: {words}",
    "declaration.amount-approved": (
        "{who} approved the amount of {subject}, {amount_pence}; it is now {state}. Words: {words}"
    ),
    "declaration.sent-back": "{who} sent {subject}, {amount_pence}, back: {words}",
    "declaration.taken-back": "{who} took {subject}, {amount_pence}, back. Words: {words}",
    "declaration.withdrawn": "{subject}, {amount_pence}, no longer stands: {words} It now comes to {now_pence}.",
    "declaration.withdrawn-unknown": (
        "{subject}, {amount_pence}, no longer stands: {words} What it comes to now is not known."
    ),
    "declaration.withdrawn-merged": "{subject}, {amount_pence}, no longer stands: {words}",
    "declaration.merger-undone": "{subject} can be declared again: the merger that withdrew it was undone.",
    "declaration.carried-over": "{subject}, {amount_pence}, goes on with the figures of {extract}: nothing differs.",
    "declaration.numbers-entered": (
        "{who} entered numbers that no record can tell, for {organisation}, {subject}: {items}."
    ),
    "declaration.file-added": "{who} added evidence, {file} (SHA-256 {sha256}), to what {subject} declares.",
    "declaration.file-removed": "{who} removed evidence, {file} (SHA-256 {sha256}), before {subject} was declared.",
    "declaration.exported": "{who} saved the list of declarations as a file. Declarations: {declarations}.",
    "books.closed": "{who} closed the books of {organisation} for {subject}. Transfers until then: {transfers}.",
    "books.year-closed": "{who} closed the books of {subject} of {organisation} for good.",
    "adjustment.proposed": "{who} proposed {subject}: {amount_pence}. Reason: {reason}",
    "adjustment.approved": "{who} approved {subject}: {amount_pence}.",
    "adjustment.refused": "{who} refused {subject}: {amount_pence}. Reason: {reason}",
    "adjustment.taken-back": "{who} took {subject}, {amount_pence}, back.",
    "journal.exported": "{who} saved the journal of {organisation} as a file. Transfers: {transfers}.",
    "extract.accepted": (
        "{subject} of {organisation}, the figures of {day}, was accepted. Practices and networks: {practices}."
    ),
    "extract.cancelled": "{who} cancelled {subject} of {organisation}.",
    "extract.due-day": "{who} changed the day by which figures of {organisation} are due from {before} to {day}.",
    "extract.received": "{who} sent {subject} to {organisation}: {scheme}, the figures of {day}, in {files}.",
    "extract.refused": "{subject} of {organisation} was refused. Problems: {problems}.",
    "extract.superseded": "{subject} of {organisation} was superseded by extract {by}: {reason}",
    "patients.counted": "{who} looked at how many patients are counted: {subject}. Indicators: {items}.",
    "patients.explained": "{who} looked at why a patient is counted under {item} or is not: {subject}.",
    "patients.looked-at": "{who} looked at the patients of {item}: {subject}.",
    "person.signed-in": "{who} signed in.",
    "person.signed-in-after-failures": "{who} signed in. Within a day before, {times} tries had failed.",
    "person.sign-in-failed": (
        "Somebody who tried to sign in as {subject} failed: {times} times within a day, the last time from {address}."
    ),
    "person.code-failed": (
        "Somebody with the password of {subject} gave wrong codes: {times} within a day, the last time from {address}."
    ),
    "person.email-changed": "{who} changed their e-mail address from {before} to {after}.",
    "rehearsal.day": "This rehearsal was moved from {before} to {day}, at the server.",
    "recovery.proposed": (
        "{who} proposed to {organisation} {subject} for {scheme}: {left_pence} in {months} months. Exceptional "
        "circumstances: {exceptional}"
    ),
    "recovery.agreed": "{who} agreed to {subject} of {organisation} for {scheme}.",
    "recovery.refused": "{who} refused {subject} of {organisation} for {scheme}. Reason: {reason}",
    "recovery.replaced": "{subject} of {organisation} for {scheme} was replaced. Reason: {reason}",
    "run.begun": "{who} began {subject} of {organisation} for {month}, to be paid on {pay_on}.",
    "run.prepared": (
        "{subject} of {organisation} for {month} is prepared. Payments: {payments}, in all {total_pence}. Held: {held}."
    ),
    "run.failed": "{subject} of {organisation} could not be prepared: {problems}",
    "run.tried-again": "{who} had {subject} of {organisation} prepared again.",
    "run.cancelled": "{who} cancelled {subject} of {organisation} for {month}. Reason: {reason}",
    "run.released": (
        "{who} released {subject} of {organisation} for {month}. Payments: {payments}, in all {total_pence}. The "
        "payment file's SHA-256: {sha256}."
    ),
    "reminders.timing": "{who} changed when things are due and reminded of in {subject}: {changes}.",
    "scheme.started": "{who} started {subject}, {origin}.",
    "scheme.saved": "{who} saved the draft of {subject}. Errors: {errors}.",
    "scheme.submitted": "{who} submitted {subject} for approval.",
    "scheme.taken-back": "{who} took {subject} back to a draft.",
    "scheme.withdrawn": "{who} withdrew the draft of {subject}.",
    "scheme.approved": "{who} approved {subject}: {words}",
    "scheme.sent-back": "{who} sent {subject} back: {words}",
    "scheme.published": "{who} published {subject}, from {day} on.",
    "scheme.exported": "{who} saved {subject} as a file.",
    "scheme.priced": "{who} had {subject} priced beside {beside}, over {figures}.",
    "consent.carried-over": "{who} let the consents of {practices} go over to {organisation} from {since}.",
    "consent.ended": "{who} ended the consents of {practices} to {to}: {reason}",
    "consent.given": "{who} let {to} see {covers} of {organisation}, from {since} until {until}.",
    "consent.recorded": (
        "{who} recorded that {organisation} consented on paper to share {covers} with {to}, from {since} "
        "until {until}. The form: {evidence}. Reason: {reason}"
    ),
    "consent.withdrawn": "{who} withdrew the consent of {organisation} to {to} from {day} on. Reason: {reason}",
    "offer.accepted": "{who} accepted {scheme} for {subject} (offer {offer}), from {starts} to {ends}.",
    "offer.lapsed": "The offer of {subject} lapsed: {practices} had not answered by their day.",
    "offer.late-allowed": (
        "{who} let {subject} answer late to {scheme} (offer {offer}), by {respond_by}. Reason: {reason}"
    ),
    "offer.made": (
        "{who} made {subject} to {to}: from {starts} to {ends}, to be answered by {respond_by}. "
        "Practices ({count}): {practices}."
    ),
    "offer.made-again": "{who} offered {scheme} to {subject} again (offer {offer}), to be answered by {respond_by}.",
    "offer.refused": "{who} refused {scheme} for {subject} (offer {offer}). Reason: {reason}",
    "offer.taken-back": "{who} took back the offer of {scheme} to {subject} (offer {offer}). Reason: {reason}",
    "organisation.added": "{who} added {subject} to {parent} from {since}. Reason: {reason}",
    "organisation.closed": "{who} closed {subject}; {day} is its last day. Reason: {reason}",
    "organisation.corrected": "{who} corrected {subject}. Before: {before}. Now: {after}. Reason: {reason}",
    "organisation.left": "{who} took {subject} out of {parent}; {until} is the last day. Reason: {reason}",
    "organisation.list-size": (
        "{who} entered the list size of {subject}: {people} people on {day}, from {source}. Before: {before}. "
        "Reason: {reason}"
    ),
    "organisation.map-applied": (
        "{who} brought {file} (SHA-256 {sha256}) into {organisation} from {day}. Changes: {changes}. Reason: {reason}"
    ),
    "organisation.membership-corrected": (
        "{who} corrected that {subject} belongs to {parent}. Before: {before}. Now: {after}. Reason: {reason}"
    ),
    "organisation.merged": "{who} merged {subject} into {successor} on {day}. Reason: {reason}",
    "organisation.merger-undone": (
        "{who} undid the merger of {subject} into {successor}, which was recorded for {day}. Reason: {reason}"
    ),
    "organisation.moved": "{who} moved {subject} from {before} to {parent} on {since}. Reason: {reason}",
    "participation.carried-on": "From {day} on {into} carries on what {subject} had of {scheme}.",
    "participation.ended": (
        "{who} ended the part of {subject} in {scheme} (offer {offer}); {last} is its last day. Reason: {reason}"
    ),
    "participation.ended-by-leaving": "The part of {subject} in {scheme} ends; {last} is its last day. {reason}",
    "participation.goes-on": "What {subject} had of {scheme} goes on by itself again: the merger was undone.",
    "participation.no-longer-reported": "{who} recorded that {subject} is no longer reported by {where} for {scheme}.",
    "participation.still-reported": (
        "{who} recorded that {subject} takes part in {scheme} and is still reported by {where}, since {since}."
    ),
    "participation.withdrawn": (
        "{who} withdrew {subject} from {scheme} (offer {offer}); {last} is its last day. Reason: {reason}"
    ),
    "person.renamed": "{who} changed their name from {before} to {subject}.",
    "person.password-changed": "{who} set a new password.",
    "person.reset-address": "{who} made an address where {subject} sets a new password.",
    "person.deactivated": "{who} switched the account of {subject} off. Reason: {reason}",
    "person.activated": "{who} switched the account of {subject} on again. Reason: {reason}",
    "scheme-year.rules": ("{who} changed the limits of {subject}. Before: {before}. Now: {after}. Reason: {reason}"),
    "second-factor.on": "{who} set up a second factor.",
    "second-factor.off": "{who} switched their second factor off.",
    "second-factor.codes": "{who} made new recovery codes.",
    "second-factor.reset": "{who} reset the second factor of {subject}. Reason: {reason}",
    "invitation.first": "The service's operator made an invitation for the administrator of {commissioner}.",
    "invitation.sent": "{who} invited {subject} to {organisation} as {roles}.",
    "invitation.revoked": "{who} took the invitation of {subject} to {organisation} back.",
    "invitation.accepted": "{subject} accepted an invitation to {organisation} as {roles}, from {since}{until}.",
    "role.given": "{who} gave {subject} the role {role} in {organisation}, from {since}{until}. Reason: {reason}",
    "role.ended": "{who} ended the role {role} of {subject} in {organisation}. Reason: {reason}",
}
