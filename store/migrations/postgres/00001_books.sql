-- The books. Text that is ordered or looked up is compared by bytes (COLLATE
-- "C"), as SQLite does. Numbers and names as in the other dialect.
-- Dates are whole days since 1970-01-01, instants are milliseconds
-- since 1970-01-01 UTC, money is minor units beside an ISO 4217 code.

-- +goose Up
CREATE TABLE sources (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         TEXT COLLATE "C" NOT NULL,
    external     TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    home         TEXT NOT NULL,
    cursor       TEXT NOT NULL DEFAULT '',
    first_run    BIGINT, -- the run that ended the first whole read
    first_synced BIGINT,
    synced       BIGINT,
    data_as_of   BIGINT,
    UNIQUE (kind, external)
);

CREATE TABLE runs (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id BIGINT NOT NULL REFERENCES sources (id),
    full_read BIGINT NOT NULL,
    started   BIGINT NOT NULL,
    finished  BIGINT, -- NULL while it is under way
    done      BIGINT NOT NULL DEFAULT 0,
    total     BIGINT NOT NULL DEFAULT 0,
    added     BIGINT NOT NULL DEFAULT 0,
    changed   BIGINT NOT NULL DEFAULT 0,
    removed   BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    fault     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_source ON runs (source_id, id);

CREATE TABLE tie_outs (
    source_id BIGINT NOT NULL REFERENCES sources (id),
    no        BIGINT NOT NULL,
    as_of     BIGINT NOT NULL,
    currency  TEXT NOT NULL,
    ledger    BIGINT NOT NULL,
    ours      BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    because   TEXT NOT NULL,
    PRIMARY KEY (source_id, no)
);

CREATE TABLE customers (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id    BIGINT NOT NULL REFERENCES sources (id),
    external     TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    number       TEXT NOT NULL,
    aliases      TEXT NOT NULL, -- a JSON array
    parent_id    BIGINT REFERENCES customers (id),
    terms        TEXT NOT NULL,
    class        TEXT NOT NULL,
    region       TEXT NOT NULL,
    segment      TEXT NOT NULL,
    fields       TEXT NOT NULL, -- a JSON object
    ledger_owner TEXT NOT NULL,
    owner        TEXT NOT NULL DEFAULT '',
    owner_why    TEXT NOT NULL DEFAULT '',
    collector    TEXT NOT NULL,
    inactive     BIGINT NOT NULL,
    deleted      BIGINT NOT NULL,
    fingerprint  BIGINT NOT NULL, -- of the record as the source brought it; 0 matches none
    UNIQUE (source_id, external)
);
CREATE INDEX customers_owner ON customers (owner);
CREATE INDEX customers_parent ON customers (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE documents (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   BIGINT NOT NULL REFERENCES sources (id),
    kind        TEXT COLLATE "C" NOT NULL,
    external    TEXT COLLATE "C" NOT NULL,
    number      TEXT NOT NULL,
    number_key  TEXT COLLATE "C", -- what invoices are searched by: the number's letters and digits
    number_tail TEXT COLLATE "C", -- and its last digits, without zeros in front
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    currency    TEXT NOT NULL,
    amount      BIGINT NOT NULL, -- as the ledger states it
    effect      BIGINT NOT NULL, -- what it does to A/R, with its sign
    date        BIGINT NOT NULL,
    due         BIGINT NOT NULL,
    due_basis   TEXT NOT NULL,
    terms       TEXT NOT NULL,
    status      TEXT NOT NULL,
    po          TEXT NOT NULL,
    memo        TEXT NOT NULL,
    url         TEXT NOT NULL,
    closed_on   BIGINT NOT NULL, -- the day from which nothing is open; 2147483647 while something is
    first_run   BIGINT NOT NULL,
    first_seen  BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    UNIQUE (source_id, kind, external)
);
CREATE INDEX documents_customer ON documents (customer_id, date);
CREATE INDEX documents_closed ON documents (closed_on);
CREATE INDEX documents_number ON documents (number_key) WHERE number_key IS NOT NULL;
CREATE INDEX documents_tail ON documents (number_tail) WHERE number_tail IS NOT NULL;
CREATE INDEX documents_received ON documents (first_seen) WHERE kind = 'payment';

CREATE TABLE applications (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   BIGINT NOT NULL REFERENCES sources (id),
    external    TEXT COLLATE "C" NOT NULL,
    from_id     BIGINT REFERENCES documents (id),
    to_id       BIGINT NOT NULL REFERENCES documents (id),
    kind        TEXT COLLATE "C" NOT NULL,
    currency    TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    date        BIGINT NOT NULL,
    effective   BIGINT, -- the day from which it counts; NULL while it does not
    inferred    BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    UNIQUE (source_id, external)
);
CREATE INDEX applications_to ON applications (to_id, effective, amount);
CREATE INDEX applications_from ON applications (from_id, effective, amount) WHERE from_id IS NOT NULL;

CREATE TABLE search_terms (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    matched     TEXT NOT NULL,
    label       TEXT NOT NULL,
    term        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX search_terms_customer ON search_terms (customer_id);
CREATE INDEX search_terms_term ON search_terms (term);

CREATE TABLE search_grams (
    gram    TEXT COLLATE "C" NOT NULL,
    term_id BIGINT NOT NULL,
    PRIMARY KEY (gram, term_id)
);

-- Once-ness: a row stays for ever, whatever becomes of its job.
CREATE TABLE posts (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    TEXT COLLATE "C" NOT NULL,
    route   TEXT NOT NULL,
    day     BIGINT NOT NULL,
    state   TEXT NOT NULL,
    fault   TEXT NOT NULL DEFAULT '',
    body    TEXT NOT NULL,
    figures TEXT,
    created BIGINT NOT NULL,
    posted  BIGINT,
    UNIQUE (kind, route, day)
);

CREATE TABLE post_parts (
    post_id BIGINT NOT NULL REFERENCES posts (id),
    no      BIGINT NOT NULL,
    nonce   TEXT NOT NULL,
    sending BIGINT NOT NULL,
    channel TEXT NOT NULL,
    ts      TEXT NOT NULL,
    sum     TEXT NOT NULL,
    PRIMARY KEY (post_id, no)
);

CREATE TABLE deliveries (
    id   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seen BIGINT NOT NULL
);
CREATE INDEX deliveries_seen ON deliveries (seen);
