-- What waits for a second administrator: a role that decides much, or a link that sets the password of
-- somebody who has one. Kept after it is decided.
CREATE TABLE access_requests (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    role TEXT COLLATE "C",
    site_id TEXT COLLATE "C" REFERENCES sites (id) ON DELETE RESTRICT,
    unit_id TEXT COLLATE "C" REFERENCES units (id) ON DELETE RESTRICT,
    sections TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    asked_by TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    asked_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    decided_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    decided_at TIMESTAMP
);
CREATE INDEX access_requests_order ON access_requests (asked_at, id);
CREATE INDEX access_requests_user ON access_requests (user_id);
CREATE INDEX access_requests_site ON access_requests (site_id);
CREATE INDEX access_requests_unit ON access_requests (unit_id);
CREATE INDEX access_requests_asked_by ON access_requests (asked_by);
CREATE INDEX access_requests_decided_by ON access_requests (decided_by);

-- What a person is told about their own account until they have seen it.
CREATE TABLE notices (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind TEXT COLLATE "C" NOT NULL,
    by_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    confirmed_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    role TEXT COLLATE "C",
    site_id TEXT COLLATE "C" REFERENCES sites (id) ON DELETE RESTRICT,
    unit_id TEXT COLLATE "C" REFERENCES units (id) ON DELETE RESTRICT,
    at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP
);
CREATE INDEX notices_user ON notices (user_id, at);
CREATE INDEX notices_by ON notices (by_id);
CREATE INDEX notices_confirmed_by ON notices (confirmed_by);
CREATE INDEX notices_site ON notices (site_id);
CREATE INDEX notices_unit ON notices (unit_id);
CREATE INDEX notices_seen ON notices (seen_at);

-- Who gave the link that set a person's first or present password; null for the operator of the machine.
CREATE TABLE password_origins (
    user_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE RESTRICT,
    given_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    asked_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT
);
CREATE INDEX password_origins_given_by ON password_origins (given_by);
CREATE INDEX password_origins_asked_by ON password_origins (asked_by);

-- As far as it is still known. Whoever is not in it had their first link from the maker of the account.
INSERT INTO password_origins (user_id, given_by)
SELECT p.user_id, p.created_by
FROM password_links p JOIN users u ON u.id = p.user_id
WHERE u.password_hash IS NOT NULL AND p.used_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM password_links q
    WHERE q.user_id = p.user_id AND q.used_at IS NOT NULL
      AND (q.created_at > p.created_at OR (q.created_at = p.created_at AND q.id > p.id))
);

-- Who asked for a link that a second administrator confirmed, and so made.
ALTER TABLE password_links ADD COLUMN asked_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT;
CREATE INDEX password_links_asked_by ON password_links (asked_by);
