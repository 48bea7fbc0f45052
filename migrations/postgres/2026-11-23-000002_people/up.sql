-- People, what they hold, their sessions and one-time links, and failed sign-ins.
CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    email TEXT COLLATE "C" NOT NULL,
    email_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sort_key TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended')),
    created_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_created_by ON users (created_by);
CREATE INDEX users_sort ON users (sort_key, id);

CREATE TABLE memberships (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('contributor', 'editor', 'chief_editor', 'publisher', 'site_admin', 'auditor', 'platform_admin')),
    site_id TEXT COLLATE "C" REFERENCES sites (id) ON DELETE RESTRICT,
    unit_id TEXT COLLATE "C" REFERENCES units (id) ON DELETE RESTRICT,
    ended_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (site_id IS NULL OR unit_id IS NULL),
    CHECK ((role = 'platform_admin') = (site_id IS NULL AND unit_id IS NULL))
);
CREATE INDEX memberships_user ON memberships (user_id);
CREATE INDEX memberships_site ON memberships (site_id);
CREATE INDEX memberships_unit ON memberships (unit_id);

CREATE TABLE membership_sections (
    membership_id TEXT COLLATE "C" NOT NULL REFERENCES memberships (id) ON DELETE CASCADE,
    section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    PRIMARY KEY (membership_id, section_id)
);
CREATE INDEX membership_sections_section ON membership_sections (section_id);

CREATE TABLE sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Every refresh token ever given out for a session, hashed: an old one that comes back ends the session.
CREATE TABLE session_tokens (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX session_tokens_session ON session_tokens (session_id);

CREATE TABLE password_links (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    token_hash TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE UNIQUE INDEX password_links_token ON password_links (token_hash);
CREATE INDEX password_links_user ON password_links (user_id);
CREATE INDEX password_links_created_by ON password_links (created_by);

CREATE TABLE login_failures (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    subject TEXT COLLATE "C" NOT NULL CHECK (subject IN ('account', 'address')),
    subject_key TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX login_failures_subject ON login_failures (subject, subject_key, at);
CREATE INDEX login_failures_at ON login_failures (at);
