"""Write the git-ignored `.env` of the demo, once: a fresh secret, the demo switch, no debugging."""

import os
import secrets
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / ".env"


def write() -> None:
    port = os.environ.get("PORT", "8000")
    if TARGET.exists():
        return
    TARGET.write_text(
        f"DEMO=1\nDEBUG=0\nSECRET_KEY={secrets.token_urlsafe(50)}\nSITE_URL=http://127.0.0.1:{port}\n", encoding="utf-8"
    )
    TARGET.chmod(0o600)


if __name__ == "__main__":
    write()
