"""The second factor: codes of an app (TOTP), each accepted once, and recovery codes for when the device is lost."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from remit.service import clock
from remit.service.people import sessions
from remit.service.people.models import Person

PERIOD = 30
"""Seconds that a code of an app lasts."""
DRIFT = 1
"""By how many periods the clock of the app may be wrong."""
_KEY = "second_factor_key"
TOTP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


class Adapter(DefaultMFAAdapter):
    """Keys are kept encrypted with the deployment's secret: a copy of the database alone gives no codes."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"remit.second-factor", sha256)
    return Fernet(base64.urlsafe_b64encode(key))


def was_given(request: HttpRequest) -> bool:
    """Whether the session was signed in to with a second factor too."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(one.get("method") == "mfa" for one in methods)


def is_on(person: Person) -> bool:
    """Whether a person has set up a second factor."""
    return Authenticator.objects.filter(user=person, type=TOTP).exists()


def new_key(request: HttpRequest, anew: bool) -> str:
    """The key that is being set up in a session: another one `anew`, else the one that was shown."""
    key = None if anew else request.session.get(_KEY)
    if not isinstance(key, str):
        key = request.session[_KEY] = generate_totp_secret()
    return key


def picture(person: Person, key: str) -> str:
    """The QR code of a key, as the address of an image that holds it."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(person, key))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def in_fours(key: str) -> str:
    """A key as one types it."""
    return " ".join(key[n : n + 4] for n in range(0, len(key), 4))


def set_up(request: HttpRequest, person: Person, code: str) -> bool:
    """Switch the second factor on, where a code proves that the app has the key; the session has given it then."""
    if not switch_on(person, new_key(request, anew=False), code):
        return False
    request.session.pop(_KEY, None)
    given(request, person, "totp")
    return True


def switch_on(person: Person, key: str, code: str) -> bool:
    """Switch the second factor on with a key, where it is off and a code proves that the key is known."""
    step = _step(key, code, 0)
    if step is None:
        return False
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if is_on(person):
            return False
        Authenticator.objects.filter(user=person).delete()
        Authenticator.objects.create(user=person, type=TOTP, data={"secret": encrypt(key), "last": step})
        RecoveryCodes.activate(person)
    return True


def code_now(key: str) -> tuple[str, int]:
    """What an app shows for a key now, and for how many seconds more."""
    now = int(clock.machine_now().timestamp())
    return str(format_hotp_value(hotp_value(key, now // PERIOD))), PERIOD - now % PERIOD


def given(request: HttpRequest, person: Person, kind: str) -> None:
    """Note in a session of somebody who is signed in that the second factor was given; it gets another key."""
    record_authentication(request, person, "mfa", type=kind)
    sessions.new_key(request)


def accept(person: Person, code: str) -> str:
    """Use a code up: `totp` or `recovery_codes` for what it was, empty where it is wrong or was used before."""
    plain = "".join(code.split()).replace("-", "")
    if not plain.isascii() or not plain.isdigit():
        return ""
    try:
        with transaction.atomic():
            rows = {row.type: row for row in Authenticator.objects.select_for_update(no_key=True).filter(user=person)}
            if TOTP not in rows:
                return ""
            step = _step(decrypt(rows[TOTP].data["secret"]), plain, rows[TOTP].data.get("last", 0))
            if step is not None:
                rows[TOTP].data["last"] = step
                rows[TOTP].record_usage()
                rows[TOTP].save(update_fields=["data"])
                return str(TOTP)
            if RECOVERY in rows and RecoveryCodes(rows[RECOVERY]).validate_code(plain):
                return str(RECOVERY)
    except InvalidToken:
        return ""  # the deployment has another secret than when it was set up: an administrator resets it
    return ""


def _step(key: str, code: str, last: int) -> int | None:
    """The period whose code this is, within the drift and after the last one that was used."""
    plain = "".join(code.split())
    now = int(clock.machine_now().timestamp()) // PERIOD
    for step in range(max(now - DRIFT, last + 1), now + DRIFT + 1):
        if hmac.compare_digest(format_hotp_value(hotp_value(key, step)).encode(), plain.encode()):
            return step
    return None


def unseen_codes(person: Person) -> list[str]:
    """The recovery codes, the one time that they are shown; afterwards none."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update(no_key=True).filter(user=person, type=RECOVERY).first()
        if row is None or RecoveryCodes(row).did_view:
            return []
        codes = RecoveryCodes(row)
        codes.mark_as_viewed()
        return [f"{code[:4]} {code[4:]}" for code in codes.get_unused_codes()]


def codes_left(person: Person) -> int:
    """How many recovery codes are not used yet."""
    row = Authenticator.objects.filter(user=person, type=RECOVERY).first()
    return 10 - int(row.data.get("used_mask", 0)).bit_count() if row else 0


def new_codes(person: Person) -> None:
    """Other recovery codes in place of those before."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        Authenticator.objects.filter(user=person, type=RECOVERY).delete()
        RecoveryCodes.activate(person)


def remove(person: Person) -> None:
    """Take a person's second factor away, with its recovery codes."""
    Authenticator.objects.filter(user=person).delete()
