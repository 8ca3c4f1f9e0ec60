"""Notices: one open line per matter, one e-mail per line, read by their own reader only."""

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from khcn.kernel.notices.choices import NoticeKind
from khcn.kernel.notices.models import Notice
from khcn.kernel.notices.services import mark_read, notify, send_notice, settle
from khcn.kernel.orgs.queries import actor_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def tell(user, subject, **values):
    values = {"kind": NoticeKind.DO, "title": "Nộp báo cáo định kỳ", "url": "/nhiem-vu/1/", **values}
    return notify(recipients=[user], subject=subject, **values)


def test_open_line_on_the_same_matter_is_not_repeated(cast):
    user, subject, other = cast.user(), cast.organisation(), cast.organisation()

    counts = [len(tell(user, about)) for about in (subject, subject, other)]

    assert counts == [1, 0, 1]
    assert len(tell(user, subject, kind=NoticeKind.LATE)) == 1


def test_settled_matter_may_come_up_again(cast):
    user, subject = cast.user(), cast.organisation()
    tell(user, subject)

    assert settle(subject=subject) == 1
    assert settle(subject=subject) == 0
    assert len(tell(user, subject)) == 1


def test_settle_of_one_kind_leaves_the_others_open(cast):
    user, subject = cast.user(), cast.organisation()
    tell(user, subject)
    tell(user, subject, kind=NoticeKind.LATE)

    assert settle(subject=subject, kind=NoticeKind.LATE) == 1
    assert Notice.objects.filter(done_at=None).count() == 1


def test_recipient_named_twice_is_told_once(cast):
    user = cast.user()

    assert len(notify(recipients=[user, user], kind=NoticeKind.INFORM, title="Để biết")) == 1


def test_email_goes_once_to_those_with_an_address(cast):
    reader, silent, subject = cast.user(email="chuyenvien@example.org"), cast.user(), cast.organisation()

    told = notify(
        recipients=[reader, silent], kind=NoticeKind.DO, title="Họp hội đồng", body="Phòng họp số 2", url="/hop/",
        subject=subject,
    )  # fmt: skip
    for notice in told:
        send_notice.call(notice.pk)
        send_notice.call(notice.pk)

    assert [message.to for message in mail.outbox] == [["chuyenvien@example.org"]]
    assert mail.outbox[0].subject == "[KHCN] Họp hội đồng"
    assert "Phòng họp số 2" in mail.outbox[0].body
    assert Notice.objects.get(recipient=reader).emailed_at is not None
    assert Notice.objects.get(recipient=silent).emailed_at is None


@pytest.mark.django_db(transaction=True)
def test_rolled_back_act_tells_nobody(cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    user, subject = cast.user(email="a@example.org"), cast.organisation()

    with transaction.atomic():
        tell(user, subject)
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)

    assert not Notice.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert mail.outbox == []


def test_reader_marks_own_lines_only(cast):
    mine, other, subject = cast.user(), cast.user(), cast.organisation()
    for user in (mine, other):
        tell(user, subject)
    actor = actor_for(mine, on=cast.actor().on)

    assert mark_read(by=actor, notices=Notice.objects.all()) == 1
    assert mark_read(by=actor, notices=Notice.objects.all()) == 0
    assert Notice.objects.get(recipient=other).read_at is None


def test_long_title_is_cut_and_still_not_repeated(cast):
    user, subject = cast.user(), cast.organisation()
    title = "Nhiệm vụ có tên rất dài " * 20

    assert len(tell(user, subject, title=title)) == 1
    assert len(tell(user, subject, title=title)) == 0
