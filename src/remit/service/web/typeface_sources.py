"""Where the NHS typeface comes from, for an NHS body that turns it on, and what that adds to the security policy.

`REMIT_NHS_TYPEFACE` has the address or the file of the regular cut and, after a comma, of the bold one. It is off by
default, and no file of it ships. Nothing here knows Django: the settings read it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

WEIGHTS = (400, 600)


def sources(setting: str) -> list[str]:
    """The addresses or files of a setting, the regular cut first."""
    return [part.strip() for part in setting.split(",") if part.strip()][: len(WEIGHTS)]


def is_address(source: str) -> bool:
    """Whether a source is an address; else it is a file."""
    return source.startswith("https://")


def font_policy(setting: str) -> dict[str, list[str]]:
    """What the content security policy allows for the typeface: nothing where there is none."""
    hosts = {f"https://{urlsplit(one).netloc}" if is_address(one) else "'self'" for one in sources(setting)}
    return {"font-src": sorted(hosts)} if hosts else {}
