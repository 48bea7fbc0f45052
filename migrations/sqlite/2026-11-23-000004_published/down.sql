DROP TABLE reprojections;
DROP TABLE published_withdrawals;
DROP TABLE published_paths;
DROP TABLE published_attributes;
DROP TABLE published_entries;
