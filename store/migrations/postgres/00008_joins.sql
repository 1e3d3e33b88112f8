-- A ledger whose company another one has now: what was its is gone, and what people added
-- to it stands with the other.

-- +goose Up
ALTER TABLE sources ADD COLUMN joined_into BIGINT REFERENCES sources (id);

-- The date of the last list of all that was open, for sources that are such lists.
ALTER TABLE sources ADD COLUMN open_as_of BIGINT;
