-- The books. Dates are whole days since 1970-01-01, instants are milliseconds
-- since 1970-01-01 UTC, money is minor units beside an ISO 4217 code.

-- +goose Up
CREATE TABLE sources (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL,
    external     TEXT NOT NULL,
    name         TEXT NOT NULL,
    home         TEXT NOT NULL,
    cursor       TEXT NOT NULL DEFAULT '',
    first_run    INTEGER, -- the run that ended the first whole read
    first_synced INTEGER,
    synced       INTEGER,
    data_as_of   INTEGER,
    UNIQUE (kind, external)
) STRICT;

CREATE TABLE runs (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    full_read INTEGER NOT NULL,
    started   INTEGER NOT NULL,
    finished  INTEGER, -- NULL while it is under way
    done      INTEGER NOT NULL DEFAULT 0,
    total     INTEGER NOT NULL DEFAULT 0,
    added     INTEGER NOT NULL DEFAULT 0,
    changed   INTEGER NOT NULL DEFAULT 0,
    removed   INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    fault     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX runs_source ON runs (source_id, id);

CREATE TABLE tie_outs (
    source_id INTEGER NOT NULL REFERENCES sources (id),
    no        INTEGER NOT NULL,
    as_of     INTEGER NOT NULL,
    currency  TEXT NOT NULL,
    ledger    INTEGER NOT NULL,
    ours      INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    because   TEXT NOT NULL,
    PRIMARY KEY (source_id, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
    id           INTEGER PRIMARY KEY,
    source_id    INTEGER NOT NULL REFERENCES sources (id),
    external     TEXT NOT NULL,
    name         TEXT NOT NULL,
    number       TEXT NOT NULL,
    aliases      TEXT NOT NULL, -- a JSON array
    parent_id    INTEGER REFERENCES customers (id),
    terms        TEXT NOT NULL,
    class        TEXT NOT NULL,
    region       TEXT NOT NULL,
    segment      TEXT NOT NULL,
    fields       TEXT NOT NULL, -- a JSON object
    ledger_owner TEXT NOT NULL,
    owner        TEXT NOT NULL DEFAULT '',
    owner_why    TEXT NOT NULL DEFAULT '',
    collector    TEXT NOT NULL,
    inactive     INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    fingerprint  INTEGER NOT NULL, -- of the record as the source brought it; 0 matches none
    UNIQUE (source_id, external)
) STRICT;
CREATE INDEX customers_owner ON customers (owner);
CREATE INDEX customers_parent ON customers (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    source_id   INTEGER NOT NULL REFERENCES sources (id),
    kind        TEXT NOT NULL,
    external    TEXT NOT NULL,
    number      TEXT NOT NULL,
    number_key  TEXT, -- what invoices are searched by: the number's letters and digits
    number_tail TEXT, -- and its last digits, without zeros in front
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL, -- as the ledger states it
    effect      INTEGER NOT NULL, -- what it does to A/R, with its sign
    date        INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    due_basis   TEXT NOT NULL,
    terms       TEXT NOT NULL,
    status      TEXT NOT NULL,
    po          TEXT NOT NULL,
    memo        TEXT NOT NULL,
    url         TEXT NOT NULL,
    closed_on   INTEGER NOT NULL, -- the day from which nothing is open; 2147483647 while something is
    first_run   INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    UNIQUE (source_id, kind, external)
) STRICT;
CREATE INDEX documents_customer ON documents (customer_id, date);
CREATE INDEX documents_closed ON documents (closed_on);
CREATE INDEX documents_number ON documents (number_key) WHERE number_key IS NOT NULL;
CREATE INDEX documents_tail ON documents (number_tail) WHERE number_tail IS NOT NULL;
CREATE INDEX documents_received ON documents (first_seen) WHERE kind = 'payment';

CREATE TABLE applications (
    id          INTEGER PRIMARY KEY,
    source_id   INTEGER NOT NULL REFERENCES sources (id),
    external    TEXT NOT NULL,
    from_id     INTEGER REFERENCES documents (id),
    to_id       INTEGER NOT NULL REFERENCES documents (id),
    kind        TEXT NOT NULL,
    currency    TEXT NOT NULL,
    amount      INTEGER NOT NULL,
    date        INTEGER NOT NULL,
    effective   INTEGER, -- the day from which it counts; NULL while it does not
    inferred    INTEGER NOT NULL,
    deleted     INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    UNIQUE (source_id, external)
) STRICT;
CREATE INDEX applications_to ON applications (to_id, effective, amount);
CREATE INDEX applications_from ON applications (from_id, effective, amount) WHERE from_id IS NOT NULL;

CREATE TABLE search_terms (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    matched     TEXT NOT NULL,
    label       TEXT NOT NULL,
    term        TEXT NOT NULL
) STRICT;
CREATE INDEX search_terms_customer ON search_terms (customer_id);
CREATE INDEX search_terms_term ON search_terms (term);

CREATE TABLE search_grams (
    gram    TEXT NOT NULL,
    term_id INTEGER NOT NULL,
    PRIMARY KEY (gram, term_id)
) STRICT, WITHOUT ROWID;

-- Once-ness: a row stays for ever, whatever becomes of its job.
CREATE TABLE posts (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    route   TEXT NOT NULL,
    day     INTEGER NOT NULL,
    state   TEXT NOT NULL,
    fault   TEXT NOT NULL DEFAULT '',
    body    TEXT NOT NULL,
    figures TEXT,
    created INTEGER NOT NULL,
    posted  INTEGER,
    UNIQUE (kind, route, day)
) STRICT;

CREATE TABLE post_parts (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    no      INTEGER NOT NULL,
    nonce   TEXT NOT NULL,
    sending INTEGER NOT NULL,
    channel TEXT NOT NULL,
    ts      TEXT NOT NULL,
    sum     TEXT NOT NULL,
    PRIMARY KEY (post_id, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id   TEXT NOT NULL PRIMARY KEY,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_seen ON deliveries (seen);
