-- Units through time, who succeeded whom, sites with their hosts and settings, sections.
CREATE TABLE units (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('province', 'city', 'district', 'commune', 'ward', 'township', 'special_zone')),
    parent_id TEXT COLLATE "C" REFERENCES units (id) ON DELETE RESTRICT,
    valid_from DATE NOT NULL,
    valid_to DATE CHECK (valid_to > valid_from),
    sort_key TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
-- Codes are reused over time, never at one time.
CREATE UNIQUE INDEX units_code ON units (code, valid_from);
CREATE INDEX units_parent ON units (parent_id);
CREATE INDEX units_sort ON units (sort_key, id);

CREATE TABLE unit_successions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    predecessor_id TEXT COLLATE "C" NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    successor_id TEXT COLLATE "C" NOT NULL REFERENCES units (id) ON DELETE RESTRICT CHECK (successor_id <> predecessor_id),
    on_date DATE NOT NULL,
    legal_basis TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX unit_successions_pair ON unit_successions (predecessor_id, successor_id);
CREATE INDEX unit_successions_successor ON unit_successions (successor_id);

CREATE TABLE sites (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    slug TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'read_only', 'closed')),
    successor_id TEXT COLLATE "C" REFERENCES sites (id) ON DELETE RESTRICT CHECK (successor_id <> id),
    sort_key TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX sites_slug ON sites (slug);
CREATE INDEX sites_unit ON sites (unit_id);
CREATE INDEX sites_successor ON sites (successor_id);
CREATE INDEX sites_sort ON sites (sort_key, id);

CREATE TABLE site_hosts (
    host TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL
);
CREATE INDEX site_hosts_site ON site_hosts (site_id, position);

CREATE TABLE site_settings (
    site_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES sites (id) ON DELETE RESTRICT,
    default_locale TEXT COLLATE "C" NOT NULL,
    locales TEXT COLLATE "C" NOT NULL,
    workflow_policy TEXT COLLATE "C" NOT NULL CHECK (workflow_policy IN ('two_step', 'one_step')),
    contact TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE sections (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    site_id TEXT COLLATE "C" NOT NULL REFERENCES sites (id) ON DELETE RESTRICT,
    parent_id TEXT COLLATE "C" REFERENCES sections (id) ON DELETE RESTRICT CHECK (parent_id <> id),
    slug TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    opens_on DATE,
    closes_on DATE CHECK (closes_on > opens_on),
    rule TEXT COLLATE "C",
    slug_fixed BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX sections_slug ON sections (site_id, slug);
CREATE INDEX sections_order ON sections (site_id, position, id);
CREATE INDEX sections_parent ON sections (parent_id);
