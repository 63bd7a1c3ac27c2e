"""`remit synth`: a store of made-up people."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from remit.cli.console import ONLY_YOU, Command, out, progress, say_stopped
from remit.cli.masters import MasterOrNone, OnSpark
from remit.cli.options import one_day
from remit.cli.output import Files, show
from remit.cli.processwide import ctrl_c_waits

END = date(2025, 3, 31)
"""The last day of the records, where none is given."""


def synth(
    patients: Annotated[int, typer.Option("--patients", metavar="N", help="How many people the records hold in all.")],
    store: Annotated[Path, typer.Option("--out", metavar="STORE", help="The store of records to make.")],
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same people.")] = 1,
    practices: Annotated[
        int | None,
        typer.Option("--practices", metavar="K", help="How many practices; else as a board has, at least three."),
    ] = None,
    years: Annotated[int, typer.Option("--years", metavar="Y", help="Years of history.")] = 10,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The last day of the records.")] = END.isoformat(),
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Processes; else one for each core.")
    ] = None,
    on_spark: OnSpark = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a store that this command made.")
    ] = False,
) -> None:
    """Make a store of made-up people: practices, patients and ten years of their records. Nobody is real.

    It is a store as an import makes one: 'remit evaluate' counts it, 'remit records check' checks it. The same seed
    and numbers give the same bytes. What is realistic in it and what is not: docs, "Synthetic people".
    """
    from remit.application.synth import SynthRequest, make_people
    from remit.documents.records import made_up

    day = one_day(on) or END
    request = SynthRequest(store, patients, day, seed, practices, years, workers, replace, on_spark)
    try:
        with progress("Making people") as on_progress:
            result = make_people(request, on_progress, starting=ctrl_c_waits)
    except KeyboardInterrupt:
        say_stopped("nothing was made.")
        raise typer.Exit(130) from None
    show(made_up(result.made, patients, result.on), Files())
    out.print(f"Made in {store}. Its files hold rows of patients. {ONLY_YOU}", soft_wrap=True)
    out.print(
        f"Next: remit evaluate qif-2024-25 --records {quote(str(store))} --on {day} --out counted", soft_wrap=True
    )


COMMANDS = (
    Command(
        synth,
        "synth",
        (
            "remit synth --patients 20000 --seed 1 --out people",
            "remit synth --patients 1200000 --seed 7 --out board --workers 4",
            "remit synth --patients 30000 --practices 5 --years 5 --on 2024-03-31 --out earlier --replace",
        ),
        MasterOrNone,
    ),
)
