ALTER TABLE audit_heads DROP COLUMN counted;
ALTER TABLE audit_heads DROP COLUMN generation;
ALTER TABLE audit DROP COLUMN reseal_generation;
ALTER TABLE audit DROP COLUMN reseal;
ALTER TABLE audit DROP COLUMN generation;
DROP TABLE audit_generations;
