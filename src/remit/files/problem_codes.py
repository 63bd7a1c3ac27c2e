"""What can be wrong with a file or a folder, whatever is in it.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "files",
    {
        "cannot-be-read": "The file is there and cannot be read. Look at who may read it, or close what holds it.",
        "cannot-be-written": "Nothing could be written there. Make room, or choose a place that you may write to.",
        "carriage-returns": "The lines end with a carriage return alone. Save the file as CSV UTF-8.",
        "cells-unlike-header": (
            "A row has more or fewer cells than the header. Look for a missing comma, or one without quotes."
        ),
        "changed-since": "A file of the result is not as it was written. Make the result again.",
        "column-missing": "The header lacks a column that is needed. Add it, or correct its name.",
        "column-twice": "The header names a column more than once. Leave one of them out.",
        "empty": "The file is empty. Export it again.",
        "folder-of-another-kind": "The folder holds something else than what is needed. Give another folder.",
        "holds-a-run": (
            "The folder holds an earlier result, which is not written over unasked. Give another, or ask "
            "for it to be replaced."
        ),
        "holds-other-files": "The folder holds files that Remit did not write. Give a new or an empty one.",
        "holds-records": "The folder holds records, which nothing is written over. Give another folder.",
        "in-use": "Another process is writing there. Wait for its end.",
        "inside-a-result": (
            "The place lies in the folder of a result, which stays as it was written. Name a place beside it."
        ),
        "is-a-folder": "A file is needed, and this is a folder. Give a file.",
        "is-there-already": (
            "The file is there, and is not written over unasked. Give another name, or ask for it to be replaced."
        ),
        "link-to-nothing": "A link stands there that leads to no file, and is not written over. Give another name.",
        "manifest-damaged": "What the folder says of itself cannot be read, or lacks something. Make the result again.",
        "missing-from-folder": "A file of the result is gone. Make the result again.",
        "no-such-file": "There is no file of this name. Look at how it is spelled, and at the folder.",
        "no-such-folder": "There is no folder of this name. Look at how it is spelled.",
        "not-a-folder": "A folder is needed, and this is something else. Give a new folder.",
        "not-by-commas": "The columns are separated by another mark than commas. Save the file with commas.",
        "not-csv": "The text cannot be read as CSV. Look for a quote that is not closed.",
        "not-utf-8": "A character is not written in UTF-8. Save the file as CSV UTF-8.",
        "nul-byte": "The file has a NUL byte: it is damaged, or no text. Export it again.",
        "not-listed": (
            "The folder of a result holds a file that the result does not list, so that nobody can tell where it is "
            "from. Move it elsewhere."
        ),
        "not-replaceable": (
            "What is there is not just what Remit wrote, and is not removed. Give another folder, or remove this one "
            "by hand."
        ),
        "of-another-format": "Another version of Remit wrote it. Update Remit, or make the result again.",
        "utf-16": "The file is written in UTF-16. Save it as CSV UTF-8.",
        "worker-ended": (
            "The system ended a process that was at work, most likely for want of memory. Use fewer processes."
        ),
    },
)
