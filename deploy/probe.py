"""Does the web process of this container answer? Asks as the proxy would ask, so that host and scheme are right."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    site = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1"))
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    connection.request("GET", "/readyz", headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
    answer = connection.getresponse()
    if answer.status != 200:
        print(f"/readyz answers {answer.status}: {answer.read(300).decode(errors='replace')}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
