-- A site's entries are many, an entry's translations few: SQLite, which keeps no statistics here, took
-- the index of the site for both.
DROP INDEX published_entries_group;
CREATE INDEX published_entries_group ON published_entries (translation_group_id, site_id, locale);

-- Which sites have documents in an older form, by one look at each.
DROP INDEX published_entries_format;
CREATE INDEX published_entries_format ON published_entries (site_id, format);

-- Lists in another order than that of the first publication can be limited by it, too: it is looked at in
-- the index.
DROP INDEX published_entries_updated;
CREATE INDEX published_entries_updated ON published_entries (site_id, locale, kind, public_updated_at, entry_id, first_published_at);
DROP INDEX published_entries_title;
CREATE INDEX published_entries_title ON published_entries (site_id, locale, kind, title_key, entry_id, first_published_at);
DROP INDEX published_entries_all;
CREATE INDEX published_entries_all ON published_entries (site_id, locale, public_updated_at, entry_id, first_published_at);
DROP INDEX published_attributes_updated;
CREATE INDEX published_attributes_updated ON published_attributes (site_id, locale, kind, name, value, public_updated_at, entry_id, first_published_at);
DROP INDEX published_attributes_title;
CREATE INDEX published_attributes_title ON published_attributes (site_id, locale, kind, name, value, title_key, entry_id, first_published_at);
DROP INDEX published_attributes_all;
CREATE INDEX published_attributes_all ON published_attributes (site_id, locale, name, value, public_updated_at, entry_id, first_published_at);
