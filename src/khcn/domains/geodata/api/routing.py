"""Where the catalogue of records and the layers share addresses: the key decides."""

from typing import Any

from django.http import HttpResponse

from khcn.domains.geodata.api import items, records
from khcn.domains.geodata.api.landing import CATALOGUE
from khcn.domains.geodata.api.resource import Asked
from khcn.lib.failure import NoSuchThing


def item_list(asked: Asked, key: str) -> HttpResponse:
    """Records of the catalogue, objects of a layer."""
    return records.records(asked) if key == CATALOGUE else items.items(asked, key)


def item_page(asked: Asked, key: str, code: str) -> HttpResponse:
    """A record, or an object."""
    return records.record(asked, code) if key == CATALOGUE else items.item(asked, key, code)


def writing(act: Any) -> Any:
    """An act on a layer; the catalogue is written by the screens only."""

    def answer(asked: Asked, key: str, **parts: str) -> HttpResponse:
        if key == CATALOGUE:
            raise NoSuchThing
        done: HttpResponse = act(asked, key, **parts)
        return done

    return answer
