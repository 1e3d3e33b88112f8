package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"arbot/ar"
)

type subscriptionRow struct {
	ID         ar.SubscriptionID
	User       string
	Email      string
	CustomerID ar.CustomerID `db:"customer_id"`
	Filter     ar.SubscriptionFilter
	Currency   string
	Above      int64
	Made       actRow
}

func (r subscriptionRow) subscription() ar.Subscription {
	s := ar.Subscription{ID: r.ID, User: r.User, Email: r.Email, Customer: r.CustomerID, Filter: r.Filter, Made: r.Made.act()}
	if r.Currency != "" {
		s.Above = money(r.Above, r.Currency)
	}
	return s
}

// Subscriptions lists those of a user, "" for everybody's, by id.
func (r *reader) Subscriptions(ctx context.Context, user string) ([]ar.Subscription, error) {
	w := where{}
	if user != "" {
		w.and("u.user_id = ?", user)
	}
	rows, err := findWhere[subscriptionRow](ctx, r, `SELECT u.id, u.user_id AS "user", u.email, COALESCE(u.customer_id, 0) AS customer_id, u.filter,
		u.currency, u.above`+actColumns("u", "made")+` FROM subscriptions u`, w, `ORDER BY u.id`)
	if err != nil {
		return nil, fmt.Errorf("store: list subscriptions: %w", err)
	}
	list := make([]ar.Subscription, len(rows))
	for i, row := range rows {
		list[i] = row.subscription()
	}
	return list, nil
}

// AddSubscription writes a subscription; the same a second time is the first.
func (t *tx) AddSubscription(ctx context.Context, s ar.Subscription) (ar.Subscription, error) {
	if s.Customer != 0 {
		id, err := t.account(ctx, s.Customer, 0)
		if err != nil {
			return ar.Subscription{}, fmt.Errorf("store: add subscription: %w", err)
		}
		s.Customer = id
	}
	known, err := t.Subscriptions(ctx, s.User)
	if err != nil {
		return ar.Subscription{}, err
	}
	for _, k := range known {
		if k.Customer == s.Customer && k.Filter == s.Filter && k.Above == s.Above {
			return k, nil
		}
	}
	s.ID, _, err = first[ar.SubscriptionID](ctx, &t.reader, `
		INSERT INTO subscriptions (user_id, email, customer_id, filter, currency, above, made_by, made_at, made_on, made_where)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		append([]any{s.User, s.Email, toRef(s.Customer), string(s.Filter), string(s.Above.Currency()), s.Above.Minor()}, actValues(s.Made)...)...)
	if err != nil {
		return ar.Subscription{}, fmt.Errorf("store: add a subscription of %s: %w", s.User, err)
	}
	return s, nil
}

// RemoveSubscription ends one of a user; false where there is none.
func (t *tx) RemoveSubscription(ctx context.Context, user string, id ar.SubscriptionID) (bool, error) {
	n, err := t.exec(ctx, `DELETE FROM subscriptions WHERE user_id = ? AND id = ?`, user, int64(id))
	if err != nil {
		return false, fmt.Errorf("store: remove subscription %d: %w", id, err)
	}
	return n > 0, nil
}

// Preferences returns those of everybody who has any, by user.
func (r *reader) Preferences(ctx context.Context) (map[string]ar.Preferences, error) {
	rows, err := find[struct {
		User  string
		Wants string
	}](ctx, r, `SELECT user_id AS "user", wants FROM preferences`)
	if err != nil {
		return nil, fmt.Errorf("store: read preferences: %w", err)
	}
	all := make(map[string]ar.Preferences, len(rows))
	for _, row := range rows {
		var p ar.Preferences
		if err := json.Unmarshal([]byte(row.Wants), &p); err != nil {
			return nil, fmt.Errorf("store: preferences of %s: %w", row.User, err)
		}
		all[row.User] = p
	}
	return all, nil
}

// PutPreferences writes what a person wants.
func (t *tx) PutPreferences(ctx context.Context, user string, p ar.Preferences) error {
	wants, err := json.Marshal(p)
	if err == nil {
		_, err = t.exec(ctx, `
			INSERT INTO preferences (user_id, wants) VALUES (?, ?)
			ON CONFLICT (user_id) DO UPDATE SET wants = excluded.wants`, user, string(wants))
	}
	if err != nil {
		return fmt.Errorf("store: put the preferences of %s: %w", user, err)
	}
	return nil
}

// PaymentsSeen lists payments first seen after an instant, those of a source's first
// whole read and those of nothing left out, by id.
func (r *reader) PaymentsSeen(ctx context.Context, after time.Time) ([]ar.SeenPayment, error) {
	rows, err := find[struct {
		documentRow

		FirstSeen int64 `db:"first_seen"`
	}](ctx, r, `
		SELECT `+documentColumns+`, d.first_seen FROM documents d JOIN sources s ON s.id = d.source_id
		WHERE d.kind = 'payment' AND d.status = 'posted' AND d.effect <> 0 AND d.first_seen > ? AND d.first_run > s.first_run
		ORDER BY d.id`, after.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("store: list payments seen after %s: %w", after.UTC().Format(time.RFC3339), err)
	}
	list := make([]ar.SeenPayment, len(rows))
	for i, row := range rows {
		list[i] = ar.SeenPayment{Document: row.document(), Seen: time.UnixMilli(row.FirstSeen).UTC()}
	}
	return list, nil
}

// PostHeads lists the first messages of posts that were put in their places from an
// instant on, and of those on their way there, the earliest first.
func (r *reader) PostHeads(ctx context.Context, from time.Time) ([]ar.PostHead, error) {
	rows, err := find[struct {
		Post        ar.PostID
		Kind        ar.PostKind
		Channel, TS string
		Thread      string
		Posted      int64
	}](ctx, r, `
		SELECT p.id AS post, p.kind, q.channel, q.ts, COALESCE(l.thread, '') AS thread, COALESCE(p.posted, p.created) AS posted
		FROM posts p JOIN post_parts q ON q.post_id = p.id LEFT JOIN post_places l ON l.post_id = p.id
		WHERE q.no = 0 AND (q.ts <> '' OR q.sending = 1) AND COALESCE(p.posted, p.created) >= ? ORDER BY 6, p.id`, from.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("store: list posts since %s: %w", from.UTC().Format(time.RFC3339), err)
	}
	heads := make([]ar.PostHead, len(rows))
	for i, row := range rows {
		heads[i] = ar.PostHead{Post: row.Post, Kind: row.Kind, Channel: row.Channel, TS: row.TS, Thread: row.Thread, Posted: time.UnixMilli(row.Posted).UTC()}
	}
	return heads, nil
}

// ActsFrom counts the audit records of people from an instant on, by where they acted.
func (r *reader) ActsFrom(ctx context.Context, from time.Time) (map[string]int, error) {
	rows, err := find[struct {
		Origin string
		Acts   int
	}](ctx, r, `SELECT origin, count(*) AS acts FROM audit_records WHERE at >= ? AND actor <> 'arbot' GROUP BY origin`, from.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("store: count acts since %s: %w", from.UTC().Format(time.RFC3339), err)
	}
	acts := make(map[string]int, len(rows))
	for _, row := range rows {
		acts[row.Origin] = row.Acts
	}
	return acts, nil
}
