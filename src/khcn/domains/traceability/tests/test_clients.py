"""Keys of programs: shown once, kept as a digest, closed for good, given by administrators only."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from khcn.domains.traceability.models import Client
from khcn.domains.traceability.services.clients import register_client
from khcn.kernel.audit.models import AuditEntry
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden

pytestmark = pytest.mark.django_db


def test_key_of_the_command_opens_the_binding_until_closed(client, capsys):
    call_command("epcis_client", "Hợp tác xã", "--prefix", "8931234")
    key = capsys.readouterr().out.strip()

    assert client.get("/epcis/v2/events", headers={"x-api-key": key}).status_code == 200
    assert key not in str(Client.objects.values_list("key_digest", "name", "prefixes"))
    assert Client.objects.get().prefixes == ["8931234"]
    call_command("epcis_client", "Hợp tác xã", "--close")
    assert client.get("/epcis/v2/events", headers={"x-api-key": key}).status_code == 401
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"client_registered", "client_closed"}


@pytest.mark.parametrize("arguments", [("A", "--prefix", "89x"), ("A", "--prefix", "123"), ("A", "--close")])
def test_command_refuses_what_cannot_be(arguments):
    with pytest.raises(CommandError):
        call_command("epcis_client", *arguments)
    assert not Client.objects.exists()


def test_others_than_administrators_are_refused():
    with pytest.raises(Forbidden):
        register_client(by=Actor(uid=uuid4(), name="A", on=date(2026, 3, 1)), name="B", prefixes=[])
