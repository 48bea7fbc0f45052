DROP INDEX published_entries_ends;
ALTER TABLE editions DROP COLUMN earlier_authors;
ALTER TABLE site_settings DROP COLUMN desk_reading;
DROP TABLE allowed_hosts;
