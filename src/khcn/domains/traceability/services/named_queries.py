"""Keeps and forgets queries under a name."""

from typing import Any

from django.db import IntegrityError, transaction

from khcn.domains.traceability.errors import AlreadyExists, NoSuchName, QueryRefused, QueryUnsound
from khcn.domains.traceability.models import Client, NamedQuery
from khcn.domains.traceability.permissions import may_query
from khcn.domains.traceability.queries.events import question

_LONGEST_NAME = 200


@transaction.atomic
def keep_query(*, by: Client, name: Any, parameters: Any) -> NamedQuery:
    """The kept query. Raises NotAllowed, QueryUnsound and AlreadyExists."""
    may_query(by)
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or "/" in name:
        raise QueryUnsound("Tên truy vấn gồm 1 đến 200 ký tự, không có dấu gạch chéo.", field="name")
    if not isinstance(parameters, dict):
        raise QueryUnsound("Truy vấn phải là một đối tượng gồm các tham số.", field="query")
    try:
        question(parameters)
    except QueryRefused as refused:
        raise QueryUnsound(refused.message, field=refused.field) from refused
    try:
        with transaction.atomic():
            return NamedQuery.objects.create(name=name, client=by, parameters=parameters)
    except IntegrityError as taken:
        raise AlreadyExists("Đã có truy vấn mang tên này.", field="name") from taken


@transaction.atomic
def forget_query(*, by: Client, name: str) -> None:
    """Raises NotAllowed and NoSuchName."""
    may_query(by)
    deleted, _ = NamedQuery.objects.filter(client=by, name=name).delete()
    if not deleted:
        raise NoSuchName("Không có truy vấn mang tên này.")


def query_named(*, client: Client, name: str) -> NamedQuery:
    """Raises NoSuchName."""
    found = NamedQuery.objects.filter(client=client, name=name).first()
    if found is None:
        raise NoSuchName("Không có truy vấn mang tên này.")
    return found
