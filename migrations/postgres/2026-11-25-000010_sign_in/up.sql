-- Failed sign-ins, one row for each thing they are counted by, and the networks an account has signed in
-- from. Keys are hashes: people type passwords into the wrong field. login_failures stays for the nodes of
-- 0.2 that run beside new ones.
CREATE TABLE sign_in_counters (
    counter_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_key TEXT COLLATE "C",
    failures INTEGER NOT NULL,
    since TIMESTAMP NOT NULL,
    locks INTEGER NOT NULL,
    locked_until TIMESTAMP,
    forget_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_counters_account ON sign_in_counters (account_key);
CREATE INDEX sign_in_counters_forget ON sign_in_counters (forget_at);

CREATE TABLE sign_in_networks (
    pair_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_networks_last ON sign_in_networks (last_at);
