# syntax=docker/dockerfile:1
# Two images from one file:
#   docker build -t tidewatch .                            with the embedded engine (chDB)
#   docker build -t tidewatch:slim --build-arg EMBEDDED=0 .    for a ClickHouse server only, a sixth of the size
# Debian, not Alpine: the engine is built for glibc.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
# Dependencies are there, so `prepare` only compiles and copies.
RUN touch node_modules/.tidewatch-installed && node src/cli/prepare.mjs build

FROM node:24-bookworm-slim AS packages
ARG EMBEDDED=1
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    if [ "$EMBEDDED" = 1 ]; then npm ci --omit=dev --no-audit --no-fund; else npm ci --omit=dev --omit=optional --no-audit --no-fund; fi
# Distroless has no mkdir: the data folder is made here, owned by its user.
RUN mkdir /data && chown 65532:65532 /data

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=packages --chown=65532:65532 /data /data
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
COPY policies ./policies
# The engine runs queries on this pool.
ENV UV_THREADPOOL_SIZE=16
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 TIDEWATCH_DATA_DIR=/data LOG_FORMAT=json
EXPOSE 8080
VOLUME /data
# Liveness of the process: what it waits for (a broker, a database) is not healed by a restart.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["dist/cli/main.js", "serve"]
