"""The suite: quick hashes, jobs run at once, mail kept in memory; DATABASE_URL chooses the database."""

import tempfile
from pathlib import Path

from khcn.site.settings.base import *  # noqa: F403
from khcn.site.settings.base import DATABASES, MIDDLEWARE

SECRET_KEY = "chi-dung-trong-kiem-thu"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "khcn-test-files"
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
AXES_ENABLED = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["OPTIONS"] = {"init_command": "PRAGMA foreign_keys=ON;"}
