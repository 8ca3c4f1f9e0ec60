"""How accounts are opened and signed in to: by an administrator or the province's OpenID Connect; nobody signs up."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes self-registration."""

    def is_open_for_signup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        """Nobody signs up alone: one account belongs to one appointed person."""
        return False


class ProvinceAccountAdapter(DefaultSocialAccountAdapter):
    """Lets the province's OpenID Connect sign people in to accounts that exist; it opens none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An unknown person of the province has no post here, so no account."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted; older keys still open what they closed."""

    def encrypt(self, text: str) -> str:
        """The text encrypted under the newest key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; raises InvalidToken when no key fits."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """Fernet over keys derived from SECRET_KEY and its fallbacks, so that a change of key loses no second factor."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [hashlib.sha256(b"khcn second factor|" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in derived])


def login_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which failed sign-ins are counted: what was typed, lower case, whichever field carried it."""
    known = credentials or {}
    typed = known.get("username") or known.get("email") or known.get("login") or request.POST.get("login", "")
    return str(typed).strip().lower()
