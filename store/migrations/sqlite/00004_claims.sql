-- Who has which overdue account: claims, what is put off, and who an account is assigned
-- to; what people want to be told; escalations and the ladder.

-- +goose Up
CREATE TABLE claims (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    email       TEXT NOT NULL, -- of the holder
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL,
    ended       TEXT NOT NULL DEFAULT '', -- how; nothing while it stands
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    INTEGER,
    ended_on    INTEGER,
    ended_where TEXT NOT NULL DEFAULT ''
) STRICT;
-- Of two who claim at once one wins, whatever the replicas.
CREATE UNIQUE INDEX claims_standing ON claims (customer_id) WHERE ended = '';
CREATE INDEX claims_customer ON claims (customer_id);
CREATE INDEX claims_holder ON claims (made_by) WHERE ended = '';

CREATE TABLE snoozes (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    document_id INTEGER REFERENCES documents (id), -- NULL for the account as a whole
    until       INTEGER NOT NULL, -- the day on which it is back
    reason      TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL,
    ended       TEXT NOT NULL DEFAULT '', -- how, before its day
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    INTEGER,
    ended_on    INTEGER,
    ended_where TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX snoozes_customer ON snoozes (customer_id);
CREATE INDEX snoozes_document ON snoozes (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX snoozes_until ON snoozes (until) WHERE ended = '';

CREATE TABLE assignments (
    customer_id INTEGER NOT NULL PRIMARY KEY REFERENCES customers (id),
    user_id     TEXT NOT NULL,
    email       TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL
) STRICT;
CREATE INDEX assignments_user ON assignments (user_id);

CREATE TABLE subscriptions (
    id          INTEGER PRIMARY KEY,
    user_id     TEXT NOT NULL,
    email       TEXT NOT NULL,
    customer_id INTEGER REFERENCES customers (id), -- NULL for a filter
    filter      TEXT NOT NULL, -- nothing for a customer
    currency    TEXT NOT NULL,
    above       INTEGER NOT NULL, -- what is not more is not told
    made_by     TEXT NOT NULL,
    made_at     INTEGER,
    made_on     INTEGER,
    made_where  TEXT NOT NULL
) STRICT;
CREATE INDEX subscriptions_user ON subscriptions (user_id);
CREATE INDEX subscriptions_customer ON subscriptions (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE preferences (
    user_id TEXT NOT NULL PRIMARY KEY,
    wants   TEXT NOT NULL -- a JSON object
) STRICT;

-- Escalations and the ladder: their tables follow here.
CREATE TABLE escalations (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    customer_id  INTEGER NOT NULL REFERENCES customers (id),
    document_id  INTEGER REFERENCES documents (id), -- NULL for the account as a whole
    ask          TEXT NOT NULL,
    due          INTEGER, -- by when somebody is to take it
    within       INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    addressee    TEXT NOT NULL,
    segment      TEXT NOT NULL, -- of the ladder; nothing for one that a person posted
    rung         INTEGER NOT NULL,
    why          TEXT NOT NULL,
    owed         TEXT NOT NULL, -- what was overdue then, a JSON array
    state        TEXT NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    INTEGER,
    opened_on    INTEGER,
    opened_where TEXT NOT NULL
) STRICT;
CREATE INDEX escalations_customer ON escalations (customer_id);
CREATE INDEX escalations_document ON escalations (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX escalations_standing ON escalations (due) WHERE state NOT IN ('paid', 'withdrawn', 'replaced', 'rejected');

CREATE TABLE escalation_steps (
    escalation_id INTEGER NOT NULL REFERENCES escalations (id),
    no            INTEGER NOT NULL,
    state         TEXT NOT NULL,
    note          TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       INTEGER,
    made_on       INTEGER,
    made_where    TEXT NOT NULL,
    PRIMARY KEY (escalation_id, no)
) STRICT, WITHOUT ROWID;

-- What the ladder said: one step of an account on a day at most, whatever the replicas.
CREATE TABLE ladder_steps (
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    day         INTEGER NOT NULL,
    segment     TEXT NOT NULL,
    rung        INTEGER NOT NULL,
    shadow      INTEGER NOT NULL,
    why         TEXT NOT NULL,
    chase       TEXT NOT NULL, -- a JSON array
    PRIMARY KEY (customer_id, day)
) STRICT, WITHOUT ROWID;

-- Whose thread it is in which somebody answers.
CREATE INDEX post_parts_ts ON post_parts (ts);

CREATE TABLE ladder_runs (
    day   INTEGER NOT NULL PRIMARY KEY,
    at    INTEGER,
    fresh INTEGER NOT NULL
) STRICT;

CREATE TABLE ladder_switches (
    id         INTEGER PRIMARY KEY,
    turned_on  INTEGER NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    INTEGER,
    made_on    INTEGER,
    made_where TEXT NOT NULL
) STRICT;
