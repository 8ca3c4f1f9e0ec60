"""Settings of the server that browser tests drive: the product's own, with quick hashes, jobs run at once, no limits.

A tab may wait longer for its turn than an office lets it: the idle lock comes after a day.

Whitenoise, the content policy, the idle lock and every other middleware stay as in production.
"""

from khcn.site.settings.base import *  # noqa: F403
from khcn.site.settings.base import DATABASES, VAR

SECRET_KEY = "chi-dung-trong-kiem-thu-trinh-duyet"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
AXES_ENABLED = False
IDLE_MINUTES = IDLE_MINUTES_GUARDED = 24 * 60
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
SESSION_COOKIE_AGE = 20 * 366 * 24 * 3600  # the clock of these tests goes on by months
CLOCK_FILE = VAR / "clock"
_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
DATABASES["default"]["OPTIONS"]["init_command"] = _PRAGMAS
