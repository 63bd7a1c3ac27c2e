"""What can be wrong with records, and what in them a person should look at.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "records",
    {
        "bound-unreadable": "A limit for values is not a number. Correct it.",
        "bound-upside-down": "A lowest value is above its highest. Correct one of them.",
        "column-unreadable": (
            "More than half the filled cells of a column cannot be read. Write it as the message says, or leave it out."
        ),
        "columns-changed": "A file of the store has other columns than it was written with. Import the records again.",
        "days-missing": "More than half the rows have no day. Look whether the column was exported.",
        "extract-held-already": "The store holds this extract. Correct it, or append a later one.",
        "extract-id-malformed": (
            "An extract's id has a form that it cannot have. Use letters, digits, dots, hyphens, underscores."
        ),
        "extract-not-held": (
            "The store does not hold the extract that is to be corrected or removed. Name one that it holds."
        ),
        "file-changed": "A file was changed or damaged after its import. Import the practice's extract again.",
        "file-damaged": "A file of the store cannot be read. Import the practice's extract again.",
        "file-gone": "A file is no longer in the store. If an import has just ended, start again.",
        "file-missing": "A file is missing from the store. Import the practice's extract again.",
        "file-unordered": "The rows of a file are not in order. Import the practice's extract again.",
        "floating-point": "A column holds binary floating-point numbers, which are not exact. Write decimals, or text.",
        "import-stopped": "The import stopped, and the store is as it was. See the message.",
        "key-and-ids-kept": "Ids are either turned into pseudonyms with a key or kept. Choose one.",
        "key-is-an-extract": "The key is a table of records, which others have too. Make one of 32 random bytes.",
        "key-in-store": "The key must not be where the pseudonyms are. Move it.",
        "key-too-weak": "The key can be guessed. Make one of 32 random bytes.",
        "last-day-unreadable": "The last day of an extract is not a date. Write it as 2025-03-31.",
        "nhs-number-in-extracts": (
            "The id of an extract or a practice's code has the form of an NHS number. Use another: both are shown."
        ),
        "no-extract": "There is no extract below the header. Name one for each practice.",
        "no-extracts-file": "The folder does not say whose records these are. Add extracts.csv.",
        "no-key": "NHS numbers are not stored, and there is no key to make pseudonyms with. Give one.",
        "no-patient-stored": "None of the patients could be stored. The first rows say why.",
        "no-patients": "The folder has no file of patients. Add it.",
        "no-such-folder": "There is no such folder of records. Give the one that holds extracts.csv.",
        "no-such-key-file": "There is no file with the key. Make one, outside the store.",
        "not-a-store": "The folder is not a store of records. Give one that an import made.",
        "not-parquet": "The file cannot be read as Parquet. Export it again.",
        "other-key-than-store": "The store's pseudonyms were made with another key. Give that key.",
        "patient-rejected": "A patient's row could not be stored. See the reason.",
        "practice-code-malformed": (
            "A practice's code has a form that it cannot have. Use capitals, digits, hyphens, underscores."
        ),
        "practice-held-already": (
            "The store holds records of this practice. Say whether these come later, or replace what is held."
        ),
        "practice-twice": "A practice has two extracts in one folder. Import one at a time.",
        "practice-unknown": "The store has no records of this practice. Correct the code.",
        "row-rejected": "A row could not be stored. See the reason.",
        "rows-not-conserved": "Rows were lost in an import. This is a fault in Remit: nothing was stored.",
        "rows-unlike-lines": "A line ends within a cell, or a quote is not closed. Write each row on one line.",
        "store-holds-other-files": "The folder holds files that are not records. Give a new or an empty one.",
        "store-keeps-ids": "The store keeps ids as they are, and a key was given. Keep the ids, or give another store.",
        "store-not-a-folder": "A store is a folder, and this is something else. Give a folder.",
        "table-rejected": (
            "No row of a table could be stored, or fewer than one in ten. The rows that are named say why."
        ),
        "table-twice": "A table is there as CSV and as Parquet. Leave one of them out.",
        "text-not-utf-8": "A Parquet file has text that is not UTF-8. Export it again, as UTF-8.",
        "unknown-table": "A file is not a table of records. Correct its name, or move it out of the folder.",
    },
    warnings={
        "cells-otherwise": "Cells are stored otherwise than they were written, or may be wrong.",
        "cells-unread": "Cells could not be read, and are stored as not known. The file that is named says which.",
        "column-passed-over": "A file has columns that are not read, and lacks some. Name them as they are here.",
        "table-empty": "An extract has no patient, stay or event of a practice. See whether it is whole.",
        "code-altered": "Codes were damaged, and no cluster has them. Export and import the records again.",
        "code-check-digit": "Codes have a wrong check digit: they were mistyped or rounded, or are not SNOMED CT.",
        "code-of-no-concept": "Codes are identifiers of descriptions or relationships. Export those of the concepts.",
        "code-of-no-system": "Codes do not have the form of any code system, or of the one in their row. Correct them.",
        "code-misspelt": "Codes are another spelling of one that a cluster has, and are not in it.",
        "day-not-known": "Rows have no day that is known: it is taken for 1 January 1900.",
        "id-of-nobody": "An id is one that systems write where none is known, and may stand for several people.",
        "patient-on-two-lists": "Patients are on the lists of two practices, and count at both.",
        "read-code-with-term-code": "Read codes have their term code behind them. Write them as the clusters do.",
        "code-in-no-list": "Codes are in none of the lists that were given.",
        "code-in-several-units": "One code has values in several units.",
        "comparator-without-value": "A comparator has no value after it.",
        "dated-after-extract": "Rows are dated after the last day of their extract.",
        "dated-before-birth": "Rows are dated before the patient was born.",
        "event-backwards": "Records end before they begin.",
        "extract-stops-early": "An extract stops before the achievement date, so results are provisional.",
        "gone-from-latest": (
            "A later extract lacks rows that earlier ones had, and they still count. Replace them if it is whole."
        ),
        "ids-look-real": (
            "Ids that were kept are valid NHS numbers. If they are of real patients, import them with a key."
        ),
        "key-beside-extract": "The key is in the folder of the extract. Move it.",
        "key-can-be-guessed": "The key has few characters, a pattern or words. Make one of 32 random bytes.",
        "key-open-to-others": "People other than its owner can read the key. Let only its owner read it.",
        "import-interrupted": "An import was interrupted, and the store is as it was before. Start it again to go on.",
        "patient-never-registered-here": "Patients were never registered at the practice.",
        "patient-not-there": "Rows name patients who are not in the table of patients.",
        "patient-without-registration": "Patients have no registration.",
        "reading-over-several-days": "The parts of one reading are of several days.",
        "reading-with-one-half": "A reading of two values has one.",
        "record-over-several-days": "The codings of one record are of several days. It counts once for each.",
        "registration-backwards": "Registrations end before they begin.",
        "registrations-apart": "There is a gap between registrations.",
        "registrations-overlap": "Registrations overlap.",
        "row-twice": "The same row is listed twice.",
        "rows-rejected": "Rows could not be stored. The file that is named says which, and why.",
        "two-births": (
            "One id has several days of birth: two people may have it. Find out whose it is, and import again."
        ),
        "unit-not-read": (
            "Values are in a unit that no rule reads, and count as none. Write the unit that the rules ask for."
        ),
        "value-impossible": (
            "Values are outside what anybody can have, and count as none. Correct them where they come from."
        ),
        "value-without-unit": "Values have no unit.",
    },
)
