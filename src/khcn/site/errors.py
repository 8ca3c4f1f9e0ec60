"""Pages for refusals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when a form's token has expired; nothing typed is lost on going back."""
    return render(request, "errors/csrf.html", status=403)
