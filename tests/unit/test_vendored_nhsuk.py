"""The NHS design system's files: nothing outside is named, the NHS typeface and logo are not there, and the script that
writes them gives the same bytes each time."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VENDORED = ROOT / "src" / "remit" / "service" / "web" / "static" / "nhsuk"
SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "vendor_nhsuk.py"))
FONT = "@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/fonts/a.woff2)}"


def text(name: str) -> str:
    return (VENDORED / name).read_text(encoding="utf-8")


def test_no_outside_address_no_typeface_and_no_path_from_the_root() -> None:
    css = text("nhsuk.css")
    for wrong in ("://", "//", "@font-face", "@import", "Frutiger", "url(/", "assets/", "sourceMappingURL", "data:"):
        assert wrong not in css
    assert "://" not in text("nhsuk.js")
    assert "sourceMappingURL" not in text("nhsuk.js")
    for picture in (VENDORED / "images").iterdir():
        assert not re.search(r"(?:href|src)=|<(?:image|style|script)\b", picture.read_text(encoding="utf-8"))


def test_every_picture_that_is_named_is_there_and_no_other() -> None:
    named = set(re.findall(r"url\(images/([^)]*)\)", text("nhsuk.css")))
    assert named == {path.name for path in (VENDORED / "images").iterdir()}
    assert named
    assert text("nhsuk.css").count("url(") == text("nhsuk.css").count("url(images/")


def test_the_licence_and_the_source_stand_beside_them() -> None:
    assert text("LICENCE").startswith("MIT License")
    assert "Permission is hereby granted, free of charge" in text("LICENCE")
    version = re.search(r'--nhsuk-frontend-version:"([\d.]+)"', text("nhsuk.css"))
    assert version
    assert text("SOURCE").startswith(f"nhsuk-frontend {version[1]},")


def package(folder: Path, css: str = "", js: str = "a();") -> Path:
    """A made-up package."""
    (folder / "assets" / "images").mkdir(parents=True)
    (folder / "assets" / "images" / "b.svg").write_text("<svg/>")
    base = (
        f'@charset "UTF-8";{FONT}.a{{background:url(/assets/images/b.svg);font-family:Frutiger W01,arial,sans-serif}}'
    )
    (folder / "nhsuk-frontend.min.css").write_text(f"{base}{css}\n/*# sourceMappingURL=a.css.map */\n")
    (folder / "nhsuk-frontend.min.js").write_text(f"{js}//# sourceMappingURL=a.js.map\n")
    return folder


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    source = package(tmp_path / "package")
    for name in ("one", "two"):
        SCRIPT["vendor"](source, tmp_path / name)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in ("one", "two"))
    assert one == two
    assert set(one) == {"nhsuk.css", "nhsuk.js", "b.svg", "LICENCE", "SOURCE"}
    assert one["nhsuk.css"].decode() == (
        '@charset "UTF-8";@layer nhsuk{.a{background:url(images/b.svg);font-family:"NHS typeface",system-ui,"Segoe UI",'
        'Roboto,"Noto Sans",Arial,sans-serif}}\n'
    )
    assert one["nhsuk.js"] == b"a();\n"


@pytest.mark.parametrize(
    ("css", "js"),
    [
        ("@import 'a.css';", ""),
        (".b{background:url(https://example.org/a.png)}", ""),
        (".b{background:url(/elsewhere/a.png)}", ""),
        (".b{font-family:Frutiger W01}", ""),
        ("", "fetch('https://example.org/');"),
    ],
)
def test_what_still_leads_elsewhere_is_refused(css: str, js: str, tmp_path: Path) -> None:
    source = package(tmp_path / "package", css, js)
    with pytest.raises(ValueError, match="mend this script"):
        SCRIPT["vendor"](source, tmp_path / "into")
