# syntax=docker/dockerfile:1
# One image for web, worker, scheduler and migrate; what it does is told by deploy/entrypoint.sh.

# -- what the browser needs: npm packages by the lock file; no node in the finished image ---------
FROM node:22-bookworm-slim AS browser
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# -- Python packages by the hashed lock, style sheet, icons, fonts, translations, static files ----
FROM python:3.11-slim-bookworm AS build
ENV PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY --from=browser /app/node_modules ./node_modules
COPY . .
RUN python deploy/frontend.py \
 && python deploy/messages.py \
 && SECRET_KEY=only-to-collect-files python manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf node_modules

# -- the image that runs ------------------------------------------------------------------------
FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY deploy/system.sh deploy/
# WeasyPrint's libraries: no wheel carries them. The same list as on a developer's machine.
RUN apt-get update -q && deploy/system.sh pdf && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /data/media \
 && install -d -o portal -g portal -m 700 /data/keys
COPY --from=build /opt/venv /opt/venv
# Owned by root: the portal writes nothing but its files (/data/media), the keys of surveys (/data/keys) and the scheduler's clock (/tmp).
COPY --from=build /app /app
USER portal
EXPOSE 8000
ENTRYPOINT ["deploy/entrypoint.sh"]
CMD ["web"]
