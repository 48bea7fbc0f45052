FROM rust:1-bookworm AS builder
# The image has what the bundled C libraries need: a compiler, make and perl.
WORKDIR /src
COPY . .
RUN docker/build
RUN docker/install /image

# The same Debian release as the builder, so that the C library fits.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# Binary, licences, and the folders /data and /keys with their owner: a new named volume takes its
# owner from there. scripts/check-image installs the same and serves from it.
COPY --from=builder /image/ /
USER 10001:10001
WORKDIR /data
ENV LOA_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["loa", "health"]
ENTRYPOINT ["loa"]
CMD ["serve"]
