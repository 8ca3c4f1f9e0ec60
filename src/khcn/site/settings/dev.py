"""Try-out on one machine: a fixed local key where none is set, console mail, no HTTPS demanded."""

from khcn.site.settings.base import *  # noqa: F403
from khcn.site.settings.base import SECRET_KEY, VAR, env

VAR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = SECRET_KEY or "chi-dung-de-dung-thu-tren-may-nay-khong-dung-khi-van-hanh-that"
DEBUG = env.flag("KHCN_DEBUG")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys can be tried at http://localhost; operation demands HTTPS
