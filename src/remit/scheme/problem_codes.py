"""What can be wrong with a scheme file, and what a careful reader would ask about one.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

SCHEME = declared(
    "scheme",
    {
        "advance-unknown": (
            "The award for full achievement cannot be known in advance here. Pay in advance a share of something else."
        ),
        "alias": "The file uses an alias of YAML. Write the part out.",
        "change-unfit": "A change does not fit an item: a number would be out of range. See by how much it can move.",
        "choice-unknown": (
            "Remit does not know this rule, and it is not a choice parameter. Use one that the message names."
        ),
        "comma-in-braces": (
            "A number inside braces or brackets has a comma, which ends the value there. Put the number in quotes."
        ),
        "date-unreadable": "A date is needed, or the name of a date parameter. Write it as 2025-03-31.",
        "dates-out-of-order": (
            "An item's dated indicators do not begin with the year, or are not in order. Put them in order."
        ),
        "day-outside-year": (
            "The achievement date is not in the scheme year, or not in the payment period. Correct one of them."
        ),
        "defined-twice": "Two definitions have one name. Remove or rename one of them.",
        "domain-without-items": "A total is of a domain that no item has. Correct its name, or remove the total.",
        "domain-without-total": "An item is of a domain without a total. Add the total, or correct the domain.",
        "empty-list": "A list is empty, and says nothing. Leave its key out, or list what it is of.",
        "extends-in-a-circle": "Two files extend each other. Let one of them extend nothing.",
        "extends-not-shipped": (
            "A scheme of the register extends one that ships, by its id, and no file. Correct the id, or write it out."
        ),
        "gate-not-earlier": "A gate must be an earlier item with a rate. Correct its name, or move it up.",
        "group-unknown": "A group of indicators is not known. Correct its name, or define it.",
        "guard-unfit": "Only an item with an achievement can have a PCA guard. Remove the guard.",
        "historic-without-protection": (
            "A measure of last year and income protection go together. Use both, or neither."
        ),
        "id-malformed": "An id has small letters, digits and hyphens only. Choose another.",
        "year-of-other-months": ("A scheme from April to March names a year of other months. Write it as 2024-25."),
        "year-not-from-april": (
            "This goes by years from April to March, and the scheme's year begins in another month. Use the files and "
            "statements of its run."
        ),
        "indicator-not-in-force": (
            "No version of the indicator is in force in this year. Use another indicator, or define a version."
        ),
        "indicator-unknown": "No indicator has this code. Correct it, or define the indicator.",
        "item-incomplete": "An item lacks its title, its indicator or its measure. Add what the message names.",
        "item-not-earlier": (
            "An item depends on one that is not listed before it. Correct the code, or change the order."
        ),
        "item-twice": "Two items have one code. Give one of them another.",
        "is-a-reform": "A reform stands where a scheme is expected. Take the scheme that it makes.",
        "item-unknown": "No item has this code. Correct it.",
        "items-not-retirable": (
            "The items that a parameter names by default cannot be left out together. See the message."
        ),
        "key-not-plain": "A key is a plain word. Correct it.",
        "clause-unsound": "What is said of an item's pounds contradicts itself. The message says why.",
        "limit-unsound": "A limit names an item that it cannot be of. Name the items that are paid by themselves.",
        "key-twice": "A key is listed twice in one part. Remove one of the two.",
        "keys-contradict": "Two keys of the file cannot both hold. Correct one of them; the message says which.",
        "kind-unknown": "Remit has no template for this kind of payment. Use one that the message names.",
        "listed-twice": "An indicator or a group is defined twice in the file. Remove one of the two.",
        "lists-expected": "The items, and the items that are removed, are lists. Write them as lists.",
        "measure-unfit": "The kind of payment does not pay on this measure. Change one of the two.",
        "missing-key": "A key that must be there is missing. Add it.",
        "networks-unsound": "The keys of `networks` contradict one another, or an item. The message says how.",
        "no-heads": "An item pays per head, and the scheme does not say of which list. Add 'heads'.",
        "no-keys": "The file is not a scheme: keys and values are expected. See how another scheme is written.",
        "no-point-value": "An item pays points, and the scheme gives no value of a point. Add 'point'.",
        "no-such-file": "There is no such scheme file. Check its spelling and its folder.",
        "not-open": (
            "A value was supplied for something that the scheme does not leave open. Write a scheme that extends it."
        ),
        "not-restated": (
            "A file of another year leaves out what the one that it extends asks each year to restate. Give it."
        ),
        "not-yaml": "The text cannot be read as YAML. Check indents, colons and quotes.",
        "not-in-change": (
            "A key under 'change' has a place of its own in a reform file. Move it to where the message says."
        ),
        "nothing-to-move": "An item has no number of that kind to change. The message says what it has.",
        "number-needed": "A number is needed here, and cannot be left open. Write it.",
        "number-out-of-range": "A number is too small or too large. The message says what is allowed.",
        "one-name-for-two": "An element and an item would be one name in the counts. Give one of them another code.",
        "paid-twice": "The same money would be paid twice. Say in the file which of the two items pays it.",
        "paid-within-two": "An item is paid within two others. Leave it in one of them.",
        "parameter-unfit": (
            "A parameter is of another type than is needed, or offers what is not known. See the message."
        ),
        "parameter-unknown": "No parameter has this name. Correct it, or add the parameter.",
        "payment-unsound": "What an item pays is contradictory. The message says how.",
        "protect-unfit": "Income protection does not fit the scheme. The message says why.",
        "reference-unfit": "The named item cannot be used there. Name another, or change what it pays.",
        "replaces-an-item": "An item replaces one that is there too. Remove one, or do not replace.",
        "reform-of-another": "The reform is of another scheme. Correct 'of', or use the scheme that it names.",
        "reform-of-none": "A whole scheme can be a reform only of another scheme. Name the scheme to compare it with.",
        "reform-twice": "A reform retires an item and also changes it. Leave it in one place.",
        "several-documents": "The file holds several YAML documents. Remove the lines with '---'.",
        "source-unknown": "A source is named that is not among the file's sources. Correct it, or add the source.",
        "not-watched": "The file watches patients of an indicator that is not listed. Add it, or correct it.",
        "stratify-unfit": "An item cannot be divided into these parts. The message says why.",
        "sum-differs": "A printed total is not what the items add up to. Correct the items, or the total.",
        "tag": "The file uses a tag of YAML. Leave it out.",
        "watched-beside-nothing": "A fall is to be tested, and no earlier year is named. Say 'against'.",
        "too-deep": "The file is nested too deeply. Write it more plainly.",
        "unknown": "There is no scheme of this id. Correct it, or give a file.",
        "unknown-key": "The file has a key that Remit does not know here. Correct its spelling, or remove it.",
        "unseen-character": "The text has a character that cannot be seen. Take it out.",
        "value-unknown": "A value is named that the scheme does not have. Correct its name.",
        "value-unfit": "A value has the wrong form. The message says what is expected.",
        "weight-undefined": "An item names a weight that the scheme does not define. Define it, or correct the name.",
        "weight-unfit": "An item that does not pay points takes no weights. Remove them.",
        "weights-both": "An item takes a prevalence weight or a target population weight, not both. Remove one.",
    },
)

LINT = declared(
    "lint",
    {},
    warnings={
        "mixed-operators": "two rules meet at the same threshold, one with `above` (>) and one with `from` (>=)",
        "words-differ": "a number, or the side of a threshold, is not the one in the source's words beside it",
        "budget-differs": "a printed budget is more than £2 from its list times its rate",
        "labels-not-proportional": "the points printed as labels are not in proportion to the pence",
        "no-source": "numbers name no source",
        "unused-parameter": "nothing in the scheme uses a parameter",
        "unused-source": "nothing in the scheme names a source",
        "unused-indicator": "no item pays on an indicator that the file defines",
        "of-another-year": "the scheme it extends is of another year, and figures or dates of that year still hold",
        "anothers-source": "a changed number is shown as seen in the source of the number that it takes the place of",
        "paid-twice": "two items pay on the same counts, or the same pounds of an earlier year",
        "payment-period-open": (
            "achievement is measured on another day than the year's last, and the file gives no `payment_period`"
        ),
        "settled-before-paid": "a balance or a first recovery is on a day before the last instalment",
        "repaid-not-advanced": "an item is repaid, and the file pays nothing in advance",
        "limits-at-odds": "a limit leaves another key without effect, or an item without pounds",
        "reform-over-limit": "a reform retires or modifies more than it says it would",
        "none-of-readings": "a number is none of the values that the reports named beside it say",
        "no-level": "an item is paid by patient and quarter, but is not among the levels of `claims`",
    },
    notes={
        "unverified": "numbers, dates, rules or definitions are unverified, or inferred",
        "needs-list-size": "a prevalence over a limited list needs LIST_SIZE: the practice's list does not do",
        "required-input": "something must be supplied before all of the scheme pays",
        "required-national": "a weight needs the nation's registers and lists, which are supplied with a run",
        "required-parameter": "a parameter has no default: what depends on it waits until it is supplied",
        "reform-extent": "what a reform retires and modifies, and its limits",
        "reform-simulated": (
            "limits and funding in pounds, timing and behaviour of a reform are checked when it is simulated"
        ),
        "no-words": "items do not quote the source's words",
    },
)

CODES = (*SCHEME, *LINT)
