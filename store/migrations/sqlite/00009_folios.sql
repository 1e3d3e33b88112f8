-- Leaves of the ledger in few bytes, which sums over the whole book are made of. What they
-- hold follows from documents and applications, and whoever changes these drops them.

-- +goose Up
CREATE TABLE folios (
    source_id INTEGER NOT NULL REFERENCES sources (id),
    no        INTEGER NOT NULL, -- ids of documents / 1024
    changed   INTEGER NOT NULL, -- how often it was dropped
    content   BLOB,             -- NULL since then
    PRIMARY KEY (no, source_id)
) STRICT;
