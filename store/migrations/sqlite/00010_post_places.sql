-- How new posts stand in a channel on a day: by themselves, up to a number of them, or in a
-- thread. Whoever posts takes the place first, whatever the replicas.

-- +goose Up
CREATE TABLE post_places (
    post_id INTEGER NOT NULL PRIMARY KEY REFERENCES posts (id),
    channel TEXT NOT NULL,
    day     INTEGER NOT NULL,
    slot    INTEGER,                  -- among those that stand by themselves, from 1; NULL in a thread
    thread  TEXT NOT NULL DEFAULT '',
    UNIQUE (channel, day, slot)
);
