"""`./khcn demo` and `./khcn serve`: set up what is missing, start, say the address, watch until asked to stop."""

import os
import time

from khcn.site.demo.accounts import ACCOUNTS, PASSWORD
from khcn.site.launcher import house, pages, preparation, servers
from khcn.site.launcher.messages import Stop, say, sentence, tell, write
from khcn.site.settings import environment

DEFAULT_PORT = 8000
LOOPBACK = "127.0.0.1"


def serve(*, host: str, port: int | None, web: bool, worker: bool, workers: int) -> int:
    """Serves the database as it is; raises Stop where the port is taken or the settings forbid the address."""
    production = preparation.settings_module().endswith(".production")
    if host not in {LOOPBACK, "localhost", "::1"} and not production:
        raise Stop("open_host_needs_production", host=host)
    preparation.install()
    preparation.ensure()
    port = port or DEFAULT_PORT
    if web and not servers.is_free(host, port):
        raise Stop("port_taken", port=port, command="serve", free=servers.free_port(host, port + 1))
    say("starting")
    started = servers.running(host, port, workers=workers, web=web, worker=worker, subscriber=_has_broker())
    with servers.database_in_use(), started as children:
        write(sentence("ready", address=f"http://{host}:{port}", logs=house.LOGS))
        servers.watch(children)
    say("stopped")
    return 0


def demo(*, port: int | None, reset: bool, check: bool) -> int:
    """Serves the demonstration on this machine, or with check=True visits its main pages and stops."""
    began = float(os.environ["KHCN_BEGAN"])
    preparation.install()
    preparation.ensure(demo=True, reset=reset)
    port = _port(port)
    say("starting")
    with servers.database_in_use(), servers.running(LOOPBACK, port, subscriber=_has_broker()) as children:
        say("ready_in", seconds=f"{time.monotonic() - began:.1f}")
        address = f"http://{LOOPBACK}:{port}"
        if check:
            return _check(address, children)
        _introduce(address)
        servers.watch(children)
    say("stopped")
    return 0


def _has_broker() -> bool:
    """Whether a setting names the MQTT broker at which stations publish."""
    return bool(environment.text("KHCN_MQTT_BROKER"))


def _port(asked: int | None) -> int:
    """The port asked for, which must be free; else the first free one from the usual one on."""
    if asked is not None:
        if not servers.is_free(LOOPBACK, asked):
            raise Stop("port_taken", port=asked, command="demo", free=servers.free_port(LOOPBACK, asked + 1))
        return asked
    port = servers.free_port(LOOPBACK, DEFAULT_PORT)
    if port != DEFAULT_PORT:
        say("port_moved", port=DEFAULT_PORT, free=port)
    return port


def _check(address: str, children: list[servers.Child]) -> int:
    """Visits every main page as the first account; prints each; 0 where all are well."""
    count = faults = 0
    for visit in pages.visit_all(address, ACCOUNTS[0].username, PASSWORD):
        count += 1
        faults += bool(visit.fault)
        if visit.fault:
            write(sentence("page_wrong", page=visit.page, reason=visit.fault))
        else:
            write(sentence("page_fine", page=visit.page, milliseconds=visit.milliseconds))
    servers.ended(children)
    if faults:
        write(sentence("check_wrong", count=faults, log=children[0].log))
        return 1
    write(sentence("check_fine", count=count))
    return 0


def _introduce(address: str) -> None:
    """Prints the address and the accounts."""
    write(sentence("ready", address=address, logs=house.LOGS))
    write(sentence("accounts", password=PASSWORD))
    width = max(len(account.username) for account in ACCOUNTS)
    for account in ACCOUNTS:
        write(f"  {account.username:<{width}}  {tell(account.role, account.role_en)}")
    write("\n" + sentence("illustration"))
