"""Several processes take in dossiers at the same moment: their codes are unique and without gaps."""

import subprocess
import sys
from pathlib import Path

import pytest

PROCESSES, EACH = 4, 8
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.database
def test_codes_taken_by_several_processes_at_once_have_no_gap_and_no_repeat(environ_apart):
    made = subprocess.run(
        [sys.executable, "-m", "kills.office"], env=environ_apart, cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr[-2000:]
    receivers = [
        subprocess.Popen(
            [sys.executable, "-m", "kills.receiver", str(EACH)], env=environ_apart, cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    for one in receivers:
        assert one.stdout.readline() == "ready\n"

    for one in receivers:  # together from here
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate()[0].split() for one in receivers]

    assert [one.returncode for one in receivers] == [0] * PROCESSES
    assert [len(codes) for codes in told] == [EACH] * PROCESSES
    numbers = sorted(int(code.rsplit("-", 1)[1]) for codes in told for code in codes)
    days = {code.rsplit("-", 1)[0] for codes in told for code in codes}
    if len(days) == 1:  # not over midnight
        assert numbers == list(range(1, PROCESSES * EACH + 1))
    assert len({code for codes in told for code in codes}) == PROCESSES * EACH
