"""What can be wrong with code clusters.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "terminology",
    {
        "cluster-changed": (
            "A cluster has other codes than those that were locked. See what changed, and lock again if it is meant."
        ),
        "cluster-empty": "A cluster that is needed has no code. Import it again.",
        "cluster-name-malformed": "A cluster's name has capitals, digits and underscores only. Correct it.",
        "cluster-needed": "A cluster that is needed is not in the set. Import it, or give another set.",
        "cluster-not-locked": "A cluster that is needed is not in the lock. Write the lock again.",
        "cluster-of-two-sets": "The mapping gives one cluster two reference sets. Correct the mapping.",
        "cluster-twice": "Two files hold one cluster. Leave one of them out, or name it apart.",
        "cluster-unknown": "The set has no cluster of this name. Correct it.",
        "code-list-named": "A table that names its own clusters is given a name. Leave the name out.",
        "code-malformed": "A code is damaged, most often by a spreadsheet. Export it again as text.",
        "code-with-two-terms": "One code has two terms in a cluster. Correct one of them.",
        "day-unreadable": "The day of a state is not written as 20241101. Give the file as it was published.",
        "delta-alone": "A Delta has only what a release changed. Give the Snapshot or the Full too.",
        "locked-cluster-missing": "A locked cluster is not in the set. Give the set that was locked.",
        "mapping-missing": "Reference sets were given without the file that names their clusters. Give it too.",
        "no-active-code": "No reference set of the mapping has an active code. Give the files of the same release.",
        "no-cluster": "No file with a cluster was given. Give one.",
        "no-code": "The file has a header and no codes. Export it again.",
        "no-code-column": "There is no column of codes. Name it as the message says.",
        "no-such-set": "There is no cluster set of this name. Give the folder of one that was imported.",
        "reference-set-malformed": "A reference set has an identifier that cannot be right. Correct the mapping.",
        "reference-sets-missing": (
            "A mapping was given without the file of its codes. Give the refset file of the release too."
        ),
        "row-without-code": "A row of a cluster has no code. Fill it in, or remove the row.",
        "name-unfit": "This cannot be the name or the release of a set. Give another.",
        "no-such-system": "There is no code system of this name. Correct it.",
        "set-changed": "The set is no longer what was imported. Import it again.",
        "state-unknown": "A row of a release is neither active nor inactive. Give the file as it was published.",
        "system-unknown": "A code system has a name that Remit does not know. Correct it.",
        "two-states-on-a-day": "A member has two states of one day. Give the file as it was published.",
        "unknown-table": "The file is not a table that Remit knows. Save a table or a code list with commas.",
    },
    warnings={
        "check-digit": "A code's check digit is wrong: it was mistyped or rounded, or is not a SNOMED CT identifier.",
        "clusters-left-out": "Clusters have no active code in the files, and were left out.",
        "code-twice": "A code is in a cluster twice, and counts once.",
        "several-states": "Members have several states in the files, as in a Full. The latest of each is used.",
        "read-code-with-term-code": (
            "A Read code has its term code behind its five characters. Write codes as the records have them."
        ),
        "code-of-no-concept": (
            "A code is the identifier of a description or a relationship. List those of the concepts."
        ),
        "union-incomplete": "A cluster lacks codes of those that it is made of. Add what belongs there.",
    },
)
