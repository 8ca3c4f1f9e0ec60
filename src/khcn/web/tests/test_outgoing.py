"""What is posted to addresses of others: answers as they are, no redirects, nothing inside our own network."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from khcn.web.outgoing import post


class Answering(BaseHTTPRequestHandler):
    heard: list[tuple[str, bytes]] = []

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.path, content))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(b"answer")

    def log_message(self, *_args):
        pass


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Answering.heard = []
    with HTTPServer(("127.0.0.1", 0), Answering) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 204, 302, 404, 500])
def test_answers_are_given_as_they_are_and_redirects_are_not_followed(server, settings, status):
    settings.PRIVATE_DESTINATIONS = True

    found = post(f"http://127.0.0.1:{server.server_port}/{status}", b"x", {}, seconds=10, longest=3)

    assert found == (status, b"" if status == 204 else b"ans")
    assert Answering.heard == [(f"/{status}", b"x")]


def test_name_that_leads_inside_only_when_it_is_called_is_told_nothing(server, monkeypatch):
    real = socket.getaddrinfo
    asked = []

    def changing(host, *rest, **more):
        asked.append(host)
        if len(asked) == 1:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))]
        return real("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)

    with pytest.raises(OSError, match="nội bộ"):
        post(f"http://changing.example:{server.server_port}/200", b"x", {}, seconds=10)

    assert asked == ["changing.example", "changing.example"]
    assert Answering.heard == []


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "http://10.0.0.1/", "http://[::1]/", "https://169.254.1.1/"])
def test_addresses_inside_are_refused(address):
    with pytest.raises(OSError, match="nội bộ"):
        post(address, b"", {}, seconds=1)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.com/", "gopher://x/"])
def test_other_ways_than_http_are_refused(address):
    with pytest.raises(OSError, match="http"):
        post(address, b"", {}, seconds=1)
