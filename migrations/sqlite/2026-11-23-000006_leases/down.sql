DROP TABLE held_publications;
DROP TABLE leases;
