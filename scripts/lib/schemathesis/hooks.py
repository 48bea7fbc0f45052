"""What Loa adds to a run of schemathesis: who is asking, real values, and what was counted.

Settings come from the file that LOA_SCHEMATHESIS_RUN names; see run.py. Not for what is checked:
that is schemathesis.toml.
"""

import atexit
import collections
import json
import os
import pathlib
import random
import zlib

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import is_unexpected_http_status_case

from client import FORWARDED, Client, next_address
from values import OFTEN, Values

RUN = json.loads(pathlib.Path(os.environ["LOA_SCHEMATHESIS_RUN"]).read_text())
WORLD = RUN["world"]
ME = Client(RUN["base"], RUN["email"], WORLD["password"])
VALUES = Values(WORLD, ME)
# Statuses of well-formed requests, by operation.
SEEN = collections.defaultdict(collections.Counter)


def operation_of(case):
    """The operationId."""
    return case.operation.definition.raw["operationId"]


def dice(case):
    """Random numbers that are the same for the same generated request."""
    body = repr(case.body)
    text = f"{RUN['seed']} {case.method} {case.path} {case.path_parameters} {case.query} {body}"
    return random.Random(zlib.crc32(text.encode("utf-8", "replace")))


def is_valid(case, location):
    """Whether this part of the request is as the document wants it."""
    component = case.meta.components.get(location) if case.meta else None
    return component is None or component.mode.is_positive


# Who is asking


class ThrowAway:
    """Accounts whose passwords may be changed."""

    def __init__(self):
        self.accounts = [Client(RUN["base"], email, WORLD["password"]) for email in WORLD["throw_away"]]
        self.used = 0

    def next(self):
        """Each in turn."""
        self.used += 1
        return self.accounts[self.used % len(self.accounts)]


THROW_AWAY = ThrowAway()


if ME.email is not None:

    @schemathesis.auth(refresh_interval=None)
    class Bearer:
        """The run's own session; one of its own for each request that ends sessions or changes the
        password, so that what comes after is not signed out by it."""

        def get(self, case, _context):
            operation = operation_of(case)
            if operation == "change_password":
                # A session allows so many failures in a while.
                return THROW_AWAY.next().sign_in()["access_token"]
            if operation == "logout":
                return ME.sign_in()["access_token"]
            return ME.token

        def set(self, case, data, _context):
            case.headers["Authorization"] = f"Bearer {data}"


# Real values


@schemathesis.hook
def before_call(context, case, kwargs):
    """The last step before a request is sent, in every phase alike."""
    operation, rng = operation_of(case), dice(case)
    if "/auth/" in case.path:
        case.headers[FORWARDED] = next_address()
    if case.meta is None or is_unexpected_http_status_case(case):
        return
    if is_valid(case, ParameterLocation.PATH) and case.path_parameters and rng.random() < OFTEN:
        fill_path(rng, case, operation)
    if is_valid(case, ParameterLocation.HEADER) and "If-Match" in case.headers and rng.random() < OFTEN:
        case.headers["If-Match"] = "*"
    if is_valid(case, ParameterLocation.QUERY) and case.query:
        fill_query(rng, case)
    if is_valid(case, ParameterLocation.BODY) and rng.random() < OFTEN:
        case.body = VALUES.body(rng, operation, case.body, case.path_parameters)


def fill_path(rng, case, operation):
    """Real path parameters."""
    chosen = VALUES.path(rng, case, operation)
    if chosen is None:
        return
    case.path_parameters = {**case.path_parameters, **chosen}
    if operation == "act_on_entry" and ME.email is not None and rng.random() < OFTEN:
        action = VALUES.action(rng, case.path_parameters)
        if action is not None:
            case.path_parameters = {**case.path_parameters, "action": action}


def fill_query(rng, case):
    """Real values; cursors are asked for, since nobody can make one up."""
    query = dict(case.query)
    for name in query:
        if rng.random() < OFTEN:
            query[name] = VALUES.query(rng, name) or query[name]
    for name in ("page[after]", "page[before]"):
        if name in query:
            cursor = cursor_for(case, query, name)
            query.pop(name)
            if cursor is not None and "page[after]" not in query:
                query[name] = cursor
    case.query = query


def cursor_for(case, query, name):
    """A cursor that fits the rest of the query."""
    rest = {key: value for key, value in query.items() if not key.startswith("page[")}
    path = case.formatted_path
    first = ME.send("GET", path, params={**rest, "page[size]": 1})
    if first.status_code != 200:
        return None
    after = first.json()["page"]["next"]
    if name == "page[after]" or after is None:
        return after
    second = ME.send("GET", path, params={**rest, "page[size]": 1, "page[after]": after})
    return second.json()["page"]["prev"] if second.status_code == 200 else None


# What was counted


@schemathesis.hook
def after_call(context, case, response):
    """Notes the status, and what was made."""
    operation = operation_of(case)
    VALUES.learn(operation, case.path_parameters, response)
    if case.meta is None or is_unexpected_http_status_case(case):
        return
    if case.meta.generation.mode.is_positive:
        SEEN[operation][response.status_code] += 1


@atexit.register
def write():
    """Tells run.py what was counted, and whether the person could still work at the end."""
    alive = ME.email is None or ME.send("GET", "/api/v1/auth/me").status_code == 200
    pathlib.Path(RUN["counts"]).write_text(json.dumps({"seen": SEEN, "alive": alive}))
