-- What a run could not read, or took as it stands though it looks wrong: sentences, one a
-- line. It holds until everything is read again.

-- +goose Up
ALTER TABLE runs ADD COLUMN left_out TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_left_out ON runs (source_id, id) WHERE left_out <> '';
CREATE INDEX runs_everything ON runs (source_id, id) WHERE full_read = 1 AND finished IS NOT NULL AND fault = '';
