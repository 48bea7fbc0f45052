DROP TABLE sections;
DROP TABLE site_settings;
DROP TABLE site_hosts;
DROP TABLE sites;
DROP TABLE unit_successions;
DROP TABLE units;
