"""What docker-compose.yml promises, held against what compose makes of it.

usage: docker-compose config | check.py DOCKERFILE CADDYFILE

Addresses and networks, roles and TLS, limits, versions, volumes. Not for whether it runs: the scripts it
mounts are run by scripts/check-compose and crates/server/tests/cli/roles.rs.
"""

import ipaddress
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

NODES = ["api1", "api2"]
DATABASES = ["postgres", "replica"]
FULL = re.compile(r":\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$")
wrong = []


def demand(holds, what):
    """Notes what does not hold."""
    if not holds:
        wrong.append(what)


def seconds(text):
    """45s, 1m30s."""
    parts = re.findall(r"(\d+)(h|m|s)", str(text))
    return sum(int(n) * {"h": 3600, "m": 60, "s": 1}[unit] for n, unit in parts)


def subnet(config, name):
    """The network's one fixed range."""
    ranges = config["networks"][name]["ipam"]["config"]
    return ipaddress.ip_network(ranges[0]["subnet"])


def proxies(config):
    """The nodes believe the proxy, at its fixed address, and nobody else."""
    front, back = subnet(config, "front"), subnet(config, "back")
    demand(not front.overlaps(back), "front and back share addresses")
    demand(config["networks"]["back"].get("internal"), "back leads out")
    own = config["services"]["proxy"]["networks"]["front"]["ipv4_address"]
    demand(ipaddress.ip_address(own) in front, f"the proxy's {own} is not in front")
    for name in NODES:
        trusted = config["services"][name]["environment"].get("LOA_TRUSTED_PROXIES", "")
        networks = [ipaddress.ip_network(text) for text in trusted.split(",") if text]
        demand(any(ipaddress.ip_address(own) in net for net in networks),
               f"{name} does not trust the proxy: every client would share one limit of sign-ins")
        for net in networks:
            demand(net.subnet_of(front), f"{name} trusts {net}, which is not in front")


def networks(config):
    """No way from the proxy to a database."""
    for name, service in config["services"].items():
        own = set(service.get("networks") or [])
        expected = {"front"} if name == "proxy" else {"front", "back"} if name in NODES else {"back"}
        if service.get("network_mode") == "none":
            expected = set()
        demand(own == expected, f"{name} is in {sorted(own)}, not in {sorted(expected)}")
        demand(name == "proxy" or not service.get("ports"), f"{name} publishes a port")


def limits(config):
    """Memory, processes and logs are bounded; nobody gains rights."""
    for name, service in config["services"].items():
        for key in ("mem_limit", "pids_limit"):
            demand(service.get(key), f"{name} has no {key}")
        options = service.get("logging", {}).get("options", {})
        demand(options.get("max-size") and options.get("max-file"), f"the log of {name} has no end")
        demand("no-new-privileges:true" in service.get("security_opt", []), f"{name} may gain rights")
        image = service["image"]
        demand(FULL.search(image), f"{image} is no full version")
        if name in NODES + ["migrate", "backup", "proxy"]:
            demand(service.get("read_only") and "ALL" in service.get("cap_drop", []),
                   f"{name} may write, or has capabilities")


def roles(config):
    """Each with the role it needs, over TLS, to a server that is known."""
    expected = {name: "loa_app" for name in NODES} | {"migrate": "loa_migrate", "backup": "loa_backup"}
    for name, service in config["services"].items():
        environment = service.get("environment") or {}
        for key in ("LOA_DATABASE_URL", "LOA_DATABASE_READ_URL"):
            if key not in environment:
                continue
            url = urlsplit(environment[key])
            query = parse_qs(url.query)
            demand(url.username == expected[name], f"{name} is {url.username}")
            demand(query.get("sslmode") == ["verify-full"] and query.get("sslrootcert") == ["/ca/ca.crt"],
                   f"{name} does not verify whom it talks to")
            demand(url.hostname in DATABASES, f"{name} talks to {url.hostname}")
    services = config["services"]
    for name in NODES:
        environment = services[name]["environment"]
        demand(environment.get("LOA_MIGRATE") == "check", f"{name} would migrate")
        time = int(environment.get("LOA_DRAIN_SECONDS", 0)) + int(environment.get("LOA_SHUTDOWN_SECONDS", 30))
        demand(seconds(services[name]["stop_grace_period"]) > time, f"{name} is killed before it has ended")
        after = services[name]["depends_on"]["migrate"]["condition"]
        demand(after == "service_completed_successfully", f"{name} does not wait for migrations")
    demand(services["migrate"]["environment"]["LOA_APP_ROLE"] == "loa_app", "migrate grants nothing")
    for name in DATABASES:
        command = " ".join(services[name]["command"])
        demand("ssl=on" in command and f"/tls/{name}.crt" in command, f"{name} speaks without TLS")
    key_holders = {name for name, service in services.items()
                   if any(volume.split(":")[0] == "tls" for volume in service.get("volumes", []))}
    demand(key_holders == {"certificates", *DATABASES}, f"{sorted(key_holders)} can read the servers' keys")
    demand("postgres" == services["postgres"]["environment"]["POSTGRES_USER"], "the superuser is a role of ours")


def volumes(config):
    """What has to outlive a container does."""
    for name, place in (("proxy", "/data"), ("postgres", "/var/lib/postgresql/data"),
                        ("replica", "/var/lib/postgresql/data"), ("backup", "/backup"), ("api1", "/keys")):
        held = [volume.split(":") for volume in config["services"][name]["volumes"]]
        demand(any(parts[1] == place and parts[0] in config["volumes"] for parts in held),
               f"{name} keeps {place} in no volume")


def versions(config, dockerfile):
    """pg_dump is of the server's version, and every base image is named in full."""
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.M)
    for base in bases:
        demand(FULL.search(base), f"the Dockerfile builds on {base}")
    server = config["services"]["postgres"]["image"]
    demand(server in bases, f"the image for backups has not the tools of {server}")
    for name in ("replica", "certificates"):
        demand(config["services"][name]["image"] == server, f"{name} is of another version than the primary")
    own = re.search(r'^version = "(.*)"', Path("Cargo.toml").read_text(), re.M).group(1)
    for name in NODES + ["migrate", "backup"]:
        image = config["services"][name]["image"]
        demand(image.endswith(":" + own), f"{image} is not of release {own}")


def draining(config, caddyfile):
    """A node serves on for longer than the proxy takes to notice that it is about to stop."""
    def of(word):
        found = re.search(rf"^\s*{word} (\d+)(ms|s)", caddyfile, re.M)
        return int(found.group(1)) / (1000 if found.group(2) == "ms" else 1) if found else None
    notice = [of("health_interval"), of("health_timeout")]
    demand(None not in notice and of("fail_duration") and of("lb_try_duration"), "the proxy notices nothing")
    for name in NODES:
        drain = int(config["services"][name]["environment"].get("LOA_DRAIN_SECONDS", 0))
        demand(drain > sum(notice), f"{name} drains for {drain} s, and the proxy takes {sum(notice)} s to notice")
    demand("Strict-Transport-Security" in caddyfile, "browsers may come back without HTTPS")


def main():
    """Says everything that does not hold."""
    config = yaml.safe_load(sys.stdin)
    dockerfile, caddyfile = (Path(path).read_text() for path in sys.argv[1:3])
    proxies(config)
    networks(config)
    limits(config)
    roles(config)
    volumes(config)
    versions(config, dockerfile)
    draining(config, caddyfile)
    for line in wrong:
        print(line)
    if not wrong:
        print(f"services: {len(config['services'])}, with networks, roles, limits and versions as promised")
    return 1 if wrong else 0


sys.exit(main())
