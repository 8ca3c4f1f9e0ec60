"""Screens of the topic look-up: of one proposal, with verdict and signature, and freely for any topic."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khcn.domains.programme.forms.proposals import LookUpForm, VerdictForm
from khcn.domains.programme.models import SimilarityCheck
from khcn.domains.programme.permissions import visible_proposals
from khcn.domains.programme.queries import papers
from khcn.domains.programme.queries.topics import find_topics, searchable_corpora
from khcn.domains.programme.rules.similarity import CAVEAT, Corpus, Facet, Outcome, Relation, Topic
from khcn.domains.programme.services import similarity as services
from khcn.domains.programme.views.pipeline.acting import office_of
from khcn.domains.programme.views.pipeline.files import word_file
from khcn.lib.roles import Role
from khcn.web.acting import actor_of
from khcn.web.screens import done, page, screen

RELATION_TONES = {Relation.SUSPECTED_DUPLICATE: "bad", Relation.CLOSE: "warn"}
FACETS = (Facet.OBJECT, Facet.PLACE, Facet.METHOD, Facet.YEAR)


@screen(methods=("POST",))
def look_up_start(request: HttpRequest, uid: str) -> HttpResponse:
    """Look a valid proposal up and show what was found."""
    proposal = get_object_or_404(visible_proposals(actor_of(request)), uid=uid)
    check = services.check_topic(by=actor_of(request), proposal=proposal)
    return done(request, _("Đã tra cứu. Đọc các kết quả rồi ghi nhận định."), _address(check))


@screen
def look_up_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One look-up: the topics found side by side, and the verdict to write and sign."""
    check = _check(request, uid)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            services.sign_check(by=actor_of(request), check=check, on=timezone.localdate(), **form.cleaned_data)
            address = reverse("proposal_page", args=[check.proposal.uid])
            return done(request, _("Đã ký kết quả tra cứu."), address)
    context = {
        "check": check, "proposal": check.proposal, "hits": shown_hits(check.hits, check.query), "form": form,
        "caveat": _(CAVEAT), "corpora": [_(Corpus(one).label) for one in check.corpora],
        "may_sign": check.signed_at is None and actor_of(request).holds(Role.SPECIALIST),
    }  # fmt: skip
    return page(request, "programme/pipeline/look_up_page.html", context, status=form.status)


@screen(methods=("GET", "HEAD"))
def look_up_print(request: HttpRequest, uid: str) -> HttpResponse:
    """Form C0 on an A4 page."""
    check = _check(request, uid)
    context = {"check": check, "proposal": check.proposal, "caveat": _(CAVEAT)}
    context |= {"hits": shown_hits(check.hits, check.query), "corpora": [_(Corpus(one).label) for one in check.corpora]}
    return page(request, "programme/pipeline/look_up_print.html", context)


@screen(methods=("GET", "HEAD"))
def look_up_word(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Form C0 as a Word file."""
    check = _check(request, uid)
    return word_file(papers.look_up_form(check, office=office_of(request)), f"C0-KQTrC {check.proposal.code}")


@screen(methods=("GET", "HEAD"))
def lookup(request: HttpRequest) -> HttpResponse:
    """Look any topic up; nothing is kept."""
    form = LookUpForm(request.GET if request.GET.get("title") else None)
    context: dict[str, Any] = {"form": form, "caveat": _(CAVEAT)}
    corpora = searchable_corpora(actor_of(request))
    context["corpora"] = [_(corpus.label) for corpus in corpora]
    if form.is_valid():
        asked = Topic(form.cleaned_data["title"], form.cleaned_data["place"], form.cleaned_data["year"])
        found = find_topics(asked, extra=form.cleaned_data["extra"], corpora=corpora)
        context |= {
            "hits": shown_hits(services.kept_hits(found), asked.title), "size": sum(found.searched.values()),
            "was_asked": True,
        }  # fmt: skip
    return page(request, "programme/pipeline/lookup.html", context, part="results")


def shown_hits(hits: list[dict[str, Any]], asked: str) -> list[dict[str, Any]]:
    """The kept hits as the template draws them: pieces of titles, labels, addresses; texts only, no HTML."""
    return [
        {
            **hit,
            "corpus_label": _(Corpus(hit["corpus"]).label),
            "relation_label": _(Relation(hit["relation"]).label),
            "tone": RELATION_TONES.get(Relation(hit["relation"]), "plain"),
            "address": _page_of(hit),
            "found_pieces": _pieces(hit["title"], hit["found_spans"]),
            "asked_pieces": _pieces(asked, hit["asked_spans"]),
            "parts": [_part(part) for part in hit["facets"]],
        }
        for hit in hits
    ]


def _part(part: dict[str, str]) -> dict[str, Any]:
    outcome = Outcome(part["outcome"])
    return {
        "label": _(Facet(part["facet"]).label), "outcome": _(outcome.label), "asked": part["asked"],
        "found": part["found"], "differs": outcome not in (Outcome.SAME, Outcome.ABSENT),
        "is_absent": outcome is Outcome.ABSENT,
    }  # fmt: skip


def _pieces(title: str, spans: list[list[Any]]) -> list[tuple[str, bool]]:
    """(text, is shared) pieces of a title in order; what lies between the words belongs to neither."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end, is_shared in spans:
        if start > at:
            pieces.append((title[at:start], False))
        pieces.append((title[start:end], bool(is_shared)))
        at = end
    if at < len(title):
        pieces.append((title[at:], False))
    return pieces


def _page_of(hit: dict[str, Any]) -> str:
    try:
        return reverse(hit["page"], args=[hit["uid"]]) if hit["page"] and hit["uid"] else ""
    except NoReverseMatch:
        return ""


def _check(request: HttpRequest, uid: str) -> SimilarityCheck:
    """A look-up is read by the standing body and by those who judge; never by the proposer."""
    rows = SimilarityCheck.objects.select_related("proposal__proposer", "checked_by__person")
    rows = rows.filter(proposal__in=visible_proposals(actor_of(request)))
    if searchable_corpora(actor_of(request)) != tuple(Corpus):
        rows = rows.exclude(proposal__proposer_id__in=actor_of(request).organisation_ids).exclude(signed_at=None)
    return get_object_or_404(rows, uid=uid)


def _address(check: SimilarityCheck) -> str:
    return reverse("look_up_page", args=[check.uid])
