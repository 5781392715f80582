# The portal's image: web, worker, beat and migrations are the same image with another command.

FROM node:22-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY deploy/requirements.txt /tmp/requirements.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
# Noto CJK has the rare characters of people's names and a true bold; the rest renders PDF files.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /data /data/media /data/static /data/fonts
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
COPY --from=browser /app/node_modules/bootstrap/dist/css node_modules/bootstrap/dist/css
COPY --from=browser /app/node_modules/htmx.org/dist node_modules/htmx.org/dist
COPY --from=browser /app/node_modules/signature_pad/dist node_modules/signature_pad/dist
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=caoyang_portal.settings \
    HOST=0.0.0.0 PORT=8000 STATIC_ROOT=/data/static MEDIA_ROOT=/data/media FONT_DIR=/data/fonts \
    XDG_CACHE_HOME=/tmp/cache
# These values serve this step only; the image holds no secret.
RUN SECRET_KEY=build CONFIDENTIAL_KEYS=build CONFIDENTIAL_INDEX_KEY=build \
    sh -c 'python -m local.messages --compile && python manage.py collectstatic --noinput -v0'
USER portal
EXPOSE 8000
CMD ["deploy/run", "web"]
