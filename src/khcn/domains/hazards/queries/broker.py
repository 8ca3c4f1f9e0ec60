"""What the broker has to know: accounts with their salted hashes, and which topics each may use."""

from dataclasses import dataclass

from khcn.domains.hazards.models import StationKey
from khcn.domains.hazards.rules.readings import TOPIC_ROOT


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """The broker's password file and its list of rights, as mosquitto reads them."""

    passwords: str
    rights: str


def broker_files(*, own_account: str = "", own_hash: str = "", own_topics: tuple[str, ...] = ()) -> BrokerFiles:
    """Accounts of all keys that are not revoked: each may write the topics of its station and read nothing.

    own_account reads every station's topics and writes own_topics.
    """
    passwords, rights = [], []
    if own_account:
        passwords.append(f"{own_account}:{own_hash}")
        rights.append(f"user {own_account}\ntopic read {TOPIC_ROOT}/#")
        rights += [f"topic write {topic}" for topic in own_topics]
    rows = StationKey.objects.filter(revoked_at=None, station__closed_on=None).order_by("account")
    for account, hashed, code in rows.values_list("account", "broker_hash", "station__code"):
        passwords.append(f"{account}:{hashed}")
        rights.append(f"user {account}\ntopic write {TOPIC_ROOT}/{code}/#")
    return BrokerFiles("".join(f"{line}\n" for line in passwords), "".join(f"{line}\n" for line in rights))
