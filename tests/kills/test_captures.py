"""Web server and worker killed with SIGKILL while documents of events come in: what was acknowledged is stored, once.

KHCN_CAPTURE_KILLS sets how many rounds (2 in the suite, 200 before a release); both databases as in `test_kills`.
"""

import json
import os
import random
import time

import pytest

from kills.senders import EVENTS, Senders
from kills.test_kills import READY_SECONDS, Processes, run

KILLS = int(os.environ.get("KHCN_CAPTURE_KILLS", "2"))
DOCUMENTS_A_ROUND = 8


@pytest.mark.database
def test_acknowledged_captures_are_stored_once_however_often_the_server_is_killed(
    environ_apart, tmp_path, record_property
):
    run(environ_apart, "-m", "kills.senders")
    senders, dice = Senders(), random.Random(5)

    for _ in range(KILLS):
        processes = Processes(environ_apart, tmp_path)
        try:
            processes.wait()
            before, until = len(senders.told), time.monotonic() + READY_SECONDS
            threads = senders.work(processes.port)
            while len(senders.told) < before + DOCUMENTS_A_ROUND and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(dice.random())
        finally:
            processes.kill()
        for thread in threads:
            thread.join(READY_SECONDS)
            assert not thread.is_alive()

    processes = Processes(environ_apart, tmp_path)
    try:
        processes.wait()
        senders.finish(processes.port)
    finally:
        processes.kill()
    told = tmp_path / "told.json"
    told.write_text(json.dumps({"told": sorted(senders.told), "sent": senders.sent}))
    found = json.loads(run(environ_apart, "-m", "kills.capture_accounts", str(told)))
    record_property("counted", json.dumps({"rounds": KILLS, **found["counted"]}))
    (tmp_path / "counted.json").write_text(json.dumps({"rounds": KILLS, **found["counted"]}))
    assert not senders.strange
    assert {name: found[name] for name in ("lost", "doubled", "half", "unnamed", "broken")} == {
        "lost": [], "doubled": [], "half": [], "unnamed": [], "broken": []
    }  # fmt: skip
    assert found["counted"]["events"] == senders.sent * EVENTS
    assert found["counted"]["told"] >= KILLS * DOCUMENTS_A_ROUND
