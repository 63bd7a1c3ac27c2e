"""What can be wrong with a catalogue of services or a register of requests.

Each code is declared here once, with what it means and what to do.
"""

from __future__ import annotations

from remit.core.problems import declared

CODES = declared(
    "catalogue",
    {
        "kind-unknown": "The kind of a service is not known. Correct it, or list it among the further kinds.",
        "level-twice": "A service names a level twice. Remove one of them.",
        "months-out-of-range": "That is not a number of months to look ahead. Give a smaller number, such as 3.",
        "names-somebody": "A text holds what looks like a person's name, address or number. Take it out.",
        "names-who-asked": "A register names no person. Leave out who asked and who answered.",
        "no-register": "Remit has no register for this commissioner. Give your own file.",
        "nothing-left": "The catalogue has no service of that kind. Ask for another kind.",
        "of-another-commissioner": "A register names another commissioner's catalogue. Name the commissioner's own.",
        "request-twice": "A request is listed twice. Give one of them another reference.",
        "request-unknown": "The register has no such request. Correct its reference.",
        "service-twice": "Two services have one id or one title. Change one of them.",
        "service-unknown": "The catalogue has no such service. Correct its name.",
        "source-unknown": "A source is named that is not among the file's sources. Correct it, or add the source.",
        "unknown": "There is no catalogue of this name. Correct it, or give a file.",
        "which-request": "The register has several requests. Name one.",
    },
)
