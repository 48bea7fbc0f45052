FROM rust:1-bookworm AS builder
# The image has what the bundled C libraries need: a compiler, make and perl.
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p loa

# The same Debian release as the builder, so that the C library fits.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# The directories belong to the user in the image, because a new named volume
# takes its owner from there.
RUN useradd --system --user-group --home-dir /data --shell /usr/sbin/nologin loa \
    && install -d -o loa -g loa -m 0750 /data /keys
COPY --from=builder /src/target/release/loa /usr/local/bin/loa
COPY --from=builder /src/LICENSE /src/LICENSE-MIT /src/LICENSE-APACHE /usr/share/doc/loa/
USER loa
WORKDIR /data
EXPOSE 8080
ENTRYPOINT ["loa"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
