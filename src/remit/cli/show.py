"""`remit show`: one scheme to be read, as a card, as its thresholds, or what in it is not verified."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from remit.cli.console import Command, out, say_file, say_json
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx
from remit.cli.output import show as show_document
from remit.core.problems import refuse

_PRINTED = "What is printed"
_FILES = "Files to write"


def show(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="A scheme's id, or the path of a scheme file. Without: --unverified of all."
        ),
    ] = None,
    edges: Annotated[
        bool,
        typer.Option(
            "--boundaries",
            help="What every threshold pays just below, exactly at and just above it.",
            rich_help_panel=_PRINTED,
        ),
    ] = False,
    item: Annotated[
        list[str] | None,
        typer.Option("--item", help="With --boundaries: only this item; may be repeated.", rich_help_panel=_PRINTED),
    ] = None,
    doubtful: Annotated[
        bool,
        typer.Option("--unverified", help="Only what is not verified, why, and what to do.", rich_help_panel=_PRINTED),
    ] = False,
    everything: Annotated[
        bool,
        typer.Option(
            "--sources",
            help="All that is folded away too: every number with its source, the source's own words, rounding.",
            rich_help_panel=_PRINTED,
        ),
    ] = False,
    patients: Annotated[
        int | None,
        typer.Option(
            "--patients", min=1, help="A practice's list: full achievement is priced for it.", rich_help_panel=_PRINTED
        ),
    ] = None,
    form: Annotated[
        Literal["text", "json", "yaml"], typer.Option("--format", help="How to print.", rich_help_panel=_PRINTED)
    ] = "text",
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show what a scheme pays, on what, how much and when, and what in it is not verified."""
    from remit.application import show as use_case
    from remit.documents import scheme_card as cards
    from remit.documents.render.csv import rows_as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    _fitting(reference, edges, bool(item), doubtful, everything, patients, form, bool(files.paths))
    if reference is None:
        show_document(cards.unverified_in_all(use_case.schemes()), files)
        return
    request = use_case.ShowRequest(reference, tuple(item or ()))
    scheme = use_case.evaluate(request)
    if form == "yaml":
        say_file(use_case.text_of(scheme))
    elif form == "json":
        say_json(use_case.boundaries_as_data(scheme, request.items) if edges else use_case.scheme_as_data(scheme))
    elif edges:
        show_document(cards.boundary_document(scheme, request.items), files)
    elif doubtful:
        show_document(cards.unverified(scheme), files)
    else:
        made_of = use_case.card_of(scheme, patients)
        show_document(
            cards.card(made_of),
            files,
            csv=lambda: rows_as_csv(cards.ITEM_COLUMNS, cards.item_rows(scheme)),
            full=everything,
            unfolded_by="",
        )
        if not files.paths:
            out.print(_more(scheme.scheme, everything, made_of.coverage.other_years), style="dim")


def _more(scheme: str, everything: bool, other_years: bool) -> str:
    ways = ["--boundaries: what every threshold pays", "--unverified: what is not verified, and why"]
    ways += [] if everything else ["--sources: all that is folded away"]
    ways += ["--html, --pdf, --xlsx, --csv FILE: the same as a file"]
    others = ["\nTo count by rules of another year: remit evaluate --rules-of YEAR"] if other_years else []
    return "\n".join([*others, f"\nMore: remit show {scheme}", *(f"  {way}" for way in ways)])


def _fitting(
    reference: str | None,
    edges: bool,
    of_items: bool,
    doubtful: bool,
    everything: bool,
    patients: int | None,
    form: str,
    to_files: bool,
) -> None:
    """Raises Refused where options do not go together, or no scheme is named."""
    if reference is None and not doubtful:
        raise refuse("cli.option-missing", "name the scheme.", None, "'remit schemes' lists those that ship.")
    if of_items and not edges:
        raise refuse("cli.option-alone", "--item goes with --boundaries.", None, "Add --boundaries.")
    parts = {
        "--boundaries": edges,
        "--unverified": doubtful,
        "--sources": everything,
        "--patients": patients is not None,
    }
    given = [name for name, wanted in parts.items() if wanted]
    if len(given) > 1:
        raise refuse("cli.options-together", f"{given[0]} and {given[1]} do not go together.", None, "Leave one out.")
    if form != "text" and (to_files or set(given) - {"--boundaries"} or (form == "yaml" and edges)):
        what = given[0] if given else "a file"
        fits = "text or json" if edges and not to_files else "text"
        raise refuse("cli.options-together", f"--format is {fits} with {what}.", None, "Leave one of them out.")


COMMANDS = (
    Command(
        show,
        "show",
        (
            "remit show qif-2024-25",
            "remit show qof-england-2025-26 --patients 12000",
            "remit show qif-2024-25 --boundaries --item 1a --item 1b",
            "remit show qif-2024-25 --unverified",
            "remit show my-scheme.yaml --html card.html --pdf card.pdf",
        ),
    ),
)
