ALTER TABLE editions DROP CONSTRAINT editions_revision_id_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_open_edition_id_fkey, DROP CONSTRAINT entries_live_edition_id_fkey;
DROP TABLE preview_links;
DROP TABLE paths;
DROP TABLE transitions;
DROP TABLE revisions;
DROP TABLE edition_authors;
DROP TABLE editions;
DROP TABLE entries;
