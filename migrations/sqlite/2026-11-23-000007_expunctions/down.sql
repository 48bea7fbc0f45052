DROP INDEX password_links_expiry;
DROP INDEX revisions_age;
ALTER TABLE audit DROP COLUMN expunged_seal;
ALTER TABLE revisions DROP COLUMN expunged_at;
DROP TABLE expunction_items;
DROP TABLE expunctions;
