"""What can be wrong with a file or a folder, whatever is in it.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "files",
    {
        "cannot-be-looked-through": (
            "What identifies a patient cannot be looked for: the file is damaged, encrypted, has other files in it, or "
            "takes too much time or memory. Send it as CSV, or make it anew."
        ),
        "cannot-be-read": "The file cannot be read. Check its permissions, or close the program that has it open.",
        "cannot-be-written": "Nothing could be written there. Free some disk space, or choose another folder.",
        "carriage-returns": "The lines end with a carriage return alone. Save the file as CSV UTF-8.",
        "cells-unlike-header": (
            "A row has more or fewer cells than the header. Look for a missing comma, or a comma that needs quotes."
        ),
        "changed-since": "A file of the result is not as it was written. Make the result again.",
        "column-missing": "The header lacks a column that is needed. Add it, or correct its name.",
        "column-twice": "The header names a column more than once. Leave one of them out.",
        "empty": "The file is empty. Export it again.",
        "folder-of-another-kind": "The folder holds something other than what is needed. Give another folder.",
        "holds-a-run": (
            "The folder holds an earlier result. Remit does not write over it unless you ask. Give another folder, "
            "or ask for it to be replaced."
        ),
        "holds-other-files": "The folder holds files that Remit did not write. Give a new or an empty one.",
        "holds-records": "The folder holds records, and Remit never writes over records. Give another folder.",
        "in-use": "Another process is writing there. Wait until it ends.",
        "inside-a-result": (
            "The place is inside the folder of a result, which must stay as it was written. Name a place outside it."
        ),
        "is-a-folder": "A file is needed, and this is a folder. Give a file.",
        "is-there-already": (
            "The file exists. Remit does not write over it unless you ask. Give another name, or ask to replace it."
        ),
        "link-to-nothing": "A link of that name leads to no file. Remit does not write over it. Give another name.",
        "manifest-damaged": "The folder's manifest cannot be read, or is incomplete. Make the result again.",
        "missing-from-folder": "A file of the result is gone. Make the result again.",
        "no-such-file": "There is no file of this name. Check its spelling and its folder.",
        "no-such-folder": "There is no folder of this name. Check its spelling.",
        "not-a-folder": "A folder is needed, and this is something else. Give a new folder.",
        "not-by-commas": "The columns are not separated by commas. Save the file with commas.",
        "not-csv": "The text cannot be read as CSV. Look for a quote that is not closed.",
        "not-utf-8": "A character is not written in UTF-8. Save the file as CSV UTF-8.",
        "nul-byte": "The file has a NUL byte: it is damaged, or is not a text file. Export it again.",
        "not-listed": (
            "The folder of a result holds a file that the result does not list, so its origin is unknown. Move it "
            "elsewhere."
        ),
        "not-replaceable": (
            "The folder holds more than what Remit wrote, so Remit does not remove it. Give another folder, or "
            "remove this one yourself."
        ),
        "of-another-type": (
            "The content of the file is not of the type that is expected, whatever its name says. Save it as that type."
        ),
        "of-another-format": "Another version of Remit wrote it. Update Remit, or make the result again.",
        "spark-cannot-start": "Spark did not start, or ended. Install Java 17 or newer, and see what Spark says.",
        "spark-differs": "Spark's tasks run another Remit than this process. Install the same on every node.",
        "spark-not-installed": "The work is to be done on Spark, which is not installed. Install remit[spark].",
        "spark-task-failed": "Spark tried, and failed at a practice. The message says what stopped it.",
        "utf-16": "The file is written in UTF-16. Save it as CSV UTF-8.",
        "worker-ended": ("The system ended a worker process, most likely because memory ran out. Use fewer processes."),
    },
)
