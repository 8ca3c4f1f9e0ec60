"""What a form was filled from: marks of records, and the version that a refused form keeps."""

import pytest
from django.contrib.auth.models import Group
from django.template import Context, Template
from django.test import RequestFactory

from khcn.lib.failure import Stale
from khcn.web.fields import claim_seen, state_mark


def test_mark_of_a_record_without_version_follows_its_stored_values():
    group = Group(pk=1, name="Tổ một")
    before = state_mark(group)

    group.name = "Tổ hai"
    assert state_mark(group) != before
    assert state_mark(group, "id") == state_mark(Group(pk=1, name="Tổ ba"), "id")


@pytest.mark.django_db
def test_record_changed_since_it_was_read_is_refused_with_what_differs():
    group = Group.objects.create(name="Tổ một")
    seen = state_mark(group)
    claim_seen(group, seen, {"name": "Tổ hai"})

    Group.objects.update(name="Tổ ba")
    with pytest.raises(Stale) as refused:
        claim_seen(group, seen, {"name": "Tổ hai"})
    with pytest.raises(Stale) as unasked:
        claim_seen(group, seen)

    assert [row[1:] for row in refused.value.difference] == [("Tổ ba", "Tổ hai")]
    assert (refused.value.is_compared, unasked.value.is_compared) == (True, False)


@pytest.mark.parametrize(
    ("sent", "kept"), [({}, "7"), ({"version": "3"}, "3"), ({"version": '"><b>'}, "&quot;&gt;&lt;b&gt;")]
)
def test_form_that_comes_back_with_an_error_keeps_the_version_it_was_filled_from(sent, kept):
    request = RequestFactory().post("/", sent)

    drawn = Template("{% load khcn %}{% kept_version 7 %}").render(Context({"request": request}))

    assert drawn == kept
