-- What people add to the books: promises, disputes, notes and who pays, with who did it,
-- when and where; and the audit, which can only grow.

-- +goose Up
CREATE TABLE promises (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id   BIGINT NOT NULL REFERENCES customers (id),
    document_id   BIGINT REFERENCES documents (id), -- NULL for the customer as a whole
    key           TEXT COLLATE "C" NOT NULL, -- equal for the same said twice
    currency      TEXT NOT NULL,
    grace_days    BIGINT NOT NULL,
    note          TEXT NOT NULL,
    already       BIGINT, -- paid on its day before it was made
    made_by       TEXT NOT NULL,
    made_at       BIGINT,
    made_on       BIGINT,
    made_where    TEXT NOT NULL,
    ended         TEXT NOT NULL DEFAULT '', -- how; nothing while it stands
    ended_by      TEXT NOT NULL DEFAULT '',
    ended_at      BIGINT,
    ended_on      BIGINT,
    ended_where   TEXT NOT NULL DEFAULT '',
    superseded_by BIGINT REFERENCES promises (id),
    last_due      BIGINT NOT NULL, -- of its parts
    verdict       TEXT, -- the one that was told last, a JSON object
    told          BIGINT, -- when
    decided       BIGINT NOT NULL DEFAULT 0 -- 1 if that verdict is final
);
CREATE UNIQUE INDEX promises_standing ON promises (key) WHERE ended = '';
CREATE INDEX promises_customer ON promises (customer_id);
CREATE INDEX promises_document ON promises (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX promises_undecided ON promises (last_due) WHERE ended = '' AND decided = 0;
CREATE INDEX promises_made ON promises (made_at);
CREATE INDEX promises_superseded ON promises (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE promise_parts (
    promise_id BIGINT NOT NULL REFERENCES promises (id),
    no         BIGINT NOT NULL,
    amount     BIGINT NOT NULL,
    due        BIGINT NOT NULL,
    PRIMARY KEY (promise_id, no)
);
CREATE INDEX promise_parts_due ON promise_parts (due);

CREATE TABLE disputes (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id  BIGINT NOT NULL REFERENCES customers (id),
    document_id  BIGINT NOT NULL REFERENCES documents (id),
    reason       TEXT NOT NULL,
    currency     TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    note         TEXT NOT NULL,
    department   TEXT NOT NULL,
    assignee     TEXT NOT NULL,
    due          BIGINT, -- by when it is to be resolved
    state        TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    BIGINT,
    opened_on    BIGINT,
    opened_where TEXT NOT NULL
);
CREATE INDEX disputes_customer ON disputes (customer_id);
CREATE INDEX disputes_document ON disputes (document_id);
CREATE INDEX disputes_standing ON disputes (due) WHERE state <> 'resolved';
CREATE INDEX disputes_opened ON disputes (opened_on);

CREATE TABLE dispute_steps (
    dispute_id BIGINT NOT NULL REFERENCES disputes (id),
    no         BIGINT NOT NULL,
    state      TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    note       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    BIGINT,
    made_on    BIGINT,
    made_where TEXT NOT NULL,
    PRIMARY KEY (dispute_id, no)
);

CREATE TABLE notes (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    document_id BIGINT REFERENCES documents (id), -- NULL for the customer as a whole
    text        TEXT NOT NULL,
    call_ended  TEXT NOT NULL, -- how the call ended; nothing where there was none
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL
);
CREATE INDEX notes_customer ON notes (customer_id, made_at);
CREATE INDEX notes_document ON notes (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE contact_facts (
    customer_id BIGINT NOT NULL PRIMARY KEY REFERENCES customers (id),
    known       TEXT NOT NULL, -- a JSON object
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL
);

CREATE TABLE audit_records (
    id      BIGINT NOT NULL PRIMARY KEY, -- covered by the sum, so it is known before
    at      BIGINT NOT NULL, -- microseconds since 1970-01-01 UTC, since the sum covers it
    actor   TEXT NOT NULL,
    origin  TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT NOT NULL, -- canonical JSON
    after   TEXT NOT NULL,
    sum     TEXT NOT NULL,
    no      BIGINT -- the place that a seal gave it
);
CREATE UNIQUE INDEX audit_places ON audit_records (no) WHERE no IS NOT NULL;
CREATE INDEX audit_unsealed ON audit_records (id) WHERE no IS NULL;

CREATE TABLE audit_seals (
    first_no BIGINT NOT NULL PRIMARY KEY,
    last_no  BIGINT NOT NULL,
    previous TEXT NOT NULL,
    root     TEXT NOT NULL,
    hash     TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_seals_last ON audit_seals (last_no);

CREATE SEQUENCE audit_ids; -- its numbers have gaps where a transaction was rolled back

-- A slip with a database tool is refused; the seals prove what is done on purpose.
-- +goose StatementBegin
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_records_written BEFORE INSERT ON audit_records FOR EACH ROW
    WHEN (NEW.no IS NOT NULL) EXECUTE FUNCTION audit_refuse('an audit record is written once');
CREATE TRIGGER audit_records_changed BEFORE UPDATE ON audit_records FOR EACH ROW
    WHEN (NOT (OLD.no IS NULL AND NEW.no IS NOT NULL
        AND (OLD.id, OLD.at, OLD.actor, OLD.origin, OLD.action, OLD.subject, OLD.before, OLD.after, OLD.sum)
        IS NOT DISTINCT FROM (NEW.id, NEW.at, NEW.actor, NEW.origin, NEW.action, NEW.subject, NEW.before, NEW.after, NEW.sum)))
    EXECUTE FUNCTION audit_refuse('an audit record is never changed');
CREATE TRIGGER audit_records_removed BEFORE DELETE ON audit_records FOR EACH ROW
    EXECUTE FUNCTION audit_refuse('an audit record is never removed');
CREATE TRIGGER audit_records_emptied BEFORE TRUNCATE ON audit_records
    EXECUTE FUNCTION audit_refuse('an audit record is never removed');
CREATE TRIGGER audit_seals_changed BEFORE UPDATE ON audit_seals FOR EACH ROW
    EXECUTE FUNCTION audit_refuse('a seal is never changed');
CREATE TRIGGER audit_seals_removed BEFORE DELETE ON audit_seals FOR EACH ROW
    EXECUTE FUNCTION audit_refuse('a seal is never removed');
CREATE TRIGGER audit_seals_emptied BEFORE TRUNCATE ON audit_seals
    EXECUTE FUNCTION audit_refuse('a seal is never removed');
