"""What rests on estimates needs scipy, which comes with the extra `remit[analysis]`: whether it is there."""

from __future__ import annotations

from remit.core.problems import refuse


def analysis_is_installed() -> bool:
    """Whether the library of the estimates is there."""
    try:
        import scipy  # noqa: F401
    except ImportError:
        return False
    return True


def check_analysis_installed() -> None:
    """Raises Refused with what to install, where it is not there."""
    if not analysis_is_installed():
        way = "Install it with 'pip install remit[analysis]'."
        raise refuse("analysis.not-installed", "scipy is not installed, which this calculation needs.", None, way)
