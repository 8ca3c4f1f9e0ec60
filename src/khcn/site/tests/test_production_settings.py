"""Production settings in a process of their own: nothing to report, hard headers, malformed values refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
KEY = "khoa-chi-dung-trong-kiem-thu-" + "Zq7w9Rt2" * 6
ASK = """
import json, django
django.setup()
from django.test import Client
client = Client(headers={"host": "khcn.tinh.vn"})
plain = client.get("/healthz")
secure = client.get("/healthz", secure=True)
print(json.dumps({"plain": [plain.status_code, plain.headers.get("Location")], "status": secure.status_code,
                  "headers": dict(secure.headers)}))
"""


def run(*arguments: str, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A python process with production settings and nothing else of this environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "khcn.site.settings.production",
        "KHCN_VAR": str(tmp_path),
        "KHCN_SECRET_KEY": KEY,
        "KHCN_HOSTS": "khcn.tinh.vn",
        **variables,
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_check_deploy_reports_nothing(tmp_path):
    outcome = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)

    assert outcome.returncode == 0, outcome.stderr
    assert "no issues (0 silenced)" in outcome.stdout


def test_headers_are_hard_and_plain_http_is_led_to_https(tmp_path):
    outcome = run("-c", ASK, tmp_path=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    told = json.loads(outcome.stdout)

    headers = told["headers"]
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}
    assert told["plain"] == [301, "https://khcn.tinh.vn/healthz"]
    assert told["status"] == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert not any(source.startswith(("http", "*")) for sources in policy.values() for source in sources)


@pytest.mark.parametrize(
    ("name", "value"),
    [("KHCN_SECRET_KEY", "ngan"), ("KHCN_IDLE_MINUTES", "một giờ"), ("KHCN_REQUIRE_SECOND_FACTOR", "có")],
)
def test_malformed_value_stops_the_start_and_names_itself(tmp_path, name, value):
    outcome = run("manage.py", "check", tmp_path=tmp_path, **{name: value})

    assert outcome.returncode != 0
    assert name in outcome.stderr
