"""Databases with the demo province, and a real server on a copy of one."""

import contextlib
import os
import pathlib
import socket
import sqlite3
import subprocess
import time

import requests


def free_port():
    """A port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Process:
    """`loa` with the settings of a run; ends with the block."""

    def __init__(self, loa, arguments, settings, log):
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LOA_")}
        # A settings file of whoever runs this is not for here.
        kept |= {"LOA_LISTEN": f"127.0.0.1:{port}", "LOA_METRICS_LISTEN": "off", "LOA_LOG_LEVEL": "warn"}
        # One person asks here as often as a thousand would.
        kept |= {"LOA_WRITES_PER_MINUTE": "4294967295", "LOA_WRITE_BYTES_PER_HOUR": "1000000000000"}
        # The hooks sign in under an address of its own each time; see client.py.
        kept |= {"LOA_TRUSTED_PROXIES": "127.0.0.1"}
        kept |= {"LOA_SECURITY_CONTACT": "mailto:security@example.vn"}
        kept |= {"LOA_SECURITY_EXPIRES": "2099-01-01T00:00:00Z", **settings}
        self.log = log
        self.process = subprocess.Popen(
            [loa, *arguments], env=kept, cwd=log.parent, stdout=log.open("w"), stderr=subprocess.STDOUT
        )

    def __enter__(self):
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if requests.get(f"{self.base}/readyz", timeout=5).status_code == 200:
                    return self
            except (requests.ConnectionError, requests.Timeout):
                # Not listening yet, or seeding first.
                time.sleep(0.05)
        self.__exit__()
        raise SystemExit(f"loa did not start; see {self.log}:\n{self.log.read_text()}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Sqlite:
    """Copies of a file."""

    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder

    def url(self, name):
        return f"sqlite:{self.folder / name}.db"

    def make(self, _):
        """Nothing: the server makes the file."""

    def copy(self, seed, name):
        # Not as a file: the server may have left its last writes in the WAL beside it.
        paths = [self.folder / f"{one}.db" for one in (seed, name)]
        with contextlib.closing(sqlite3.connect(paths[0])) as source:
            with contextlib.closing(sqlite3.connect(paths[1])) as target:
                source.backup(target)

    def drop(self, name):
        for file in self.folder.glob(f"{name}.db*"):
            file.unlink()


class Postgres:
    """Databases of one server, named after this process."""

    name = "postgres"

    def __init__(self, url, psql):
        self.server, self.psql = url.rsplit("/", 1)[0], psql
        self.maintenance = url

    def full(self, name):
        return f"loa_schemathesis_{os.getpid()}_{name}"

    def url(self, name):
        return f"{self.server}/{self.full(name)}"

    def _run(self, statement):
        command = [self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.maintenance, "-c", statement]
        subprocess.run(command, check=True)

    def make(self, name):
        self._run(f"CREATE DATABASE {self.full(name)}")

    def copy(self, seed, name):
        self._run(f"CREATE DATABASE {self.full(name)} TEMPLATE {self.full(seed)}")

    def drop(self, name):
        self._run(f"DROP DATABASE IF EXISTS {self.full(name)} WITH (FORCE)")


def settings(folder, url):
    """What `loa serve` needs to go on where `loa demo` ended."""
    data = pathlib.Path(folder) / "data"
    return {
        "LOA_DATABASE_URL": url,
        "LOA_SECRET": (data / "secret").read_text(),
        "LOA_JWT_KEYS": str(data / "keys"),
    }
