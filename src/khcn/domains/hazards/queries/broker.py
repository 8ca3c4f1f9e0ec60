"""What the broker has to know: accounts with their salted hashes, and which topics each may use."""

from dataclasses import dataclass

from khcn.domains.hazards.models import StationKey
from khcn.domains.hazards.rules.readings import TOPIC_ROOT


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """The broker's password file and its list of rights, as mosquitto reads them."""

    passwords: str
    rights: str


def broker_files(*, own_account: str = "", own_hash: str = "", heard_by_all: str = "") -> BrokerFiles:
    """Accounts of all keys that are not revoked: each may write the topics of its station and read heard_by_all.

    own_account reads every station's topics and writes heard_by_all.
    """
    passwords, rights = [], []
    if own_account:
        passwords.append(f"{own_account}:{own_hash}")
        rights.append(f"user {own_account}\ntopic read {TOPIC_ROOT}/#")
        if heard_by_all:
            rights.append(f"topic write {heard_by_all}")
    rows = StationKey.objects.filter(revoked_at=None, station__closed_on=None).order_by("account")
    for account, hashed, code in rows.values_list("account", "broker_hash", "station__code"):
        passwords.append(f"{account}:{hashed}")
        rights.append(f"user {account}\ntopic write {TOPIC_ROOT}/{code}/#")
        if heard_by_all:
            rights.append(f"topic read {heard_by_all}")
    return BrokerFiles("".join(f"{line}\n" for line in passwords), "".join(f"{line}\n" for line in rights))
