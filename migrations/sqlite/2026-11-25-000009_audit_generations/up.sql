-- The secrets that the audit trail was and is written with, by their fingerprints; never a secret.
CREATE TABLE audit_generations (
    number BIGINT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    began_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP
);
CREATE UNIQUE INDEX audit_generations_fingerprint ON audit_generations (fingerprint);

-- Which of them sealed a record; none for records of earlier releases.
ALTER TABLE audit ADD COLUMN generation TEXT;
-- A second seal under a later secret, so that the first one may go.
ALTER TABLE audit ADD COLUMN reseal TEXT;
ALTER TABLE audit ADD COLUMN reseal_generation TEXT;

-- Who wrote the last record, and whether the platform's chain knows of the chain.
ALTER TABLE audit_heads ADD COLUMN generation TEXT;
ALTER TABLE audit_heads ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
