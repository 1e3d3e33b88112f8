-- The customer that a document was with when its source was last read to the end, where it
-- is with another one since: by it we tell into which customer one was merged that is gone.

-- +goose Up
ALTER TABLE documents ADD COLUMN came_from INTEGER REFERENCES customers (id);
CREATE INDEX documents_came_from ON documents (source_id, came_from) WHERE came_from IS NOT NULL;
