"""Keeps parties, their places and their products."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from khcn.domains.traceability.models import Client, Party, Product, Site
from khcn.domains.traceability.permissions import is_officer, require_keeper
from khcn.domains.traceability.rules.keys import checked_code, checked_gln, checked_gtin, checked_prefix
from khcn.domains.traceability.services.clients import key_digest
from khcn.kernel.audit.services import record
from khcn.kernel.documents.models import StoredFile
from khcn.kernel.documents.services import store_file
from khcn.lib.actor import Actor
from khcn.lib.failure import Forbidden, Refused
from khcn.web.fields import Versioned
from khcn.web.uploads import clean_image

_LONGEST_SIDE = 1_200
_PARTY_CODE_BYTES = 3


@transaction.atomic
def register_party(*, by: Actor, name: str, kind: str, **values: Any) -> Party:
    """A new party with an account under which its events are stored.

    values: the other fields by name. Officers register any party; a cooperative the households that it keeps records
    for (`head`). Raises Forbidden and Refused.
    """
    head = values.get("head")
    if not is_officer(by):
        if head is None:
            raise Forbidden("Chỉ công chức quản lý truy xuất được lập cơ sở; hợp tác xã được lập hộ thành viên.")
        require_keeper(by, head)
        values["organisation"] = None
    party = Party(name=name, kind=kind, code=checked_code(values.pop("code", "") or _new_code(), "code"))
    _fill_party(party, values)
    if Party.objects.filter(code=party.code).exists():
        raise Refused("Mã cơ sở này đã có. Hãy chọn mã khác.", field="code")
    party.client = Client.objects.create(
        name=f"Sổ nhật ký {party.code}", key_digest=key_digest(secrets.token_urlsafe(32)),
        prefixes=[party.prefix] if party.prefix else [],
    )  # fmt: skip
    party.save()
    record(by=by, verb="trace.party", subject=party, after={"code": party.code, "name": name, "kind": str(kind)})
    return party


@transaction.atomic
def change_party(*, by: Actor, party: Party, changes: Mapping[str, Any], expected_version: int | None = None) -> Party:
    """Correct a party. Its code stays; its GS1 prefix holds for what comes after. Raises Forbidden, Stale, Refused."""
    require_keeper(by, party)
    changes = {name: value for name, value in changes.items() if name != "code"}
    if not is_officer(by):
        changes = {name: value for name, value in changes.items() if name not in ("organisation", "head", "prefix")}
    before = _claim(party, changes, expected_version)
    _fill_party(party, changes)
    party.save()
    if party.client is not None:
        party.client.prefixes = [party.prefix] if party.prefix else []
        party.client.save(update_fields=["prefixes"])
    record(by=by, verb="trace.party_change", subject=party, before=before, after=_texts(changes))
    return party


@transaction.atomic
def register_site(*, by: Actor, party: Party, code: str, **values: Any) -> Site:
    """A new place of a party. Raises Forbidden and Refused."""
    require_keeper(by, party)
    site = Site(party=party, code=checked_code(code, "code"))
    if Site.objects.filter(party=party, code=site.code).exists():
        raise Refused("Cơ sở đã có địa điểm mang số này. Hãy chọn số khác.", field="code")
    _fill_site(site, values)
    site.save()
    record(by=by, verb="trace.site", subject=site, after={"party": party.code, "code": site.code, **_texts(values)})
    return site


@transaction.atomic
def change_site(*, by: Actor, site: Site, changes: Mapping[str, Any], expected_version: int | None = None) -> Site:
    """Correct a place. Its code stays, since events name it. Raises Forbidden, Stale, Refused."""
    require_keeper(by, site.party)
    changes = {name: value for name, value in changes.items() if name not in ("code", "party")}
    before = _claim(site, changes, expected_version)
    _fill_site(site, changes)
    site.save()
    record(by=by, verb="trace.site_change", subject=site, before=before, after=_texts(changes))
    return site


@transaction.atomic
def register_product(*, by: Actor, party: Party, name: str, image: bytes = b"", **values: Any) -> Product:
    """A new product of a party. Raises Forbidden and Refused, for a GTIN that is none or of another enterprise too."""
    require_keeper(by, party)
    code = values.pop("code", "") or f"SP{Product.objects.filter(party=party).count() + 1:02d}"
    product = Product(party=party, name=name, code=checked_code(code, "code"))
    if Product.objects.filter(party=party, code=product.code).exists():
        raise Refused("Cơ sở đã có sản phẩm mang mã này. Hãy chọn mã khác.", field="code")
    _fill_product(product, values)
    product.image = _stored_image(by, image)
    product.save()
    record(by=by, verb="trace.product", subject=product, after={"party": party.code, "name": name, **_texts(values)})
    return product


@transaction.atomic
def change_product(
    *, by: Actor, product: Product, changes: Mapping[str, Any], image: bytes = b"", expected_version: int | None = None
) -> Product:
    """Correct a product. Once it has lots its codes stay, since events name them. Raises Forbidden, Stale, Refused."""
    require_keeper(by, product.party)
    changes = {name: value for name, value in changes.items() if name not in ("code", "party")}
    if product.lots.exists() and changes.get("gtin", product.gtin) != product.gtin:
        raise Refused(
            "Sản phẩm đã có lô hàng nên mã vạch phải giữ nguyên; hãy lập sản phẩm mới cho mã vạch mới.", field="gtin"
        )
    before = _claim(product, changes, expected_version)
    _fill_product(product, changes)
    if image:
        product.image = _stored_image(by, image)
    product.save()
    record(by=by, verb="trace.product_change", subject=product, before=before, after=_texts(changes))
    return product


def _new_code() -> str:
    return f"CS{secrets.token_hex(_PARTY_CODE_BYTES).upper()}"


def _claim(row: Versioned, changes: Mapping[str, Any], expected: int | None) -> dict[str, str]:
    row.claim(expected, dict(changes))
    return _texts({name: getattr(row, name) for name in changes})


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _set(row: Versioned, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _fill_party(party: Party, values: Mapping[str, Any]) -> None:
    _set(party, values)
    if not party.name.strip():
        raise Refused("Cần ghi tên cơ sở.", field="name")
    party.gln = checked_gln(party.gln, "gln")
    party.prefix = checked_prefix(party.prefix, "prefix")
    if party.head is not None and party.head.head_id is not None:
        raise Refused("Hợp tác xã được chọn lại thuộc cơ sở khác. Hãy chọn cơ sở đứng đầu.", field="head")


def _fill_site(site: Site, values: Mapping[str, Any]) -> None:
    _set(site, values)
    if not site.name.strip():
        raise Refused("Cần ghi tên địa điểm.", field="name")
    site.gln = checked_gln(site.gln, "gln")
    if (site.latitude is None) != (site.longitude is None):
        raise Refused("Ghi cả vĩ độ và kinh độ, hoặc bỏ trống cả hai.", field="latitude")


def _fill_product(product: Product, values: Mapping[str, Any]) -> None:
    _set(product, values)
    if not product.name.strip():
        raise Refused("Cần ghi tên sản phẩm.", field="name")
    product.gtin = checked_gtin(product.gtin, product.party.prefix, "gtin")
    taken = Product.objects.filter(gtin=product.gtin).exclude(pk=product.pk) if product.gtin else Product.objects.none()
    if taken.exists():
        raise Refused("Mã vạch này đã gắn với sản phẩm khác.", field="gtin")


def _stored_image(by: Actor, content: bytes) -> StoredFile | None:
    if not content:
        return None
    clean = clean_image(content, max_side=_LONGEST_SIDE)
    return store_file(by=by, content=clean.content, media_type=clean.kind.media_type)
