-- The change log, the audit chains and the answers kept for repeated requests.
CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n BIGINT NOT NULL
);
INSERT INTO change_counter (id, n) VALUES (1, 0);

CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    site_id TEXT REFERENCES sites (id) ON DELETE RESTRICT,
    subject TEXT NOT NULL CHECK (subject IN ('entry', 'section', 'site', 'unit')),
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('published', 'updated', 'refreshed', 'withdrawn', 'moved', 'expunged')),
    at TIMESTAMP NOT NULL
);
CREATE INDEX changes_site ON changes (site_id, seq);

CREATE TABLE audit_heads (
    chain TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE audit (
    chain TEXT NOT NULL REFERENCES audit_heads (chain) ON DELETE RESTRICT,
    number BIGINT NOT NULL,
    actor_id TEXT REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX audit_actor ON audit (actor_id);

CREATE TABLE idempotency_keys (
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (caller, route, idempotency_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
