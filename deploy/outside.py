"""Those outside whom deploy/check_production.py needs: a mail server that takes letters, and a browser."""

from __future__ import annotations

import base64
import email
import email.policy
import hmac
import re
import secrets
import select
import socket
import socketserver
import threading
import time
from email.message import EmailMessage
from html import unescape
from http.client import HTTPConnection, HTTPSConnection
from ssl import _create_unverified_context
from urllib.parse import urlencode

#: nginx of the check: https and http
PROXY, PLAIN = 8243, 8280
HOST = f"localhost:{PROXY}"
SITE = f"https://{HOST}"


# -- the mail server -----------------------------------------------------------------------------
class Session(socketserver.StreamRequestHandler):
    """Just enough SMTP for one letter at a time."""

    server: Sink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b"..") else line)
                if self.server.take(b"".join(lines), self.connection):
                    self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self.letters: list[EmailMessage] = []
        self.held = 0
        self.lock, self.open = threading.Lock(), threading.Event()
        self.open.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed: nothing to say about it here."""

    def take(self, raw: bytes, connection: socket.socket) -> bool:
        """Keep a letter, unless its sender is seen to have died while it was held."""
        with self.lock:
            self.held += 1
        self.open.wait(18)
        with self.lock:
            self.held -= 1
            if select.select([connection], [], [], 0)[0] and not connection.recv(1, socket.MSG_PEEK):
                return False
            self.letters.append(email.message_from_bytes(raw, policy=email.policy.default))
        return True

    def ids(self) -> list[str]:
        with self.lock:
            return [str(letter["Message-ID"]) for letter in self.letters]


# -- the browser -----------------------------------------------------------------------------------
class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return unescape(self.body.decode("utf-8", "replace"))

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.text)
        return found[1] if found else ""


def one_time(key: str) -> str:
    """The six figures that an authenticator app would show now (RFC 6238)."""
    raw = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.new(raw, int(time.time() // 30).to_bytes(8, "big"), "sha1").digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


class Browser:
    """One person's cookies; each request says which process it goes to."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(
        self, port: int, path: str, data: dict[str, object] | None = None, file: tuple[str, bytes] | None = None
    ) -> Answer:
        headers = {"Host": HOST, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if port in (PROXY, PLAIN):
            connection = HTTPSConnection("127.0.0.1", port, timeout=40, context=_create_unverified_context()) if port == PROXY \
                else HTTPConnection("127.0.0.1", port, timeout=40)  # fmt: skip
        else:  # straight to a web process, with what the proxy would add
            connection = HTTPConnection("127.0.0.1", port, timeout=40)
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        body = None
        if data is not None:
            data = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **data}
            kind, body = (
                multipart(data, file) if file else ("application/x-www-form-urlencoded", urlencode(data).encode())
            )
            headers |= {"Origin": SITE, "Content-Type": kind}
        connection.request("POST" if body else "GET", path, body, headers)
        answer = connection.getresponse()
        for key, value in answer.getheaders():
            if key.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.partition(";")[0]
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def sign_in(self, port: int, username: str, password: str) -> Answer:
        self.ask(port, "/accounts/login/")
        return self.ask(port, "/accounts/login/", {"login": username, "password": password})


def multipart(data: dict[str, object], file: tuple[str, bytes]) -> tuple[str, bytes]:
    edge = secrets.token_hex(16)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in data.items()]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\nContent-Type: application/pdf\r\n\r\n'
    return f"multipart/form-data; boundary={edge}", b"".join(
        [*parts, head.encode(), file[1], f"\r\n--{edge}--\r\n".encode()]
    )
