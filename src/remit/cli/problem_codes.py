"""What can be wrong with what was typed.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared
from remit.service.problem_codes import CODES as SERVICE

CODES = SERVICE + declared(
    "cli",
    {
        "code-unknown": "No error or warning has this code. Correct it.",
        "files-not-made": "Some files could not be made, for the reasons above; the others are written.",
        "folder-without-yaml": "The folder has no YAML file. Name another.",
        "no-such-command": "There is no such command. Correct it.",
        "no-such-option": "The command has no such option. Correct it.",
        "not-a-folder": "A folder is needed, and this is a file. Name a folder.",
        "option-alone": "An option means nothing without another. Add the other.",
        "option-missing": "Something that the command needs was not said. See the message.",
        "options-together": "Two options do not go together. Leave one of them out.",
        "out-of-memory": "There is not enough memory. Narrow what is asked for, or use a larger machine.",
        "practice-not-named": "A practice must be named. Name it.",
        "rule-unknown": "No check of scheme files has this code. Correct it.",
        "same-file-twice": "Two options name the same file. Give each its own.",
        "set-twice": "A setting is given twice. Give it once.",
        "stopped": "The command was stopped. The message says what became of its work.",
        "system": "The system refused something. See the message.",
        "too-deep": "Something in the files rests on too many others in a row. Write it more plainly.",
        "usage": "What was typed does not fit the command. See the message.",
        "value-unfit": "The value of an option cannot be used. See the message for what is expected.",
    },
)
