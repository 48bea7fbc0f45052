DROP INDEX password_links_asked_by;
ALTER TABLE password_links DROP COLUMN asked_by;
DROP TABLE password_origins;
DROP TABLE notices;
DROP TABLE access_requests;
