-- The change log, the audit chains and the answers kept for repeated requests.
CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n BIGINT NOT NULL
);
INSERT INTO change_counter (id, n) VALUES (1, 0);

CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" REFERENCES sites (id) ON DELETE RESTRICT,
    subject TEXT COLLATE "C" NOT NULL CHECK (subject IN ('entry', 'section', 'site', 'unit')),
    subject_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('published', 'updated', 'refreshed', 'withdrawn', 'moved', 'expunged')),
    at TIMESTAMP NOT NULL
);
CREATE INDEX changes_site ON changes (site_id, seq);

CREATE TABLE audit_heads (
    chain TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);

CREATE TABLE audit (
    chain TEXT COLLATE "C" NOT NULL REFERENCES audit_heads (chain) ON DELETE RESTRICT,
    number BIGINT NOT NULL,
    actor_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX audit_actor ON audit (actor_id);

CREATE TABLE idempotency_keys (
    caller TEXT COLLATE "C" NOT NULL,
    route TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    body_sha256 TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (caller, route, idempotency_key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
