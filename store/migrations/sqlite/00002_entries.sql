-- Ledgers that are read through an API: how to reach them and how they are, entries
-- that stand for several records, exchange rates, labels, merged customers. Columns
-- with a constant default cost nothing on a big table, and the indexes hold no row yet.

-- +goose Up
CREATE TABLE connections (
    name         TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL,
    company      TEXT NOT NULL,
    title        TEXT NOT NULL,
    home         TEXT NOT NULL,
    zone         TEXT NOT NULL,
    sealed       BLOB NOT NULL, -- the tokens, encrypted
    expires      INTEGER,
    hard_expires INTEGER,
    health       TEXT NOT NULL,
    health_why   TEXT NOT NULL,
    health_since INTEGER,
    health_until INTEGER,
    version      INTEGER NOT NULL, -- counts the writes, also across a drop
    dropped      INTEGER NOT NULL,
    lease_holder TEXT NOT NULL DEFAULT '',
    lease_until  INTEGER
) STRICT, WITHOUT ROWID;

ALTER TABLE sources ADD COLUMN health TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN health_why TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN health_since INTEGER;
ALTER TABLE sources ADD COLUMN health_until INTEGER;

ALTER TABLE customers ADD COLUMN merged_into INTEGER REFERENCES customers (id); -- never one that is merged itself
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE documents ADD COLUMN rate TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN labels TEXT NOT NULL DEFAULT ''; -- a JSON object, or nothing
ALTER TABLE documents ADD COLUMN entry TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_entry ON documents (source_id, entry) WHERE entry <> '';
CREATE INDEX documents_labels ON documents (customer_id, date) WHERE labels <> '';

ALTER TABLE applications ADD COLUMN entry TEXT NOT NULL DEFAULT '';
CREATE INDEX applications_entry ON applications (source_id, entry) WHERE entry <> '';
