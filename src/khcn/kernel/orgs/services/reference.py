"""Loads organisations, their successions and posts from reference tables; idempotent."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction

from khcn.kernel.audit.services import record
from khcn.kernel.orgs.choices import OrganisationKind, OrganisationLevel, SuccessionKind
from khcn.kernel.orgs.models import Organisation, OrganisationSuccession, Post
from khcn.kernel.orgs.services.successions import renew_carried_duties
from khcn.lib.actor import Actor
from khcn.lib.roles import Role
from khcn.web.reference import Tally, day, upsert

UNCHECKED = " (chưa đối chiếu văn bản)"


def load_organisations(
    *, by: Actor, organisations: Iterable[Mapping[str, str]], successions: Iterable[Mapping[str, str]]
) -> tuple[Tally, Tally]:
    """Load organisations (parents first) and who follows whom, in one transaction.

    organisations: code, name, short_name, kind, level, parent (code), valid_from, valid_to. successions: predecessor,
    successor (codes), kind, share, on, decision, status; what was not checked says so in the decision. Addresses and
    tax codes kept by the office stay. Raises KeyError for an unknown code, ValueError for an unknown word or date.
    """
    tallies = Tally("cơ quan, tổ chức"), Tally("kế thừa tổ chức")
    with transaction.atomic():
        known = {item.code: item for item in Organisation.objects.all()}
        for row in organisations:
            known[row["code"]] = upsert(
                Organisation, tallies[0], key={"code": row["code"]},
                values={
                    "name": row["name"], "short_name": row["short_name"], "kind": OrganisationKind(row["kind"]),
                    "level": OrganisationLevel(row["level"]),
                    "parent": known[row["parent"]] if row["parent"] else None,
                    "valid_from": day(row["valid_from"]), "valid_to": day(row["valid_to"]),
                },
            )  # fmt: skip
        for row in successions:
            upsert(
                OrganisationSuccession, tallies[1],
                key={"predecessor": known[row["predecessor"]], "successor": known[row["successor"]]},
                values={
                    "kind": SuccessionKind(row["kind"]), "share": Decimal(row["share"]), "on": day(row["on"]),
                    "decision": (row["decision"] + ("" if row["status"] == "verified" else UNCHECKED)).strip(),
                },
            )  # fmt: skip
        renew_carried_duties()
        _record(by, "organisations.load", *tallies)
    return tallies


def load_posts(*, by: Actor, posts: Iterable[Mapping[str, str]]) -> Tally:
    """Load posts: code, name, roles (codes with ;), signs_as. Raises ValueError for an unknown role."""
    tally = Tally("chức vụ")
    with transaction.atomic():
        for row in posts:
            roles = [Role(code).value for code in row["roles"].split(";") if code]
            upsert(
                Post, tally, key={"code": row["code"]},
                values={"name": row["name"], "roles": roles, "signs_as": row["signs_as"]},
            )  # fmt: skip
        _record(by, "posts.load", tally)
    return tally


def _record(by: Actor, verb: str, *tallies: Tally) -> None:
    if any(tally.wrote for tally in tallies):
        after = {tally.name: [tally.added, tally.changed, tally.ended] for tally in tallies}
        record(by=by, verb=verb, subject=None, after=after)
