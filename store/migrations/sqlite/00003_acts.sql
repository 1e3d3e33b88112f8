-- What people add to the books: promises, disputes, notes and who pays, with who did it,
-- when and where; and the audit, which can only grow.

-- +goose Up
CREATE TABLE promises (
    id            INTEGER PRIMARY KEY,
    customer_id   INTEGER NOT NULL REFERENCES customers (id),
    document_id   INTEGER REFERENCES documents (id), -- NULL for the customer as a whole
    key           TEXT NOT NULL, -- equal for the same said twice
    currency      TEXT NOT NULL,
    grace_days    INTEGER NOT NULL,
    note          TEXT NOT NULL,
    already       INTEGER, -- paid on its day before it was made
    made_by       TEXT NOT NULL,
    made_at       INTEGER,
    made_on       INTEGER,
    made_where    TEXT NOT NULL,
    ended         TEXT NOT NULL DEFAULT '', -- how; nothing while it stands
    ended_by      TEXT NOT NULL DEFAULT '',
    ended_at      INTEGER,
    ended_on      INTEGER,
    ended_where   TEXT NOT NULL DEFAULT '',
    superseded_by INTEGER REFERENCES promises (id),
    last_due      INTEGER NOT NULL, -- of its parts
    verdict       TEXT, -- the one that was told last, a JSON object
    told          INTEGER, -- when
    decided       INTEGER NOT NULL DEFAULT 0 -- 1 if that verdict is final
) STRICT;
CREATE UNIQUE INDEX promises_standing ON promises (key) WHERE ended = '';
CREATE INDEX promises_customer ON promises (customer_id);
CREATE INDEX promises_document ON promises (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX promises_undecided ON promises (last_due) WHERE ended = '' AND decided = 0;
CREATE INDEX promises_made ON promises (made_at);
CREATE INDEX promises_superseded ON promises (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE promise_parts (
    promise_id INTEGER NOT NULL REFERENCES promises (id),
    no         INTEGER NOT NULL,
    amount     INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    PRIMARY KEY (promise_id, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_parts_due ON promise_parts (due);

CREATE TABLE disputes (
    id           INTEGER PRIMARY KEY,
    customer_id  INTEGER NOT NULL REFERENCES customers (id),
    document_id  INTEGER NOT NULL REFERENCES documents (id),
    reason       TEXT NOT NULL,
    currency     TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    note         TEXT NOT NULL,
    department   TEXT NOT NULL,
    assignee     TEXT NOT NULL,
    due          INTEGER, -- by when it is to be resolved
    state        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    INTEGER,
    opened_on    INTEGER,
    opened_where TEXT NOT NULL
) STRICT;
CREATE INDEX disputes_customer ON disputes (customer_id);
CREATE INDEX disputes_document ON disputes (document_id);
CREATE INDEX disputes_standing ON disputes (due) WHERE state <> 'resolved';
CREATE INDEX disputes_opened ON disputes (opened_on);

CREATE TABLE dispute_steps (
    dispute_id INTEGER NOT NULL REFERENCES disputes (id),
    no         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    note       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    INTEGER,
    made_on    INTEGER,
    made_where TEXT NOT NULL,
    PRIMARY KEY (dispute_id, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    document_id INTEGER REFERENCES documents (id), -- NULL for the customer as a whole
    text        TEXT NOT NULL,
    call_ended  TEXT NOT NULL, -- how the call ended; nothing where there was none
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL
) STRICT;
CREATE INDEX notes_customer ON notes (customer_id, made_at);
CREATE INDEX notes_document ON notes (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE contact_facts (
    customer_id INTEGER NOT NULL PRIMARY KEY REFERENCES customers (id),
    known       TEXT NOT NULL, -- a JSON object
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL
) STRICT;

CREATE TABLE audit_records (
    id      INTEGER NOT NULL PRIMARY KEY, -- covered by the sum, so it is known before
    at      INTEGER NOT NULL, -- microseconds since 1970-01-01 UTC, since the sum covers it
    actor   TEXT NOT NULL,
    origin  TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT NOT NULL, -- canonical JSON
    after   TEXT NOT NULL,
    sum     TEXT NOT NULL,
    no      INTEGER -- the place that a seal gave it
) STRICT;
CREATE UNIQUE INDEX audit_places ON audit_records (no) WHERE no IS NOT NULL;
CREATE INDEX audit_unsealed ON audit_records (id) WHERE no IS NULL;

CREATE TABLE audit_seals (
    first_no INTEGER NOT NULL PRIMARY KEY,
    last_no  INTEGER NOT NULL,
    previous TEXT NOT NULL,
    root     TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_seals_last ON audit_seals (last_no);

-- A slip with a database tool is refused; the seals prove what is done on purpose.
-- +goose StatementBegin
CREATE TRIGGER audit_records_written BEFORE INSERT ON audit_records
WHEN NEW.no IS NOT NULL OR EXISTS (SELECT 1 FROM audit_records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an audit record is written once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_records_changed BEFORE UPDATE ON audit_records
WHEN NOT (OLD.no IS NULL AND NEW.no IS NOT NULL AND OLD.id IS NEW.id AND OLD.at IS NEW.at AND OLD.actor IS NEW.actor
    AND OLD.origin IS NEW.origin AND OLD.action IS NEW.action AND OLD.subject IS NEW.subject
    AND OLD.before IS NEW.before AND OLD.after IS NEW.after AND OLD.sum IS NEW.sum)
BEGIN SELECT RAISE(ABORT, 'an audit record is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_records_removed BEFORE DELETE ON audit_records
BEGIN SELECT RAISE(ABORT, 'an audit record is never removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_written BEFORE INSERT ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_seals WHERE last_no >= NEW.first_no)
BEGIN SELECT RAISE(ABORT, 'these audit records are sealed already'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_changed BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_removed BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'a seal is never removed'); END;
-- +goose StatementEnd
