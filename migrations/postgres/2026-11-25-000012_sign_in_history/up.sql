-- What came of signing in: tries of one account from one network with one outcome are a row a minute.
-- user_id is null where no account has the address that was typed; what was typed is not kept. address is
-- null where tries from many networks are summed up.
CREATE TABLE sign_ins (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" REFERENCES users (id) ON DELETE RESTRICT,
    outcome TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C",
    user_agent TEXT COLLATE "C" NOT NULL,
    tries BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_ins_at ON sign_ins (at, id);
CREATE INDEX sign_ins_user ON sign_ins (user_id, at, id);
CREATE INDEX sign_ins_outcome ON sign_ins (outcome, at, id);
