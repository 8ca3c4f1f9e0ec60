"""How accounts are opened: by an administrator or through the province's OpenID Connect, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes self-registration."""

    def is_open_for_signup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        """Nobody signs up alone: one account belongs to one appointed person."""
        return False
