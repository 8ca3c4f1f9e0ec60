"""The Content-Security-Policy of an answer: the usual one as the library writes it, and an answer's own."""

import pytest
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from khcn.site.middleware import ContentPolicy

NAME = "Content-Security-Policy"


def plain(request):
    return HttpResponse()


def with_policy(request):
    return HttpResponse(headers={NAME: "sandbox"})


def with_nonce(request):
    return HttpResponse(str(request.csp_nonce))


@csp_update({"img-src": ["https://example.org"]})
def updated(request):
    return HttpResponse()


@csp_exempt()
def exempt(request):
    return HttpResponse()


def policy_of(answer):
    return {part.strip() for part in answer.headers.get(NAME, "").split(";")}


@pytest.mark.parametrize("view", [plain, with_policy, with_nonce, updated, exempt])
def test_policy_is_that_of_the_library_whatever_the_answer_asks_for(view):
    request = RequestFactory().get("/")

    assert policy_of(ContentPolicy(view)(request)) == policy_of(CSPMiddleware(view)(request))


def test_policy_that_excludes_addresses_is_left_to_the_library(settings):
    settings.CONTENT_SECURITY_POLICY = {**settings.CONTENT_SECURITY_POLICY, "EXCLUDE_URL_PREFIXES": ("/out",)}

    assert NAME not in ContentPolicy(plain)(RequestFactory().get("/out/"))
    assert NAME in ContentPolicy(plain)(RequestFactory().get("/in/"))
