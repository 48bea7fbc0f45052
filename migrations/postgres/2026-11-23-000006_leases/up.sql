-- Who does the work that one node is to do, and what the clock could not publish.
CREATE TABLE leases (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The node that has it; none when it was given back.
    holder TEXT COLLATE "C",
    -- By the clock of its holder, for people to read. No node compares it with a clock of its own.
    expires_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);

-- A row stays as long as its edition waits for a person. The working list reads it.
CREATE TABLE held_publications (
    entry_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    reason TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX held_publications_site ON held_publications (site_id);
