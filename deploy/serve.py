"""Run the portal on one machine: web, worker and scheduler side by side; Ctrl-C (or TERM) stops all three.

The demo and the browser tests use it. In production each is a service of its own (docker-compose.yml).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PORT = os.environ.get("PORT", "8000")
HOST = os.environ.get("HOST", "127.0.0.1")


def commands() -> dict[str, list[str]]:
    beat = os.environ.get("BEAT_SCHEDULE", str(ROOT / "var" / "celerybeat-schedule"))
    return {
        # Threads, because people reach it directly: no buffering proxy stands before the demo.
        "web": [str(BIN / "gunicorn"), "qa_portal.wsgi", "--bind", f"{HOST}:{PORT}", "--workers", "2", "--threads", "4",
                "--worker-class", "gthread", "--timeout", "60", "--log-level", "warning"],
        "worker": [str(BIN / "celery"), "-q", "-A", "qa_portal", "worker", "-B", "-s", beat, "--concurrency", "2",
                   "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
    }  # fmt: skip


def main() -> int:
    running: dict[str, subprocess.Popen[bytes]] = {}
    stopping = False

    def stop(*_args: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for name, command in commands().items():
        # A group of its own: a Ctrl-C at the terminal reaches us first, and we stop them in order.
        running[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    code = 0
    while not stopping:
        time.sleep(0.3)
        for name, process in running.items():
            if process.poll() is not None:
                print(f"{name} ended with {process.returncode}; the portal stops.", file=sys.stderr)
                code, stopping = 1, True
    for process in running.values():
        if process.poll() is None:
            process.terminate()  # the masters stop their own children in order
    for process in running.values():
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return code


if __name__ == "__main__":
    sys.exit(main())
