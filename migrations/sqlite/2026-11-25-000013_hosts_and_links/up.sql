-- Which host names a site may use, as the platform allows: a name, or `*.` and a name, where the star
-- stands for one label. A name is allowed to one site only.
CREATE TABLE allowed_hosts (
    name TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    -- None for what a site had before the platform was asked, and on the command line.
    allowed_by TEXT REFERENCES users (id) ON DELETE RESTRICT,
    allowed_at TIMESTAMP
);
CREATE INDEX allowed_hosts_site ON allowed_hosts (site_id, name);
CREATE INDEX allowed_hosts_allowed_by ON allowed_hosts (allowed_by);
INSERT INTO allowed_hosts (name, site_id) SELECT host, site_id FROM site_hosts;

ALTER TABLE site_settings ADD COLUMN desk_reading TEXT NOT NULL DEFAULT 'site';

-- JSON: whose words an edition began with or took over, besides those of its authors. None where that
-- is not known, in editions from before this column.
ALTER TABLE editions ADD COLUMN earlier_authors TEXT;

-- What has ended by itself at a site, and when the next one ends.
CREATE INDEX published_entries_ends ON published_entries (site_id, expire_at, entry_id) WHERE expire_at IS NOT NULL;
