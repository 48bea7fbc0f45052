DROP TABLE idempotency_keys;
DROP TABLE audit;
DROP TABLE audit_heads;
DROP TABLE changes;
DROP TABLE change_counter;
