-- Entries, their editions and revisions, the history of the workflow, reserved slugs, preview links.
CREATE TABLE entries (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    kind TEXT COLLATE "C" NOT NULL,
    locale TEXT COLLATE "C" NOT NULL,
    translation_group_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    open_edition_id TEXT COLLATE "C",
    live_edition_id TEXT COLLATE "C",
    submitted BOOLEAN NOT NULL,
    first_published_at TIMESTAMP,
    public_updated_at TIMESTAMP,
    -- The working list reads these alone; they repeat the open edition's values, or else the live one's.
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'in_review', 'changes_requested', 'in_approval', 'approved', 'scheduled', 'published', 'superseded', 'withdrawn', 'archived')),
    section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    title TEXT COLLATE "C" NOT NULL,
    assignee_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    needs_second_look BOOLEAN NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
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

CREATE TABLE editions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('draft', 'in_review', 'changes_requested', 'in_approval', 'approved', 'scheduled', 'published', 'superseded', 'withdrawn', 'archived')),
    revision_id TEXT COLLATE "C" NOT NULL,
    assignee_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    approved_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    approved_at TIMESTAMP,
    approved_sha256 TEXT COLLATE "C",
    publish_at TIMESTAMP,
    published_at TIMESTAMP,
    forced_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    confirmed_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    withdraw_kind TEXT COLLATE "C" CHECK (withdraw_kind IN ('notice', 'redirect', 'gone', 'expired')),
    withdraw_reason TEXT COLLATE "C",
    redirect_to TEXT COLLATE "C",
    withdrawn_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK ((state = 'scheduled') = (publish_at IS NOT NULL)),
    CHECK ((approved_by IS NULL) = (approved_sha256 IS NULL) AND (approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (state NOT IN ('approved', 'scheduled') OR approved_sha256 IS NOT NULL),
    CHECK (state <> 'published' OR published_at IS NOT NULL),
    CHECK (state <> 'withdrawn' OR (withdraw_kind IS NOT NULL AND withdrawn_at IS NOT NULL))
);
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

CREATE TABLE edition_authors (
    edition_id TEXT COLLATE "C" NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    PRIMARY KEY (edition_id, user_id)
);
CREATE INDEX edition_authors_user ON edition_authors (user_id, entry_id);
CREATE INDEX edition_authors_entry ON edition_authors (entry_id, user_id);

CREATE TABLE revisions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    edition_id TEXT COLLATE "C" NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    snapshot TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    section_id TEXT COLLATE "C" NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    title TEXT COLLATE "C" NOT NULL,
    author_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX revisions_number ON revisions (entry_id, number);
CREATE INDEX revisions_edition ON revisions (edition_id);
CREATE INDEX revisions_site ON revisions (site_id);
CREATE INDEX revisions_section ON revisions (section_id);
CREATE INDEX revisions_author ON revisions (author_id);

CREATE TABLE transitions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    edition_id TEXT COLLATE "C" NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    action TEXT COLLATE "C" NOT NULL CHECK (action IN ('save', 'submit', 'recall', 'assign', 'request_changes', 'pass', 'approve', 'publish', 'schedule', 'unschedule', 'force_publish', 'confirm', 'revise', 'withdraw', 'expire', 'archive')),
    from_state TEXT COLLATE "C" NOT NULL,
    to_state TEXT COLLATE "C" NOT NULL,
    revision_id TEXT COLLATE "C" NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    actor_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    comment TEXT COLLATE "C",
    at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX transitions_number ON transitions (entry_id, number);
CREATE INDEX transitions_edition ON transitions (edition_id);
CREATE INDEX transitions_site ON transitions (site_id);
CREATE INDEX transitions_revision ON transitions (revision_id);
CREATE INDEX transitions_actor ON transitions (actor_id);

-- A published slug is never given to other content.
CREATE TABLE paths (
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    locale TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    published BOOLEAN NOT NULL,
    PRIMARY KEY (site_id, locale, slug)
);
CREATE INDEX paths_entry ON paths (entry_id);

CREATE TABLE preview_links (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    revision_id TEXT COLLATE "C" NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    token_hash TEXT COLLATE "C" NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE UNIQUE INDEX preview_links_token ON preview_links (token_hash);
CREATE INDEX preview_links_entry ON preview_links (entry_id, created_at);
CREATE INDEX preview_links_site ON preview_links (site_id);
CREATE INDEX preview_links_revision ON preview_links (revision_id);
CREATE INDEX preview_links_created_by ON preview_links (created_by);
CREATE INDEX preview_links_expiry ON preview_links (expires_at);

-- The tables refer to each other in a circle; PostgreSQL wants both ends to exist.
ALTER TABLE entries
    ADD CONSTRAINT entries_open_edition_id_fkey FOREIGN KEY (open_edition_id) REFERENCES editions (id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT entries_live_edition_id_fkey FOREIGN KEY (live_edition_id) REFERENCES editions (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE editions
    ADD CONSTRAINT editions_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED;
