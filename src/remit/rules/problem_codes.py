"""What can be wrong with the rules of indicators and registers.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "rules",
    {
        "age-on-no-date": "'age on' needs a date, and this is not one. Name a date.",
        "any-outside-filter": "'(any … where …)' stands outside the filter of a field. Move it into one.",
        "bound-group-empty": "A group of a table of bounds is empty. Give it clusters, texts or both.",
        "bound-group-twice": "A cluster or text is in two groups of a table of bounds. Leave it in one of them.",
        "bound-latest-missing": "A table of bounds does not say which records it takes the latest of. Add 'latest'.",
        "bound-no-number": "A bound is not a number. Correct it.",
        "bound-no-sex": "A table of bounds by sex has a text that is not a sex. Correct it.",
        "bound-unknown": "There is no table of bounds of this name. Correct it, or add it to the file.",
        "cluster-not-of-reading": (
            "A value is taken from a cluster that its reading does not have. Name one of the reading's clusters."
        ),
        "condition-unclear": "A condition cannot be read. See the message for where it breaks.",
        "counts-nothing": "A register, or a rule that goes on, counts nothing. Leave 'counts' out.",
        "counts-of-rejected": (
            "Only a rejection counts as an exclusion or a PCA. Change the action, or what it counts as."
        ),
        "counts-of-selected": (
            "Only a selection counts as achieved or not achieved. Change the action, or what it counts as."
        ),
        "counts-unknown": "A rule counts as something that is not known. Use one of those that the message names.",
        "defined-as-another": "A register and an indicator have the same code. Give one of them another code.",
        "defined-twice": "A code has two definitions. Remove one of them.",
        "end-of-no-record": "'end of' needs a field that picks a record. Name one that says latest or earliest.",
        "field-names-itself": "A field names itself outside '(any …)'. Name another field.",
        "field-rests-on-itself": "Fields rest on one another in a circle. Break it.",
        "field-unclear": "A field cannot be read. See the message for where it breaks.",
        "given-no-number": "A value that is given is no number. Correct it.",
        "given-unknown": "A value is given that no rule asks for. Correct its name, or leave it out.",
        "last-goes-on": "The last rule must decide. Give it 'else'.",
        "name-taken": "A field has a name that Remit already uses. Give the field another name.",
        "name-unknown": "A name is not known. Correct it, or add the field.",
        "never-missing": "Something that is always there is compared with Null. Compare it with a number.",
        "never-reached": "The rules below one that always decides are never reached. Change the order.",
        "no-definition": "A file of rules has neither definitions nor given values. Add either.",
        "none": "A definition has no rules. Add them.",
        "only-dates-move": "Only a date can be moved by days, months or years. Name a date.",
        "operator-not-for-type": "Words can only be compared with = or <>. Use one of them.",
        "out-of-order": "The rules are not numbered upwards. Correct their numbers.",
        "parts-decide-nothing": "More parts are asked for than there are, or none. Correct the number.",
        "parts-outside-rules": "Parts are asked for in rules only. Move the condition into a rule.",
        "parts-unknown": "There are no parts of this name. Correct it, or add them.",
        "reading-compared": "A reading is not a single value. Take its date or a value of it, each in a field.",
        "period-backwards": "A measurement period ends before it begins. Write its first day first.",
        "period-not-of-run": (
            "A day of a measurement period must be known before any record is read. Write it out, or name a date of "
            "the run, such as PPED."
        ),
        "period-unclear": (
            "A measurement period cannot be read. Write 'the 15 months to PPED', 'the calendar year of PPED' or its "
            "two days."
        ),
        "record-name-taken": "A record beside another has the name of something else. Give it a name of its own.",
        "record-unknown": "A record is named that is not around this one. Name one that '(any … as B where …)' names.",
        "record-outside-filter": (
            "The record under test is known in the filter of a field only. Move the condition there."
        ),
        "register-or-indicator": "A definition is either a register or an indicator. Give one of the two.",
        "register-unusable": "A register is missing, rests on itself, or starts from other people. See the message.",
        "rejection-uncounted": "A rejection does not say what it counts as. Add an exclusion or a PCA.",
        "sensitive": "The indicator is sensitive, and sensitive ones were not asked for. Ask for them, if you need it.",
        "status-unseen": "A status is asked for that no field sees. Ask for another.",
        "source-unknown": "A source is named that is not among the file's sources. Correct it, or add the source.",
        "types-differ": "Two things of different types are compared. Compare like with like.",
        "window-backwards": "A window ends before it begins. Write its first day first.",
        "window-of-no-dates": "A window is between two dates, and one of these is not a date. Name two dates.",
        "wrong-type": "A field rests on one of another type. Name one that fits.",
        "years-needed": (
            "Rules ask who was counted in the year before and do not say for which years they hold. Add 'years'."
        ),
        "years-unclear": "The years that rules hold for cannot be read. Write 2024-25, or 2021-22 to 2024-25.",
    },
)
