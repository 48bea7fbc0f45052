-- The projection: what readers get. Delivery reads content from here and nowhere else.
CREATE TABLE published_entries (
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT NOT NULL,
    origin_site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    translation_group_id TEXT NOT NULL,
    section_id TEXT NOT NULL REFERENCES sections (id) ON DELETE RESTRICT,
    slug TEXT NOT NULL,
    path TEXT NOT NULL,
    revision_id TEXT NOT NULL,
    edition INTEGER NOT NULL,
    first_published_at TIMESTAMP NOT NULL,
    public_updated_at TIMESTAMP NOT NULL,
    title_key TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    expire_at TIMESTAMP,
    format INTEGER NOT NULL,
    document TEXT NOT NULL,
    card TEXT NOT NULL,
    PRIMARY KEY (site_id, entry_id)
);
CREATE UNIQUE INDEX published_entries_slug ON published_entries (site_id, locale, slug);
CREATE UNIQUE INDEX published_entries_path ON published_entries (site_id, path);
CREATE INDEX published_entries_updated ON published_entries (site_id, locale, kind, public_updated_at, entry_id);
CREATE INDEX published_entries_first ON published_entries (site_id, locale, kind, first_published_at, entry_id);
CREATE INDEX published_entries_title ON published_entries (site_id, locale, kind, title_key, entry_id);
CREATE INDEX published_entries_all ON published_entries (site_id, locale, public_updated_at, entry_id);
CREATE INDEX published_entries_entry ON published_entries (entry_id);
CREATE INDEX published_entries_group ON published_entries (translation_group_id);
CREATE INDEX published_entries_section ON published_entries (section_id, entry_id);
CREATE INDEX published_entries_origin ON published_entries (origin_site_id);
CREATE INDEX published_entries_format ON published_entries (format);
CREATE INDEX published_entries_expiry ON published_entries (expire_at, entry_id) WHERE expire_at IS NOT NULL;

-- Repeats the sort keys, so that a filtered list is one range of one index.
CREATE TABLE published_attributes (
    site_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name IN ('section', 'tag')),
    value TEXT NOT NULL,
    first_published_at TIMESTAMP NOT NULL,
    public_updated_at TIMESTAMP NOT NULL,
    title_key TEXT NOT NULL,
    PRIMARY KEY (site_id, entry_id, name, value),
    FOREIGN KEY (site_id, entry_id) REFERENCES published_entries (site_id, entry_id) ON DELETE CASCADE
);
CREATE INDEX published_attributes_updated ON published_attributes (site_id, locale, kind, name, value, public_updated_at, entry_id);
CREATE INDEX published_attributes_first ON published_attributes (site_id, locale, kind, name, value, first_published_at, entry_id);
CREATE INDEX published_attributes_title ON published_attributes (site_id, locale, kind, name, value, title_key, entry_id);
CREATE INDEX published_attributes_all ON published_attributes (site_id, locale, name, value, public_updated_at, entry_id);

-- Every path that was ever public, with the entry it led to.
CREATE TABLE published_paths (
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    path TEXT NOT NULL,
    locale TEXT NOT NULL,
    slug TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    PRIMARY KEY (site_id, path)
);
CREATE UNIQUE INDEX published_paths_slug ON published_paths (site_id, locale, slug);
CREATE INDEX published_paths_entry ON published_paths (site_id, entry_id);

CREATE TABLE published_withdrawals (
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('notice', 'redirect', 'gone', 'expired')),
    reason TEXT,
    redirect_to TEXT,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (site_id, entry_id)
);

-- Work left by a change to something that documents embed.
CREATE TABLE reprojections (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    section_id TEXT REFERENCES sections (id) ON DELETE RESTRICT,
    after_entry TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX reprojections_site ON reprojections (site_id);
CREATE INDEX reprojections_section ON reprojections (section_id);
