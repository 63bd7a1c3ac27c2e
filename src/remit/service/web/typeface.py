"""The style sheet and the files of the NHS typeface, where the deployment turned it on (`typeface_sources`)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse

from remit.service.access import public
from remit.service.web.typeface_sources import WEIGHTS, is_address, sources


@public("the style sheet of a typeface")
def styles(request: HttpRequest) -> HttpResponseBase:
    """The style sheet that names the typeface's files."""
    rules = []
    for n, source in enumerate(sources(settings.DEPLOYMENT.nhs_typeface)):
        address = source if is_address(source) else reverse("typeface-file", args=[n])
        plain = "".join(letter for letter in address if letter not in "\"'()\\<>" and letter.isprintable())
        font = f'font-family:"NHS typeface";font-weight:{WEIGHTS[n]};font-display:fallback;src:url("{plain}")'
        rules.append(f"@font-face{{{font}}}")
    if not rules:
        raise Http404
    return HttpResponse("\n".join(rules), content_type="text/css")


@public("a file of a typeface")
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of its files, where the setting names files."""
    found = sources(settings.DEPLOYMENT.nhs_typeface)
    if number >= len(found) or is_address(found[number]) or not Path(found[number]).is_file():
        raise Http404
    source = Path(found[number])
    return FileResponse(source.open("rb"), content_type=f"font/{source.suffix.removeprefix('.') or 'woff2'}")


urlpatterns = [
    path("typeface.css", styles, name="typeface"),
    path("typeface/<int:number>", file, name="typeface-file"),
]
