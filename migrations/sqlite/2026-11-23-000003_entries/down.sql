DROP TABLE preview_links;
DROP TABLE paths;
DROP TABLE transitions;
DROP TABLE revisions;
DROP TABLE edition_authors;
DROP TABLE editions;
DROP TABLE entries;
