"""What a command says to do next: commands that can be copied as they are."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from remit.cli.console import out

if TYPE_CHECKING:
    from remit.application.run import SchemeResult
    from remit.application.what_if import Result


def after_run(one: SchemeResult) -> None:
    """What to look at in the folder of a run."""
    folder = quote(str(one.folder))
    lines = [f"statement {folder} --practice {quote(code)}" for code in one.codes[:1]]
    if len(one.codes) > 1:
        lines += [f"statement {folder} --all --html statements", f"overview {folder} --html overview.html"]
    text = "".join(f"\n  remit {line}" for line in lines)
    out.print(f"\nWritten to {one.folder}. Next:{text}", soft_wrap=True)


def after_what_if(folder: Path, result: Result, in_files: bool, of_rules: bool) -> None:
    """How every practice is shown, where no file was written, and how a change of rules is kept or run."""
    if not in_files:
        out.print("Every practice: --html, --pdf, --xlsx or --csv FILE.", style="dim")
    if not result.written:
        if of_rules:
            out.print("Keep this change: --save-overlay reform.yaml")
        return
    names = " ".join(quote(str(path)) for path in result.written)
    words = [f"--{name} {quote(str(path))}" for name, path in result.inputs.items()]
    words += [f"--set {quote(f'{name}={value}')}" for name, value in result.settings.items()]
    words += [f"--period {result.period}"] if result.period else []
    out.print(f"The change is kept in {names}. To pay by it, and to see both side by side:", soft_wrap=True)
    out.print(f"  remit run {names} {' '.join(words)} --out changed", soft_wrap=True)
    out.print(f"  remit compare {quote(str(folder))} changed", soft_wrap=True)
