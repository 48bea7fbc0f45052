DROP TABLE sign_in_networks;
DROP TABLE sign_in_counters;
