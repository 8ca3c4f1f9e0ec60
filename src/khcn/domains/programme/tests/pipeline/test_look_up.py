"""The look-up: what is found, the signed verdict, and that the index follows the records."""

import pytest

from khcn.domains.programme.errors import NotNow
from khcn.domains.programme.queries.topics import find_topics, searchable_corpora
from khcn.domains.programme.rules.similarity import Corpus, Topic
from khcn.domains.programme.services import proposals, similarity
from khcn.lib.failure import Forbidden, Refused

from . import journey

pytestmark = pytest.mark.django_db


def test_check_topic_finds_the_earlier_one_typed_without_accents_and_says_where_it_differs(cast, full_proposal, today):
    old = journey.submitted(cast, full_proposal, today)
    new = proposals.create_proposal(
        by=cast.stranger, proposer=cast.units.other, on=today, **full_proposal,
        title="Nghien cuu san xuat che pham nam xanh phong tru sau duc than hai dieu tai Loc Ninh",
    )  # fmt: skip
    proposals.submit_proposal(by=cast.stranger, proposal=new, on=today)
    proposals.accept_proposal(by=cast.specialist, proposal=new, on=today)

    check = similarity.check_topic(by=cast.specialist, proposal=new)

    assert check.hits[0]["code"] == old.code
    outcomes = {part["facet"]: part["outcome"] for part in check.hits[0]["facets"]}
    assert outcomes["object"] in ("same", "partly")
    assert outcomes["place"] != "same"
    assert "score" not in check.hits[0]


def test_check_topic_of_unchecked_proposal_is_refused(cast, full_proposal, today):
    with pytest.raises(NotNow):
        similarity.check_topic(by=cast.specialist, proposal=journey.submitted(cast, full_proposal, today))


def test_check_topic_by_proposer_is_forbidden(cast, full_proposal, today):
    with pytest.raises(Forbidden):
        similarity.check_topic(by=cast.owner, proposal=journey.valid(cast, full_proposal, today))


def test_sign_check_without_words_is_refused_and_the_proposal_stays(cast, full_proposal, today):
    proposal = journey.valid(cast, full_proposal, today)
    check = similarity.check_topic(by=cast.specialist, proposal=proposal)

    with pytest.raises(Refused) as refusal:
        similarity.sign_check(by=cast.specialist, check=check, is_duplicate=False, verdict="  ", on=today)

    assert refusal.value.field == "verdict"
    proposal.refresh_from_db()
    assert proposal.state == "valid"


def test_sign_check_twice_is_refused(cast, full_proposal, today):
    proposal = journey.looked_up(cast, full_proposal, today)

    with pytest.raises(NotNow, match="đã ký"):
        similarity.sign_check(
            by=cast.specialist, check=proposal.checks.get(), is_duplicate=True, verdict="Sửa", on=today
        )


def test_find_topics_follows_withdrawal_and_new_records(cast, full_proposal, today):
    asked = Topic(journey.TITLE)
    assert not find_topics(asked).hits
    proposal = journey.submitted(cast, full_proposal, today)
    assert [hit.entry.title for hit in find_topics(asked).hits] == [journey.TITLE]

    proposals.withdraw_proposal(by=cast.owner, proposal=proposal, on=today)

    assert not find_topics(asked).hits


def test_find_topics_unchanged_log_costs_one_query(cast, full_proposal, today, django_assert_num_queries):
    journey.submitted(cast, full_proposal, today)
    find_topics(Topic(journey.TITLE))

    with django_assert_num_queries(1):
        find_topics(Topic("nấm xanh"))


def test_searchable_corpora_hides_others_proposals_from_proposers(cast):
    assert Corpus.PROPOSAL in searchable_corpora(cast.specialist)
    assert Corpus.PROPOSAL not in searchable_corpora(cast.owner)
