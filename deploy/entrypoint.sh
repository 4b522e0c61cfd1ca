#!/bin/sh
# What one process of the portal does; whatever follows the word is handed on to its program.
#   deploy/entrypoint.sh web | worker | scheduler | migrate | manage <command>
# docker-compose.yml and deploy/check_production.py both start the portal through this file.
set -eu
cd "$(dirname "$0")/.."
what=${1:-}
[ $# -gt 0 ] && shift

case "$what" in
  web)
    # Sync workers: the proxy takes in slow uploads and gives out slow downloads. 60 s: a PDF is waited for up to 15 s.
    exec gunicorn qa_portal.wsgi --worker-class sync --workers 3 --bind "${HOST:-0.0.0.0}:${PORT:-8000}" --timeout 60 --graceful-timeout 30 \
      --max-requests 5000 --max-requests-jitter 500 --worker-tmp-dir /dev/shm --log-level warning "$@" ;;
  worker)
    # A process that has grown by long PDFs is replaced after its task (400 MB; WeasyPrint needs up to 280).
    exec celery -A qa_portal worker --concurrency 2 --loglevel WARNING --without-gossip --without-mingle \
      --max-memory-per-child 400000 "$@" ;;
  scheduler)
    exec celery -A qa_portal beat --loglevel WARNING --pidfile= --schedule "${TMPDIR:-/tmp}/celerybeat-schedule" "$@" ;;
  migrate)
    python manage.py migrate --noinput
    python manage.py load_catalogue
    python manage.py load_documents
    python manage.py load_bodies
    python manage.py load_registers
    exec python manage.py load_instruments ;;
  manage)
    exec python manage.py "$@" ;;
  *)
    echo "usage: deploy/entrypoint.sh web|worker|scheduler|migrate|manage <command>" >&2
    exit 2 ;;
esac
