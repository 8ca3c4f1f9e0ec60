"""Operation: HTTPS only, key and hosts demanded; `check --deploy` reports nothing."""

from django.core.exceptions import ImproperlyConfigured

from khcn.site.settings.base import *  # noqa: F403
from khcn.site.settings.base import SECRET_KEY, env

if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("KHCN_SECRET_KEY: cần khóa bí mật dài ít nhất 50 ký tự (xem deploy/README.md).")

REQUIRE_SECOND_FACTOR = env.flag("KHCN_REQUIRE_SECOND_FACTOR", True)
SECURE_SSL_REDIRECT = env.flag("KHCN_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.number("KHCN_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
TEST_SIGNATURES = env.flag("KHCN_TEST_SIGNATURES")
