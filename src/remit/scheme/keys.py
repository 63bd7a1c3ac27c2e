"""What every key of a scheme or indicator file means: for the JSON Schema, and for the reference page.

By model, then by key. A key that the model itself describes is not said again here.
"""

from __future__ import annotations

CITED = {
    "source": "The key, among `sources`, of the document that this part and its numbers are taken from",
    "standing": (
        "Whether this part was seen in its source: `verified`, `inferred` or `unverified`. "
        "Left out, it is the source's own standing"
    ),
    "note": (
        "What a reader should know. On an item it may begin with `Points:`, `Thresholds:` or `Weights:` "
        "to say which of its numbers it is about"
    ),
}

KEYS: dict[str, dict[str, str]] = {
    "Scheme": {
        "scheme": "The scheme's id, by which commands name it",
        "version": "The version of this file, so that a run can say on which it rests",
        "title": "The scheme's full name and year",
        "commissioner": "Who pays",
        "nation": "England, Scotland, Wales or Northern Ireland",
        "year": (
            "The twelve months that the scheme is for: `2024-25` from 1 April to 31 March, `2025` the calendar year, "
            "or the first and last month, `2025-07 to 2026-06`; a shorter contract has a `term` in them"
        ),
        "achievement_date": "The day on which achievement is measured, within the year",
        "term": "A contract that begins or ends inside the year: its first and last day, and when it was agreed",
        "payment_period": (
            "The days that rules over records look at as the payment period, where achievement is measured on another "
            "day than the year's last"
        ),
        "about": "What the scheme is, in a sentence or two",
        "extends": "The id or path of a scheme that this one is laid over",
        "sources": "The documents that the numbers are taken from, by a short key",
        "parameters": "What you may or must supply with a run",
        "heads": "The list that a scheme paid per head is paid on",
        "point": "The value of a point, for a scheme paid by points",
        "weights": "The weights that items may name",
        "rounding": "Where the arithmetic rounds, step by step; a step that is not named stays exact",
        "terms": "When and how the pounds are paid",
        "networks": "For money that goes through networks: who earns it, and how it is shared out to their members",
        "scaled_to": "A budget for all practices, to which their awards are scaled in proportion",
        "small_numbers": "Whose denominators are too small to be paid on their own rate, and the rate paid instead",
        "claims": "How single claims are turned into activity",
        "monitoring": "Indicators that are watched and pay nothing",
        "limits": "What several items pay a practice or network together, at most and at least",
        "totals": "Printed totals that the items must add up to",
        "budgets": "Printed budgets, to be checked against list × rate",
        "additional": "A budget for further practices whose reading is open",
        "obligations": "What else practices sign up to, by a short name: deadline, consent, verification",
        "asks": "What the scheme asks of practices as a whole beside what it pays for, in the source's own words",
        "background": "What the source tells of the scheme beside its rules, by a short name",
        "nobody_to_count": "What an item pays where nobody is in the denominator or on the list",
        "groups": "Register groups of the scheme's own, beside those of the library",
        "indicators": "Indicators of the scheme's own, beside those of the library",
        "items": "What the scheme pays for, line by line",
        "removed": "With `extends`: the codes of items of the other scheme that this one does not have",
        "retires": "The parameter of type `items` that names the items which a run leaves out",
    },
    "IndicatorFile": {
        "sources": "The documents that the definitions are taken from, by a short key",
        "groups": "Register groups",
        "indicators": "Indicators",
    },
    "Group": {
        "group": "The group's code, as published",
        "title": "What it is called",
        "spellings": "Other spellings of the code, accepted in counts",
    },
    "Indicator": {
        "indicator": "The indicator's code, as published",
        "version": "Which version of the definition this is",
        "title": "A short name",
        "wording": "The official wording",
        "type": "What kind of indicator it is",
        "group": "The register group that it belongs to",
        "spellings": "Other spellings of the code, accepted in counts",
        "effective_from": "The first day of this version",
        "effective_to": "The last day of this version",
    },
    "SourceDocument": {
        "title": "Author, title, and where in it",
        "published": "When, as printed",
        "address": "Where it can be read",
        "standing": "The standing of every number that names this source",
    },
    "Parameter": {
        "type": "`date`, `choice` among `choices`, or `items`: codes of the scheme's items, with commas between",
        "about": "What it decides, and what the source says of it",
        "choices": "What may be chosen",
        "default": (
            "What holds unless a run says otherwise. Without it, what rests on the parameter waits; of `items`, `none`"
        ),
    },
    "DatedIndicator": {"use": "The indicator's code"},
    "PcaGuard": {"words": "The source's own words"},
    "Item": {
        "item": "The item's code, as the scheme prints it",
        "domain": "The domain that its points count in",
        "indicator": "The indicator, or a list of indicators by the date from which each holds",
        "measure": (
            "What is looked at: `achievement` (numerator over denominator), `prevalence` (register over list), "
            "`per_1000` (events, the numerator, for each 1,000 people on the registered list; may be above 1,000), "
            "`register` (kept or not), `declared` (done or not), `historic` (points of an earlier year)"
        ),
        "pays": "What it pays: exactly one payment kind",
        "weights": "The weights that its pounds take",
        "guard": "A guard rail on personalised care adjustments; it never changes pounds",
        "small_numbers": "The same as the scheme's `small_numbers`, for this item alone",
        "baseline": "Where practices stood before, as the source has it",
        "asks": "What is asked of practices here beside what is paid for, in the source's own words",
        "context": "What the source prints beside the rule, in its own words, such as what QOF pays for the same",
    },
    "Protected": {"points": "All the points", "of": "The year whose achievement counts"},
    "Steps": {
        "most": "What the highest step pays, as printed",
        "steps": "The steps in the order of their thresholds, lowest first; the best that is reached pays, once",
        "tables": "With `gate`: the steps that hold at each range of the gate's achievement",
    },
    "StepTable": {
        "when": "The range of the gate's achievement",
        "steps": "The steps that hold there; none pay nothing",
        "words": "The source's own words",
        "source": CITED["source"],
        "standing": CITED["standing"],
        "note": "What a reader should know that is not in the source's words",
    },
    "Required": {
        "most": "What the part is worth",
        "points": "What the part is worth, where it pays points",
        "pounds": "What the part is worth, where it pays a set sum",
        "supply": "What to write in its place",
    },
    "ListBasis": {
        "column": "The column of the practices file that holds it",
        "called": "What the source calls it",
        "at": "On which day",
    },
    "Point": {"value": "Pounds for a point, before any weight"},
    "Weights": {
        "list": "The practice's list over the national average (CPI)",
        "prevalence": "The practice's prevalence over the nation's (APDF)",
        "target_population": "The practice's share of a target population over the nation's (TPF)",
    },
    "ListWeight": {
        "called": "What the source calls it",
        "list": "The practice's list",
        "over": "The national average list",
        "over_at": "The day of the national average",
    },
    "PrevalenceWeight": {"called": "What the source calls it", "at": "The day of the registers"},
    "TargetPopulationWeight": {"called": "What the source calls it"},
    "RoundingPolicy": {
        "list": "The list weight",
        "prevalence": "The prevalence weight",
        "target_population": "The target population weight",
        "points": "The points of an item",
        "pounds_per_point": "The value of a point once weighted",
        "pounds": "The pounds of an item",
    },
    "Terms": {
        "paid_in_advance": "What is paid during the year: one advance, or a list of several; left out, nothing is",
        "paid_on_activity": "What was delivered in a quarter, paid after it; `set_off` says what is set against it",
        "balance": "What is still owed after it",
        "recovery": "What is paid back",
        "changes": "Practices that join, leave or merge in the year",
    },
    "PaidInAdvance": {
        "share": "Which part is paid in advance",
        "of": "Of what; the full award leaves out activity paid by the quarter, unless `set_off` says otherwise",
        "remainder": "Which instalment holds the odd pence",
        "rounding": "How an instalment is rounded to the penny",
        "previous_point_value": "Last year's value of a point, which uprates last year's pounds",
        "words": "The source's own words",
    },
    "Balance": {"words": "The source's own words"},
    "Recovery": {
        "months": "In how many monthly instalments at most",
        "remainder": "Which instalment holds the odd pence",
        "words": "The source's own words",
    },
    "Changes": {
        "joiner": "`whole months`, `days`, `full year`, `nothing`, or the name of a parameter that offers these",
        "leaver": "The same, for a practice that leaves or closes",
        "merger": "`successor`, or the name of a parameter that offers it",
    },
    "PaidOnActivity": {"every": "How often: each `quarter`", "words": "The source's own words"},
    "Networks": {
        "earned_by": "`network`, counted as one, or `practice`: what each member earned is pooled",
        "distribution": (
            "The rule by which it is shared out: `equal`, `list`, `weighted list`, `register`, `historic`, "
            "`contribution` or `agreed`; or the name of a parameter that offers these"
        ),
        "assent": (
            "Whether `every member` must have agreed (AGREED 1) before anything is paid, `none` need, or all agree "
            "`unless vetoed` (VETO 1)"
        ),
        "words": "The source's own words",
    },
    "People": {"least": "The fewest people of a network", "most": "The most people of a network"},
    "ScaledTo": {"budget": "The budget for all practices together", "words": "The source's own words"},
    "SmallNumbers": {
        "paid_at": "What is paid instead: the `average of the area`",
        "average": "Which average: `all patients together`, or the `mean of the practices' rates`, each counted once",
        "of": "Whose: of `all practices`, or of the `practices that are not small`",
        "words": "The source's own words",
    },
    "ClaimTerms": {
        "exclusive": "A name that services share: a patient is on one of their levels in a quarter",
        "levels": "The items that are levels of the service, of which a patient has one in a quarter",
        "counted": "`each` claim, a patient once a quarter `at the quarter's end`, or by `days`",
        "once": "Items paid once for a patient, and again only after so many months off every level",
        "words": "The source's own words",
    },
    "Monitoring": {
        "indicators": "Their codes, or `required` where the source does not name them",
        "people": "Those of which the number of people on the register is watched, and no rate",
        "against": "The year with which this one is compared, each quarter with the same quarter",
        "every": "How often they are looked at",
        "words": "The source's own words",
    },
    "Totals": {
        "most": "Pounds per head for full achievement",
        "points": "All points, or all label points",
        "items": "How many items",
        "domains": "Points by domain",
    },
    "Budget": {
        "place": "The code of the place",
        "list": "Its patients, on the scheme's list",
        "rate": "Pounds per head",
        "budget": "The budget as printed",
    },
    "AdditionalBudget": {
        "practices": "How many practices",
        "budget": "The budget as printed",
        "readings": "Each possible rate per head, by what it would mean",
        "words": "The source's own words",
    },
}


def about(model: str, key: str) -> str:
    """What a key of a model means. Raises KeyError for one that nobody described."""
    known = KEYS.get(model, {})
    return known[key] if key in known else CITED[key]
