"""The processes of docker-compose.yml, started by hand on a database of their own; for deploy/check_production.py."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis
from outside import PLAIN, PROXY, SITE

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ENTRY = str(ROOT / "deploy" / "entrypoint.sh")
WEB, AWAY, SMTP = (8201, 8202), 8203, 8225
PASSWORD = secrets.token_urlsafe(16)


class NotSeen(Exception):
    """Something that must be there is not."""


def until(condition: Callable[[], object], seconds: float, step: float = 0.3) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


class Portal:
    """The database, the processes and everything that must be gone afterwards."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self.database, self.redis = database_url, redis.Redis.from_url(redis_url)
        self.folder = Path(tempfile.mkdtemp(prefix="qa-production-"))
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.made_database = False
        self.environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(self.folder), "TMPDIR": str(self.folder), "LANG": "C.UTF-8",
            "QA_IGNORE_ENV": "1", "SECRET_KEY": secrets.token_urlsafe(60), "SITE_URL": SITE, "ALLOWED_HOSTS": "localhost",
            "BEHIND_PROXY": "1", "DATABASE_URL": database_url, "REDIS_URL": redis_url, "MEDIA_ROOT": str(self.folder / "media"),
            "EMAIL_URL": f"smtp://127.0.0.1:{SMTP}", "DEFAULT_FROM_EMAIL": "quality@example.org",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }  # fmt: skip

    def prepare(self) -> None:
        if self.redis.dbsize():
            raise NotSeen("an empty Redis database: name another one in REDIS_URL")
        name = urlsplit(self.database).path[1:]
        with self.cursor("postgres") as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                raise NotSeen(f"a free database name: {name} exists already")
            # As docker-compose.yml makes it.
            cursor.execute(
                f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'kk'"
            )
            self.made_database = True

    def cursor(self, database: str = "") -> psycopg2.extensions.cursor:
        address = urlsplit(self.database)
        connection = psycopg2.connect(address._replace(path=f"/{database}").geturl() if database else self.database)
        connection.autocommit = True
        return connection.cursor()

    def waiting(self) -> int:
        return self.query("SELECT count(*) FROM notices_letter WHERE sent_at IS NULL")

    def query(self, sql: str) -> int:
        with self.cursor() as cursor:
            cursor.execute(sql)
            count = cursor.fetchone()[0] if cursor.description else cursor.rowcount
            cursor.connection.close()
        return count

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [ENTRY, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotSeen(
                f"{' '.join(words)[:60]} ended with {done.returncode}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
            )
        return done.stdout

    def start(self, name: str, command: list[str], **more: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment | more, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Everything ends and nothing stays: processes, database, queue, files."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        late = [name for name, process in self.running.items() if not ends(process, 25)]
        for name in late:
            print(f"  {name} did not end by itself in 25 seconds")
            self.kill(name)
        if self.made_database:
            with self.cursor("postgres") as cursor:
                cursor.execute(f'DROP DATABASE "{urlsplit(self.database).path[1:]}" WITH (FORCE)')
            self.redis.flushdb()
        shutil.rmtree(self.folder, ignore_errors=True)

    def last_words(self) -> None:
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()[-12:]
            if lines:
                print(f"--- {log.stem}", *(line[:1500] for line in lines), sep="\n", file=sys.stderr)

    def proxy(self) -> bool:
        """nginx with deploy/nginx.conf, its addresses changed to this machine's."""
        nginx, openssl = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"), shutil.which("openssl")
        if not nginx or not openssl:
            return False
        words = f"req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout {self.folder}/privkey.pem -out {self.folder}/fullchain.pem"
        subprocess.run([openssl, *words.split()], check=True, capture_output=True)
        site = (ROOT / "deploy" / "nginx.conf").read_text()
        for theirs, ours in (
            ("resolver 127.0.0.11 valid=10s;", ""),  # Docker's own
            ("http2 on;", ""),  # a word that Debian's nginx does not know yet
            ("listen 80;", f"listen 127.0.0.1:{PLAIN};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{PROXY} ssl;"),
            ("http://web:8000", "http://portal"),
            ("/etc/nginx/tls", str(self.folder)),
        ):
            if theirs not in site:
                raise NotSeen(f"“{theirs}” in deploy/nginx.conf")
            site = site.replace(theirs, ours)
        folders = "".join(
            f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {self.folder}/nginx.pid; worker_processes 1; {'user root;' if os.geteuid() == 0 else ''} events {{}}\n"
            f"http {{ access_log off; {folders} upstream portal {{ {''.join(f'server 127.0.0.1:{port};' for port in WEB)} }}\n{site} }}\n"
        )
        self.start("proxy", [nginx, "-e", "stderr", "-c", str(self.folder / "nginx.conf")])
        return True


def ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
