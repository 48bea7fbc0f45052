# Images by full version: what was tried is what runs.
FROM rust:1.95.0-bookworm AS builder
# The image has what the bundled C libraries need: a compiler, make and perl.
WORKDIR /src
COPY . .
RUN docker/build
RUN docker/install /image

# With the tools of the server that docker-compose.yml runs: pg_dump may not be older than the server.
FROM postgres:16.11-bookworm AS backup
RUN apt-get update \
    && apt-get install -y --no-install-recommends age \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /image/ /
COPY docker/backup /usr/local/bin/backup
RUN install -d -o 10001 -g 10001 -m 0700 /backup
USER 10001:10001
WORKDIR /backup
HEALTHCHECK --interval=60s --timeout=4s --retries=1 CMD ["backup", "health"]
ENTRYPOINT ["backup"]
CMD ["nightly"]

# The same Debian release as the builder, so that the C library fits.
FROM debian:12.12-slim AS node
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# Binary, licences, what it is made of, and the folders /data and /keys with their owner: a new named
# volume takes its owner from there. scripts/check-image installs the same and serves from it.
COPY --from=builder /image/ /
USER 10001:10001
WORKDIR /data
ENV LOA_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["loa", "health"]
ENTRYPOINT ["loa"]
CMD ["serve"]
