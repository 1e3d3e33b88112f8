-- Who has which overdue account: claims, what is put off, and who an account is assigned
-- to; what people want to be told; escalations and the ladder.

-- +goose Up
CREATE TABLE claims (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    email       TEXT NOT NULL, -- of the holder
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL,
    ended       TEXT NOT NULL DEFAULT '', -- how; nothing while it stands
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    BIGINT,
    ended_on    BIGINT,
    ended_where TEXT NOT NULL DEFAULT ''
);
-- Of two who claim at once one wins, whatever the replicas.
CREATE UNIQUE INDEX claims_standing ON claims (customer_id) WHERE ended = '';
CREATE INDEX claims_customer ON claims (customer_id);
CREATE INDEX claims_holder ON claims (made_by) WHERE ended = '';

CREATE TABLE snoozes (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    document_id BIGINT REFERENCES documents (id), -- NULL for the account as a whole
    until       BIGINT NOT NULL, -- the day on which it is back
    reason      TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL,
    ended       TEXT NOT NULL DEFAULT '', -- how, before its day
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    BIGINT,
    ended_on    BIGINT,
    ended_where TEXT NOT NULL DEFAULT ''
);
CREATE INDEX snoozes_customer ON snoozes (customer_id);
CREATE INDEX snoozes_document ON snoozes (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX snoozes_until ON snoozes (until) WHERE ended = '';

CREATE TABLE assignments (
    customer_id BIGINT NOT NULL PRIMARY KEY REFERENCES customers (id),
    user_id     TEXT NOT NULL,
    email       TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL
);
CREATE INDEX assignments_user ON assignments (user_id);

CREATE TABLE subscriptions (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     TEXT NOT NULL,
    email       TEXT NOT NULL,
    customer_id BIGINT REFERENCES customers (id), -- NULL for a filter
    filter      TEXT NOT NULL, -- nothing for a customer
    currency    TEXT NOT NULL,
    above       BIGINT NOT NULL, -- what is not more is not told
    made_by     TEXT NOT NULL,
    made_at     BIGINT,
    made_on     BIGINT,
    made_where  TEXT NOT NULL
);
CREATE INDEX subscriptions_user ON subscriptions (user_id);
CREATE INDEX subscriptions_customer ON subscriptions (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE preferences (
    user_id TEXT NOT NULL PRIMARY KEY,
    wants   TEXT NOT NULL -- a JSON object
);

-- Escalations and the ladder: their tables follow here.
CREATE TABLE escalations (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         TEXT NOT NULL,
    customer_id  BIGINT NOT NULL REFERENCES customers (id),
    document_id  BIGINT REFERENCES documents (id), -- NULL for the account as a whole
    ask          TEXT NOT NULL,
    due          BIGINT, -- by when somebody is to take it
    within       BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    addressee    TEXT NOT NULL,
    segment      TEXT NOT NULL, -- of the ladder; nothing for one that a person posted
    rung         BIGINT NOT NULL,
    why          TEXT NOT NULL,
    owed         TEXT NOT NULL, -- what was overdue then, a JSON array
    state        TEXT NOT NULL,
    opened_by    TEXT NOT NULL,
    opened_at    BIGINT,
    opened_on    BIGINT,
    opened_where TEXT NOT NULL
);
CREATE INDEX escalations_customer ON escalations (customer_id);
CREATE INDEX escalations_document ON escalations (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX escalations_standing ON escalations (due) WHERE state NOT IN ('paid', 'withdrawn', 'replaced', 'rejected');

CREATE TABLE escalation_steps (
    escalation_id BIGINT NOT NULL REFERENCES escalations (id),
    no            BIGINT NOT NULL,
    state         TEXT NOT NULL,
    note          TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       BIGINT,
    made_on       BIGINT,
    made_where    TEXT NOT NULL,
    PRIMARY KEY (escalation_id, no)
);

-- What the ladder said: one step of an account on a day at most, whatever the replicas.
CREATE TABLE ladder_steps (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    day         BIGINT NOT NULL,
    segment     TEXT NOT NULL,
    rung        BIGINT NOT NULL,
    shadow      BIGINT NOT NULL,
    why         TEXT NOT NULL,
    chase       TEXT NOT NULL, -- a JSON array
    PRIMARY KEY (customer_id, day)
);

-- Whose thread it is in which somebody answers.
CREATE INDEX post_parts_ts ON post_parts (ts);

CREATE TABLE ladder_runs (
    day   BIGINT NOT NULL PRIMARY KEY,
    at    BIGINT,
    fresh BIGINT NOT NULL
);

CREATE TABLE ladder_switches (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    turned_on  BIGINT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    BIGINT,
    made_on    BIGINT,
    made_where TEXT NOT NULL
);
