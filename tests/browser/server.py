"""The WSGI application for browser tests, whose clock stands as many days from now as a file says.

Only `django.utils.timezone.now` is moved, through which the product reads the time.
"""

import os
from datetime import datetime, timedelta

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "browser.server_settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after the application has read them

_real_now = timezone.now


def _moved_now() -> datetime:
    try:
        days = int(settings.CLOCK_FILE.read_text("utf-8") or 0)
    except FileNotFoundError:
        days = 0
    return _real_now() + timedelta(days=days)


timezone.now = _moved_now
