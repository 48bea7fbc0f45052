"""Signing in and asking, for what surrounds a run: not for the requests that are the test."""

import itertools
import time

import requests

# The server of a run believes this header from us, so that refused sign-ins of one request do not
# count against the next: throttling by address is tested elsewhere.
FORWARDED = "X-Forwarded-For"
_hosts = itertools.count(1)


def next_address():
    """An address nobody has used yet in this run."""
    number = next(_hosts)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Client:
    """One person at one server; nobody without an address to sign in with."""

    def __init__(self, base, email=None, password=None):
        self.base, self.email, self.password = base, email, password
        self.session = requests.Session()
        self._token, self._until = None, 0.0

    def sign_in(self):
        """A new session of the person: its tokens."""
        body = {"email": self.email, "password": self.password}
        answer = self.session.post(
            f"{self.base}/api/v1/auth/login", json=body, headers={FORWARDED: next_address()}, timeout=30
        )
        answer.raise_for_status()
        return answer.json()["data"]

    @property
    def token(self):
        """An access token that is good for a while."""
        if self.email is None:
            return None
        if time.monotonic() > self._until:
            tokens = self.sign_in()
            self._token = tokens["access_token"]
            self._until = time.monotonic() + tokens["expires_in"] / 2
        return self._token

    def send(self, method, path, json=None, params=None, headers=None):
        """The answer to one request, whatever it is."""
        headers = dict(headers or {})
        if self.email is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.session.request(
            method, self.base + path, json=json, params=params, headers=headers, timeout=30
        )

    def get(self, path, **params):
        """The body of an answer that has to be good."""
        answer = self.send("GET", path, params=params)
        answer.raise_for_status()
        return answer.json()

    def post(self, path, json):
        """The body of an answer that has to be good."""
        answer = self.send("POST", path, json=json)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def all(self, path, **params):
        """Every item of a list."""
        items, cursor = [], {}
        while True:
            page = self.get(path, **{"page[size]": 100, **params, **cursor})
            items += page["data"]
            if page["page"]["next"] is None:
                return items
            cursor = {"page[after]": page["page"]["next"]}
