-- Words that may grow have no CHECK: an older node meets a newer one's words while nodes are replaced,
-- and a new word must not cost a new table. The code refuses unknown words where they are written.
-- Each table is built anew, as SQLite has no way to drop a CHECK.
CREATE TABLE new_memberships (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    role TEXT NOT NULL,
    site_id TEXT REFERENCES sites (id) ON DELETE RESTRICT,
    unit_id TEXT REFERENCES units (id) ON DELETE RESTRICT,
    ended_at TIMESTAMP,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (site_id IS NULL OR unit_id IS NULL),
    CHECK ((role = 'platform_admin') = (site_id IS NULL AND unit_id IS NULL))
);
INSERT INTO new_memberships (id, user_id, role, site_id, unit_id, ended_at, version, created_at, updated_at)
    SELECT id, user_id, role, site_id, unit_id, ended_at, version, created_at, updated_at FROM memberships;
DROP TABLE memberships;
ALTER TABLE new_memberships RENAME TO memberships;
CREATE INDEX memberships_user ON memberships (user_id);
CREATE INDEX memberships_site ON memberships (site_id);
CREATE INDEX memberships_unit ON memberships (unit_id);

CREATE TABLE new_entries (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    translation_group_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    open_edition_id TEXT REFERENCES editions (id) DEFERRABLE INITIALLY DEFERRED,
    live_edition_id TEXT REFERENCES editions (id) DEFERRABLE INITIALLY DEFERRED,
    submitted BOOLEAN NOT NULL,
    first_published_at TIMESTAMP,
    public_updated_at TIMESTAMP,
    -- The working list reads these alone; they repeat the open edition's values, or else the live one's.
    state TEXT NOT NULL,
    section_id TEXT NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    title TEXT NOT NULL,
    assignee_id TEXT REFERENCES users (id) ON DELETE RESTRICT,
    needs_second_look BOOLEAN NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
INSERT INTO new_entries (id, site_id, kind, locale, translation_group_id, version, open_edition_id, live_edition_id, submitted, first_published_at, public_updated_at, state, section_id, title, assignee_id, needs_second_look, created_by, created_at, updated_at)
    SELECT id, site_id, kind, locale, translation_group_id, version, open_edition_id, live_edition_id, submitted, first_published_at, public_updated_at, state, section_id, title, assignee_id, needs_second_look, created_by, created_at, updated_at FROM entries;
DROP TABLE entries;
ALTER TABLE new_entries RENAME TO entries;
CREATE UNIQUE INDEX entries_translation ON entries (site_id, translation_group_id, locale);
CREATE INDEX entries_updated ON entries (updated_at, id);
CREATE INDEX entries_site ON entries (site_id, id);
CREATE INDEX entries_site_updated ON entries (site_id, updated_at, id);
CREATE INDEX entries_site_state ON entries (site_id, state, updated_at, id);
CREATE INDEX entries_section ON entries (section_id, updated_at, id);
CREATE INDEX entries_assignee ON entries (assignee_id, updated_at, id);
CREATE INDEX entries_second_look ON entries (site_id, updated_at, id) WHERE needs_second_look;
CREATE INDEX entries_state ON entries (state, updated_at, id);
CREATE INDEX entries_second_look_anywhere ON entries (updated_at, id) WHERE needs_second_look;
CREATE INDEX entries_open_edition ON entries (open_edition_id);
CREATE INDEX entries_live_edition ON entries (live_edition_id);
CREATE INDEX entries_created_by ON entries (created_by);

CREATE TABLE new_editions (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    revision_id TEXT NOT NULL REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED,
    assignee_id TEXT REFERENCES users (id) ON DELETE RESTRICT,
    approved_by TEXT REFERENCES users (id) ON DELETE RESTRICT,
    approved_at TIMESTAMP,
    approved_sha256 TEXT,
    publish_at TIMESTAMP,
    published_at TIMESTAMP,
    forced_by TEXT REFERENCES users (id) ON DELETE RESTRICT,
    confirmed_by TEXT REFERENCES users (id) ON DELETE RESTRICT,
    withdraw_kind TEXT,
    withdraw_reason TEXT,
    redirect_to TEXT,
    withdrawn_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL, earlier_authors TEXT,
    CHECK (state <> 'scheduled' OR publish_at IS NOT NULL),
    CHECK ((approved_by IS NULL) = (approved_sha256 IS NULL) AND (approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (state NOT IN ('approved', 'scheduled') OR approved_sha256 IS NOT NULL),
    CHECK (state <> 'published' OR published_at IS NOT NULL),
    CHECK (state <> 'withdrawn' OR (withdraw_kind IS NOT NULL AND withdrawn_at IS NOT NULL))
);
INSERT INTO new_editions (id, site_id, entry_id, number, state, revision_id, assignee_id, approved_by, approved_at, approved_sha256, publish_at, published_at, forced_by, confirmed_by, withdraw_kind, withdraw_reason, redirect_to, withdrawn_at, created_at, updated_at, earlier_authors)
    SELECT id, site_id, entry_id, number, state, revision_id, assignee_id, approved_by, approved_at, approved_sha256, publish_at, published_at, forced_by, confirmed_by, withdraw_kind, withdraw_reason, redirect_to, withdrawn_at, created_at, updated_at, earlier_authors FROM editions;
DROP TABLE editions;
ALTER TABLE new_editions RENAME TO editions;
CREATE UNIQUE INDEX editions_number ON editions (entry_id, number);
CREATE UNIQUE INDEX editions_one_open ON editions (entry_id)
    WHERE state IN ('draft', 'in_review', 'changes_requested', 'in_approval', 'approved', 'scheduled');
CREATE UNIQUE INDEX editions_one_published ON editions (entry_id) WHERE state = 'published';
CREATE INDEX editions_due ON editions (publish_at, id) WHERE publish_at IS NOT NULL;
CREATE INDEX editions_site ON editions (site_id);
CREATE INDEX editions_revision ON editions (revision_id);
CREATE INDEX editions_assignee ON editions (assignee_id);
CREATE INDEX editions_approved_by ON editions (approved_by);
CREATE INDEX editions_forced_by ON editions (forced_by);
CREATE INDEX editions_confirmed_by ON editions (confirmed_by);

CREATE TABLE new_transitions (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    revision_id TEXT NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    actor_id TEXT REFERENCES users (id) ON DELETE RESTRICT,
    comment TEXT,
    at TIMESTAMP NOT NULL
);
INSERT INTO new_transitions (id, site_id, entry_id, edition_id, number, action, from_state, to_state, revision_id, actor_id, comment, at)
    SELECT id, site_id, entry_id, edition_id, number, action, from_state, to_state, revision_id, actor_id, comment, at FROM transitions;
DROP TABLE transitions;
ALTER TABLE new_transitions RENAME TO transitions;
CREATE UNIQUE INDEX transitions_number ON transitions (entry_id, number);
CREATE INDEX transitions_edition ON transitions (edition_id);
CREATE INDEX transitions_site ON transitions (site_id);
CREATE INDEX transitions_revision ON transitions (revision_id);
CREATE INDEX transitions_actor ON transitions (actor_id);

CREATE TABLE new_published_attributes (
    site_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    first_published_at TIMESTAMP NOT NULL,
    public_updated_at TIMESTAMP NOT NULL,
    title_key TEXT NOT NULL,
    PRIMARY KEY (site_id, entry_id, name, value),
    FOREIGN KEY (site_id, entry_id) REFERENCES published_entries (site_id, entry_id) ON DELETE CASCADE
);
INSERT INTO new_published_attributes (site_id, entry_id, kind, locale, name, value, first_published_at, public_updated_at, title_key)
    SELECT site_id, entry_id, kind, locale, name, value, first_published_at, public_updated_at, title_key FROM published_attributes;
DROP TABLE published_attributes;
ALTER TABLE new_published_attributes RENAME TO published_attributes;
CREATE INDEX published_attributes_first ON published_attributes (site_id, locale, kind, name, value, first_published_at, entry_id);
CREATE INDEX published_attributes_updated ON published_attributes (site_id, locale, kind, name, value, public_updated_at, entry_id, first_published_at);
CREATE INDEX published_attributes_title ON published_attributes (site_id, locale, kind, name, value, title_key, entry_id, first_published_at);
CREATE INDEX published_attributes_all ON published_attributes (site_id, locale, name, value, public_updated_at, entry_id, first_published_at);

CREATE TABLE new_published_withdrawals (
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    redirect_to TEXT,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (site_id, entry_id)
);
INSERT INTO new_published_withdrawals (site_id, entry_id, kind, reason, redirect_to, at)
    SELECT site_id, entry_id, kind, reason, redirect_to, at FROM published_withdrawals;
DROP TABLE published_withdrawals;
ALTER TABLE new_published_withdrawals RENAME TO published_withdrawals;

CREATE TABLE new_changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    site_id TEXT REFERENCES sites (id) ON DELETE RESTRICT,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
INSERT INTO new_changes (seq, site_id, subject, subject_id, kind, at)
    SELECT seq, site_id, subject, subject_id, kind, at FROM changes;
DROP TABLE changes;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX changes_site ON changes (site_id, seq);
