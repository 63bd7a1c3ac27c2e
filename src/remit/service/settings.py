"""Django's settings, made from what the environment says of the deployment (`remit.service.deployment`)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from remit.service import mail
from remit.service.deployment import Database, from_environment
from remit.service.serving import logs
from remit.service.web.typeface_sources import font_policy

DEPLOYMENT = from_environment()

SECRET_KEY = (
    DEPLOYMENT.secret if DEPLOYMENT.own_secret or DEPLOYMENT.data.is_dir() else secrets.token_urlsafe(50)
)  # of a deployment that is not there none is kept in passing
DEBUG = False
ALLOWED_HOSTS = list(DEPLOYMENT.hosts)
ROOT_URLCONF = "remit.service.urls"
WSGI_APPLICATION = "remit.service.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "remit.service.scope",
    "remit.service.organisations",
    "remit.service.people",
    "remit.service.audit",
    "remit.service.consents",
    "remit.service.register",
    "remit.service.extracts",
    "remit.service.offers",
    "remit.service.declarations",
    "remit.service.money",
    "remit.service.reminders",
]
MIDDLEWARE = [
    "remit.service.serving.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "remit.service.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "remit.service.people.sessions.SessionMiddleware",
    "remit.service.scope.middleware.ScopeMiddleware",
    "remit.service.web.uploads.UploadLimitMiddleware",
]


def _connection(database: Database) -> dict[str, Any]:
    """How Django connects; a writer of SQLite waits for the one before it, and readers wait for nobody."""
    if not database.is_postgresql:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        options: dict[str, Any] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": database.name, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


AS_OWNER = os.environ.get("REMIT_AS_OWNER") == "1"
"""Whether this process makes or changes tables; every other connects as the service's ordinary role."""
DATABASES = {"default": _connection(DEPLOYMENT.owner if AS_OWNER else DEPLOYMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # nothing rests on it
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["remit.service.people.passwords.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "remit.service.people.adapter.Adapter"
ACCOUNT_RATE_LIMITS = False  # waits are people/throttle.py's, for all processes
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reached it
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Remit"
MFA_ADAPTER = "remit.service.people.second_factor.Adapter"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

SESSION_COOKIE_AGE = 12 * 60 * 60  # a session is never older
SESSION_IDLE = DEPLOYMENT.idle_minutes * 60  # and ends when it was not used for so long
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = DEPLOYMENT.is_secure
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # what watches the service need not come by https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DEPLOYMENT.is_secure else None
SECURE_HSTS_SECONDS = 31_536_000 if DEPLOYMENT.is_secure else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = ["remit.service.web.uploads.ToDisk"]
FILE_UPLOAD_PERMISSIONS = 0o600
CSRF_FAILURE_VIEW = "remit.service.web.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = [DEPLOYMENT.address] if DEPLOYMENT.address else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        **font_policy(DEPLOYMENT.nhs_typeface),
    }
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [],  # the environment has its own loaders
        "OPTIONS": {
            "environment": "remit.service.web.environment.environment",
            "context_processors": ["remit.service.web.environment.for_every_page"],
        },
    },
]

STATIC_URL = "/static/"
_ROOM = Path(__file__).parent
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    _ROOM / "web" / "static",
    ("documents", _ROOM.parent / "documents" / "render" / "static"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

LOGGING = logs.config()
LOGGING_CONFIG = "logging.config.dictConfig"

globals().update(mail.settings_of(DEPLOYMENT.email))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = DEPLOYMENT.email_from or f"remit@{DEPLOYMENT.hosts[0]}"
