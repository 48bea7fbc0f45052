-- Texts taken away for good: who asked, who confirmed, and what it was about; never the text.
CREATE TABLE expunctions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT COLLATE "C" NOT NULL,
    by_text BOOLEAN NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('asked', 'confirmed', 'cancelled')),
    asked_by TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    asked_at TIMESTAMP NOT NULL,
    decided_by TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    decided_at TIMESTAMP,
    cleaned_at TIMESTAMP,
    CHECK ((state = 'asked') = (decided_by IS NULL) AND (state = 'asked') = (decided_at IS NULL)),
    CHECK (state <> 'confirmed' OR decided_by <> asked_by)
);
CREATE INDEX expunctions_order ON expunctions (asked_at, id);
CREATE INDEX expunctions_site ON expunctions (site_id);
CREATE INDEX expunctions_asked_by ON expunctions (asked_by);
CREATE INDEX expunctions_decided_by ON expunctions (decided_by);

-- What goes; of kind entry: how it has to be for that.
CREATE TABLE expunction_items (
    expunction_id TEXT COLLATE "C" NOT NULL REFERENCES expunctions (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('entry', 'revision', 'comment', 'withdrawal', 'redirect', 'address', 'record')),
    item_key TEXT COLLATE "C" NOT NULL,
    entry_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    places TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (expunction_id, kind, item_key)
);
CREATE INDEX expunction_items_key ON expunction_items (item_key);

ALTER TABLE revisions ADD COLUMN expunged_at TIMESTAMP;
-- Seals what is left of a record whose reason was expunged.
ALTER TABLE audit ADD COLUMN expunged_seal TEXT COLLATE "C";

-- What old rows are found by.
CREATE INDEX revisions_age ON revisions (created_at, id);
CREATE INDEX password_links_expiry ON password_links (expires_at);
