"""What to do about a problem, in the words of the command line, by the code of the problem.

What the domain says names no option. A code that is not here keeps the domain's own hint, for which `{hint}` stands;
other names in braces are of the problem's data.
"""

from __future__ import annotations

_IMPORT_AGAIN = "Import the practice's extract again with --replace."
_CHECK_STORE = "See 'remit records check', and import them again."
_KEY = (
    "Say --key-file FILE: a file outside the store with at least {least} characters that nobody can guess "
    "(openssl rand -hex 32 > key). For ids that are made up, say --keep-ids."
)
RUN = "Name the folder that 'remit run --out' made."
CLUSTERS = "Say demonstration, or name the folder that 'remit clusters import' wrote."

WAYS = {
    "analysis.amounts-too-large": "{hint} Exact figures alone need no draws: say --draws 0.",
    "analysis.part-missing": "{hint} --counts names a file of counts, --evaluation an evaluation.",
    "analysis.timing-needs-records": "{hint} --records names the store.",
    "analysis.too-few-draws": "Say --draws 40 or more, or --draws 0 for none.",
    "catalogue.months-out-of-range": "Say --due 3.",
    "catalogue.no-register": "Name yours with --register FILE.",
    "catalogue.unknown": "{hint} A file is named with --file.",
    "claims.term-open": "Give it with --set {name}=1.",
    "comparison.nothing-changed": "Say what changes, such as --item 4 --thresholds +3pp.",
    "comparison.nothing-to-keep": "Leave --save-overlay out.",
    "comparison.practice-narrowed-out": "Run it again without --practice.",
    "counts.for-other-periods": (
        "--period scores one of them; the year's own counts have no period, or the achievement date."
    ),
    "counts.indicator-unknown": "{hint} --ignore-unknown skips such rows.",
    "disclosure.hides-nothing": "Exact figures are for a practice: --for practice.",
    "disclosure.over-practices": "For one practice, break down by who its patients are, such as --by age.",
    "documents.characters-missing": "{hint} --html writes one.",
    "evaluation.cannot-be-counted": (
        "If the disk is full, make room, and start the same command again; else see 'remit records check'."
    ),
    "evaluation.inside-the-store": "Name another folder with --out.",
    "evaluation.keep-elsewhere": "Name a folder of its own with --keep.",
    "evaluation.keep-not-with": "Leave out --keep, or --engine reference and --on-spark.",
    "evaluation.no-rules-of-year": "{hint} --rules-of names the year.",
    "evaluation.out-of-memory": (
        "Give it more with --memory, use fewer --workers, or make room on the disk for what does not fit."
    ),
    "evaluation.records-changed": _CHECK_STORE,
    "evaluation.rules-of-another-year": (
        "Name the year whose rules to use: --rules-of {example}. Every figure is then provisional, and says so."
    ),
    "files.folder-of-another-kind": "{made_by}",
    "evaluation.patient-in-several-practices": "Say --practice.",
    "evaluation.patient-unknown": "{hint} 'remit patients EVALUATION --practice CODE' lists them.",
    "files.holds-a-run": "Name another folder, or say --replace to put this one in its place.",
    "files.is-there-already": "Name another file, or say --replace to write over it.",
    "files.no-such-folder": "{made_by}",
    "files.not-a-folder": "Name a new folder for --out.",
    "files.worker-ended": "{hint} --workers says how many.",
    "lint.required-national": "Give them with --national.",
    "lint.required-parameter": "Say --set {name}=….",
    "lint.unverified": "'remit show' with --unverified says which, and why.",
    "reconciliation.indicator-unknown": "{hint} --ignore-unknown skips such rows.",
    "reconciliation.layout-and-map": "Leave --layout or --map out.",
    "reconciliation.layout-unfit": "{hint} --map names it.",
    "reconciliation.other-indicators": "{hint} --ignore-unknown compares what both have.",
    "reconciliation.tolerance-unreadable": "Correct --tolerance.",
    "records.extract-held-already": "Say --correct to replace it.",
    "records.file-changed": _IMPORT_AGAIN,
    "records.file-damaged": _IMPORT_AGAIN,
    "records.file-missing": _IMPORT_AGAIN,
    "records.file-unordered": _IMPORT_AGAIN,
    "records.gone-from-latest": "If it is a whole extract, import it with --replace.",
    "records.ids-look-real": "Then import them with --key-file.",
    "records.import-interrupted": "Give its command again to go on with it.",
    "records.key-and-ids-kept": "Leave --key-file or --keep-ids out.",
    "records.no-key": _KEY,
    "records.no-such-key-file": _KEY,
    "records.practice-held-already": (
        "Say --append for a later extract, --correct for one anew, --replace in place of all that is held."
    ),
    "records.store-holds-other-files": "Name a new or an empty folder for --store.",
    "records.store-keeps-ids": "Say --keep-ids, or name another store.",
    "records.store-not-a-folder": "Name a folder for --store.",
    "rules.sensitive": "If you need it, say --sensitive.",
    "runs.item-retired": "It is retired: see --set {retires}.",
    "runs.period-outside-year": "Correct --period.",
    "runs.period-unreadable": "Correct --period.",
    "runs.scheme-not-known-of": "Name them in --assign, or give one of the places: {places}.",
    "runs.which-practice": "Say --practice CODE, or --all with a folder. {hint}",
    "scheme.kind-unknown": "{hint} 'remit new --list' shows the kinds.",
    "scheme.nothing-to-move": "What no option moves is changed by a scheme file: --overlay.",
    "scheme.unknown": "{hint} 'remit schemes' lists them.",
    "synthetic.holds-made-up-people": "Name another folder, or say --replace to remake it.",
    "synthetic.too-few-patients": "{hint} Say more --patients, or fewer --practices.",
    "synthetic.too-many-patients": "Say --practices {least} or more.",
    "terminology.cluster-changed": "See 'remit clusters diff', and lock again if it is meant.",
    "terminology.cluster-needed": "{hint} --clusters names a set of your own; 'remit clusters import' makes one.",
    "terminology.no-such-set": CLUSTERS,
    "worklist.clusters-differ": "Say --clusters as for the evaluation.",
    "worklist.indicator-sensitive": "Say --sensitive too.",
    "worklist.practice-not-named": "{hint} --practice names it.",
    "worklist.records-changed": _CHECK_STORE,
    "worklist.rules-changed": "Say --rules as for the evaluation, or evaluate again.",
    "worklist.run-of-another-scheme": "Name a run of {scheme} with --run.",
    "worklist.run-of-other-counts": "{hint} Name it with --run.",
    "worklist.run-not-of-the-period": "Run {scheme} with --period {period}, and name it with --run.",
    "worklist.run-not-of-the-year": "Run {scheme} without --period, and name it with --run.",
}
"""Code -> what to do, for whoever types a command."""
