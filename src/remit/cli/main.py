"""`remit`: the entry point. Ctrl-C is heard before anything large is imported: no traceback of an import is shown."""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # typing itself takes longer to import than all that stands here
if TYPE_CHECKING:
    from types import FrameType

    import typer


def main() -> None:
    """The entry point of the `remit` command. A refusal is printed as plain lines and ends with status 1.

    While the commands are imported, Ctrl-C ends the process at once: an import may swallow the exception, or fail of
    it. Where Ctrl-C is ignored, as with nohup, it still is.
    """
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heard:
        signal.signal(signal.SIGINT, _stopped)
    try:
        from remit.cli.app import run
    finally:
        if heard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _stopped(number: int, frame: FrameType | None) -> None:
    os.write(2, b"Stopped; nothing was written. [cli.stopped]\n")
    os._exit(130)


def __getattr__(name: str) -> typer.Typer:
    """`app`, the commands."""
    if name != "app":
        raise AttributeError(f"module 'remit.cli.main' has no attribute '{name}'")
    from remit.cli.app import app

    return app


if __name__ == "__main__":
    main()
