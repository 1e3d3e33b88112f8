package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

type postRow struct {
	ID      ar.PostID
	Kind    ar.PostKind
	Route   string
	Day     int64
	State   ar.PostState
	Fault   string
	Body    string
	Figures sql.NullString
	Created sql.NullInt64
	Posted  sql.NullInt64
}

const postColumns = `id, kind, route, day, state, fault, body, figures, created, posted`

func (r postRow) post() ar.Post {
	p := ar.Post{
		ID:      r.ID,
		PostKey: ar.PostKey{Kind: r.Kind, Route: r.Route, Day: ar.DateFromEpochDays(r.Day)},
		State:   r.State, Fault: r.Fault, Body: r.Body,
		Created: fromMillis(r.Created), Posted: fromMillis(r.Posted),
	}
	if r.Figures.Valid {
		p.Figures = json.RawMessage(r.Figures.String)
	}
	return p
}

type partRow struct {
	No                         int
	Nonce                      string
	Sending                    int64
	Channel, TS, ContentDigest string
}

// Post returns one post with its parts, or ar.ErrNoPost.
func (r *reader) Post(ctx context.Context, id ar.PostID) (ar.Post, error) {
	post, ok, err := r.post(ctx, `WHERE id = ?`, id)
	if err != nil {
		return ar.Post{}, fmt.Errorf("store: read post %d: %w", id, err)
	}
	if !ok {
		return ar.Post{}, fmt.Errorf("store: post %d: %w", id, ar.ErrNoPost)
	}
	return post, nil
}

// LastPost returns the latest post of that kind and route that was put in its place on
// a day before; false where there is none. One that stood there once counts, whatever
// became of a later run of the same day: it was read.
func (r *reader) LastPost(ctx context.Context, kind ar.PostKind, route string, before ar.Date) (ar.Post, bool, error) {
	post, ok, err := r.post(ctx, `WHERE kind = ? AND route = ? AND day < ? AND posted IS NOT NULL ORDER BY day DESC LIMIT 1`,
		string(kind), route, before.EpochDays())
	if err != nil {
		return ar.Post{}, false, fmt.Errorf("store: find the last %s of %s before %s: %w", kind, route, before, err)
	}
	return post, ok, nil
}

// PostAt returns the post of which a message is a part; false where it is of none.
func (r *reader) PostAt(ctx context.Context, channel, ts string) (ar.Post, bool, error) {
	post, ok, err := r.post(ctx, `WHERE id = (SELECT p.post_id FROM post_parts p WHERE p.ts = ? AND p.channel = ? LIMIT 1)`, ts, channel)
	if err != nil {
		return ar.Post{}, false, fmt.Errorf("store: find the post of message %s in %s: %w", ts, channel, err)
	}
	return post, ok, nil
}

func (r *reader) post(ctx context.Context, which string, args ...any) (ar.Post, bool, error) {
	row, ok, err := first[postRow](ctx, r, `SELECT `+postColumns+` FROM posts `+which, args...)
	if err != nil || !ok {
		return ar.Post{}, false, err
	}
	parts, err := find[partRow](ctx, r, `
		SELECT no, nonce, sending, channel, ts, sum AS contentdigest FROM post_parts WHERE post_id = ? ORDER BY no`, row.ID)
	if err != nil {
		return ar.Post{}, false, err
	}
	post := row.post()
	for _, p := range parts {
		post.Parts = append(post.Parts, ar.PostPart{
			No: p.No, Nonce: p.Nonce, Sending: p.Sending != 0, Channel: p.Channel, TS: p.TS, Sum: p.ContentDigest,
		})
	}
	return post, true, nil
}

// PlanPost makes a post, or returns the one that has its key already; created tells
// which. The key stays taken for ever.
func (t *tx) PlanPost(ctx context.Context, key ar.PostKey, body string) (p ar.Post, created bool, err error) {
	n, err := t.exec(ctx, `
		INSERT INTO posts (kind, route, day, state, body, created) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, route, day) DO NOTHING`,
		string(key.Kind), key.Route, key.Day.EpochDays(), string(ar.PostPlanned), body, t.now.UnixMilli())
	if err != nil {
		return ar.Post{}, false, fmt.Errorf("store: plan %s of %s on %s: %w", key.Kind, key.Route, key.Day, err)
	}
	p, _, err = t.post(ctx, `WHERE kind = ? AND route = ? AND day = ?`, string(key.Kind), key.Route, key.Day.EpochDays())
	if err != nil {
		return ar.Post{}, false, fmt.Errorf("store: read %s of %s on %s: %w", key.Kind, key.Route, key.Day, err)
	}
	return p, n > 0, nil
}

// SetPost writes state and fault; on the first PostDone the time too.
func (t *tx) SetPost(ctx context.Context, id ar.PostID, s ar.PostState, fault string) error {
	return t.changePost(ctx, id, `
		UPDATE posts SET state = ?, fault = ?, posted = CASE WHEN ? = 'done' THEN COALESCE(posted, ?) ELSE posted END
		WHERE id = ?`, string(s), fault, string(s), t.now.UnixMilli(), id)
}

// SetFigures keeps what a digest said.
func (t *tx) SetFigures(ctx context.Context, id ar.PostID, figures json.RawMessage) error {
	return t.changePost(ctx, id, `UPDATE posts SET figures = ? WHERE id = ?`, string(figures), id)
}

// SetPart writes one part of a post, by its number.
func (t *tx) SetPart(ctx context.Context, id ar.PostID, p ar.PostPart) error {
	return t.changePost(ctx, id, `
		INSERT INTO post_parts (post_id, no, nonce, sending, channel, ts, sum)
		SELECT id, CAST(? AS BIGINT), ?, CAST(? AS BIGINT), ?, ?, ? FROM posts WHERE id = ?
		ON CONFLICT (post_id, no) DO UPDATE SET nonce = excluded.nonce, sending = excluded.sending,
			channel = excluded.channel, ts = excluded.ts, sum = excluded.sum`,
		p.No, p.Nonce, toFlag(p.Sending), p.Channel, p.TS, p.Sum, id)
}

// RemovePart drops one part of a post. That it isn't there is no error.
func (t *tx) RemovePart(ctx context.Context, id ar.PostID, no int) error {
	if _, err := t.exec(ctx, `DELETE FROM post_parts WHERE post_id = ? AND no = ?`, id, no); err != nil {
		return fmt.Errorf("store: remove part %d of post %d: %w", no, id, err)
	}
	return nil
}

// changePost runs a statement that touches a row if the post is there.
func (t *tx) changePost(ctx context.Context, id ar.PostID, statement string, args ...any) error {
	n, err := t.exec(ctx, statement, args...)
	if err != nil {
		return fmt.Errorf("store: change post %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("store: change post %d: %w", id, ar.ErrNoPost)
	}
	return nil
}
