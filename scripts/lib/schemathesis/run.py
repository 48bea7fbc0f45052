"""Runs schemathesis over the served document: on one database, as every role, each on a fresh copy
of the demo province. Fails on any finding, and where too few answers were good.

Called by scripts/schemathesis.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import server
import world

HERE = pathlib.Path(__file__).parent
PHASES = "examples,coverage,fuzzing"
# Least share of 2xx and 3xx among the answers to well-formed requests, in percent: a third below what
# was measured. The rest is mostly 403 and 404, and 422 for what only people can know.
FLOOR, FLOOR_ANONYMOUS = 26, 14


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/schemathesis", description=__doc__)
    parser.add_argument("--loa", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--psql", default="psql", help=argparse.SUPPRESS)
    parser.add_argument("--examples", type=int, default=5, help="requests made up for each operation and role")
    parser.add_argument("--seed", type=int, default=1, help="another one makes up other requests")
    parser.add_argument("--role", action="append", choices=world.ROLES, help="only this role")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgres"], help="only this database")
    parser.add_argument("--statuses", action="store_true", help="also tell what each operation answered")
    return parser.parse_args()


class Children:
    """Processes at work, so that they can be ended when this one is."""

    def __init__(self):
        self.running, self.stopped = [], False

    def run(self, command, environment, folder):
        """Runs a command to its end: its exit code and what it said."""
        if self.stopped:
            raise SystemExit("stopped")
        child = subprocess.Popen(
            command, env=environment, cwd=folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.running.append(child)
        output = child.communicate()[0]
        self.running.remove(child)
        return child.returncode, output

    def stop(self, *_):
        """Ends them; whoever waits for one clears away and ends too."""
        self.stopped = True
        for child in self.running:
            child.terminate()


CHILDREN = Children()


class Backend:
    """One kind of database with its province."""

    def __init__(self, options, folder, databases):
        self.options, self.folder, self.databases = options, folder, databases
        self.world = None

    def seed(self):
        """Makes the province once."""
        self.databases.make("seed")
        url = self.databases.url("seed")
        demo = ["demo", "--data", str(self.folder / "data"), "--password", world.PASSWORD]
        with self.start(demo, {"LOA_DATABASE_URL": url}, "seed") as loa:
            self.world = world.gather(loa.base)

    def start(self, command, settings, name):
        """A server; its log has the name."""
        return server.Process(self.options.loa, command, settings, self.folder / f"{name}.log")

    def run(self, role):
        """One role's run, as a report."""
        started = time.monotonic()
        self.databases.copy("seed", role)
        try:
            with self.start(["serve"], server.settings(self.folder, self.databases.url(role)), role) as loa:
                report = self.schemathesis(loa.base, role)
        finally:
            self.databases.drop(role)
        report["seconds"] = time.monotonic() - started
        return report

    def schemathesis(self, base, role):
        """Runs it as the role."""
        run, counts = self.folder / f"{role}.run.json", self.folder / f"{role}.counts.json"
        known = {"base": base, "email": world.ROLES[role], "seed": self.options.seed, "counts": str(counts)}
        run.write_text(json.dumps({**known, "world": self.world}))
        command = [
            pathlib.Path(sys.executable).with_name("st"),
            *["--config-file", HERE / "schemathesis.toml", "run", f"{base}/api/v1/openapi.json"],
            *["--url", base, "--phases", PHASES, "--no-color", "--output-sanitize", "false"],
            *["--max-examples", str(self.options.examples), "--seed", str(self.options.seed)],
        ]
        environment = {**os.environ, "LOA_SCHEMATHESIS_RUN": str(run), "PYTHONPATH": str(HERE)}
        code, output = CHILDREN.run(command, environment, self.folder)
        if not counts.exists():
            raise SystemExit(f"schemathesis broke off as {role}:\n{output}")
        told = {"role": role, "database": self.databases.name, "code": code, "output": output}
        return {**told, **json.loads(counts.read_text())}


def judge(report):
    """What is wrong with a run, in words."""
    wrong = []
    if report["code"] != 0:
        wrong.append("findings, see above")
    if not report["alive"]:
        wrong.append("the person could not work to the end: the run says little")
    floor = FLOOR_ANONYMOUS if report["role"] == "anonymous" else FLOOR
    if share(report) < floor:
        wrong.append(f"only {share(report):.0f} % good answers, {floor} are wanted")
    return wrong


def good(report):
    """How many good answers each operation gave."""
    return {
        operation: sum(count for status, count in statuses.items() if status[0] in "23")
        for operation, statuses in report["seen"].items()
    }


def share(report):
    """Good answers, in percent of those to well-formed requests."""
    total = sum(sum(statuses.values()) for statuses in report["seen"].values())
    return 100 * sum(good(report).values()) / max(total, 1)


def tell(report, statuses):
    """Prints one run: its line, and before it all that was said when it failed."""
    total = sum(sum(statuses.values()) for statuses in report["seen"].values())
    operations = sum(1 for count in good(report).values() if count)
    wrong = judge(report)
    print(
        (report["output"] if wrong else "")
        + f"schemathesis {report['database']:<8} {report['role']:<14} {report['seconds']:5.0f} s  "
        f"{total:5} well-formed requests, {share(report):3.0f} % good, {operations} operations"
        + "".join(f"\n    FAILED: {text}" for text in wrong),
        flush=True,
    )
    if statuses:
        for operation, seen in sorted(report["seen"].items()):
            print(f"    {operation:<26}", *(f"{status}:{count}" for status, count in sorted(seen.items())), flush=True)


def never_good(reports):
    """Operations that no role had a good answer of, by database."""
    found = collections.defaultdict(collections.Counter)
    for report in reports:
        found[report["database"]].update(good(report))
    return [
        f"{database}: no role got a good answer of {operation}"
        for database, counts in found.items()
        for operation, count in sorted(counts.items())
        if count == 0
    ]


def on_database(options, name, folder):
    """All roles on one database."""
    folder.mkdir()
    if name == "sqlite":
        databases = server.Sqlite(folder)
    else:
        databases = server.Postgres(os.environ["LOA_TEST_POSTGRES_URL"], options.psql)
    backend, reports = Backend(options, folder, databases), []
    try:
        backend.seed()
        for role in options.role or world.ROLES:
            reports.append(backend.run(role))
            tell(reports[-1], options.statuses)
        return reports
    finally:
        databases.drop("seed")


def main():
    """Both databases side by side: each keeps about one core busy."""
    options = arguments()
    # So that servers and databases are cleared away however this ends.
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, CHILDREN.stop)
    names = options.database or ["sqlite", "postgres"]
    with tempfile.TemporaryDirectory(prefix="loa-schemathesis.") as folder:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            each = pool.map(lambda name: on_database(options, name, pathlib.Path(folder) / name), names)
            reports = [report for part in each for report in part]
    failed = [report for report in reports if judge(report)]
    missing = [] if options.role else never_good(reports)
    for line in missing:
        print(line)
    used = os.times()
    spent = used.user + used.system + used.children_user + used.children_system
    print(f"schemathesis: {len(reports)} runs, {spent:.0f} s of processor time, seed {options.seed}")
    sys.exit(1 if failed or missing else 0)


if __name__ == "__main__":
    main()
