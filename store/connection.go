package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"arbot/ar"
)

type connectionRow struct {
	Name, Kind, Company, Title string
	Home, Zone                 string
	Sealed                     []byte
	Expires                    sql.NullInt64
	HardExpires                sql.NullInt64 `db:"hard_expires"`
	healthRow
	Version int64
}

const connectionColumns = `name, kind, company, title, home, zone, sealed, expires, hard_expires, ` + healthColumns + `, version`

func (r connectionRow) connection() ar.Connection {
	return ar.Connection{
		Name: r.Name, Kind: r.Kind, Company: r.Company, Title: r.Title, Home: ar.Currency(r.Home), Zone: r.Zone,
		Sealed: r.Sealed, Expires: fromMillis(r.Expires), HardExpires: fromMillis(r.HardExpires),
		Health: r.health(), Version: r.Version,
	}
}

// healthRow are the columns of a connection's or a source's health.
type healthRow struct {
	State ar.HealthState `db:"health"`
	Why   string         `db:"health_why"`
	Since sql.NullInt64  `db:"health_since"`
	Until sql.NullInt64  `db:"health_until"`
}

const healthColumns = `health, health_why, health_since, health_until`

func (r healthRow) health() ar.Health {
	return ar.Health{State: r.State, Why: r.Why, Since: fromMillis(r.Since), Until: fromMillis(r.Until)}
}

// Connection returns one by its name, or ar.ErrNoConnection.
func (r *reader) Connection(ctx context.Context, name string) (ar.Connection, error) {
	row, ok, err := first[connectionRow](ctx, r,
		`SELECT `+connectionColumns+` FROM connections WHERE name = ? AND dropped = 0`, name)
	if err != nil {
		return ar.Connection{}, fmt.Errorf("store: read connection %s: %w", name, err)
	}
	if !ok {
		return ar.Connection{}, fmt.Errorf("store: connection %s: %w", name, ar.ErrNoConnection)
	}
	return row.connection(), nil
}

// Connections lists all of them by name.
func (r *reader) Connections(ctx context.Context) ([]ar.Connection, error) {
	rows, err := find[connectionRow](ctx, r,
		`SELECT `+connectionColumns+` FROM connections WHERE dropped = 0 ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("store: list connections: %w", err)
	}
	all := make([]ar.Connection, len(rows))
	for i, row := range rows {
		all[i] = row.connection()
	}
	return all, nil
}

// PutConnection writes c where the books still hold it in c.Version, 0 for a new one;
// ar.ErrConnectionMoved where they do not.
func (t *tx) PutConnection(ctx context.Context, c ar.Connection) (ar.Connection, error) {
	sealed := c.Sealed
	if sealed == nil {
		sealed = []byte{}
	}
	write := updateConnection
	if c.Version == 0 {
		write = insertConnection
	}
	version, ok, err := first[int64](ctx, &t.reader, write,
		c.Kind, c.Company, c.Title, string(c.Home), c.Zone, sealed, toMillis(c.Expires), toMillis(c.HardExpires),
		string(c.Health.State), c.Health.Why, toMillis(c.Health.Since), toMillis(c.Health.Until), c.Name, c.Version)
	if err != nil {
		return ar.Connection{}, fmt.Errorf("store: put connection %s: %w", c.Name, err)
	}
	if !ok {
		return ar.Connection{}, fmt.Errorf("store: put connection %s in its version %d: %w", c.Name, c.Version, ar.ErrConnectionMoved)
	}
	c.Version = version
	return c, nil
}

// A dropped connection keeps its row and counts on: who still holds one of its versions
// must not write over the connection that came after it.
const (
	insertConnection = `
		INSERT INTO connections (kind, company, title, home, zone, sealed, expires, hard_expires,
			health, health_why, health_since, health_until, name, version, dropped)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? + 1, 0)
		ON CONFLICT (name) DO UPDATE SET
			kind = excluded.kind, company = excluded.company, title = excluded.title, home = excluded.home,
			zone = excluded.zone, sealed = excluded.sealed, expires = excluded.expires,
			hard_expires = excluded.hard_expires, health = excluded.health, health_why = excluded.health_why,
			health_since = excluded.health_since, health_until = excluded.health_until,
			version = connections.version + 1, dropped = 0
		WHERE connections.dropped = 1
		RETURNING version`
	updateConnection = `
		UPDATE connections SET kind = ?, company = ?, title = ?, home = ?, zone = ?, sealed = ?, expires = ?,
			hard_expires = ?, health = ?, health_why = ?, health_since = ?, health_until = ?, version = version + 1
		WHERE name = ? AND version = ? AND dropped = 0
		RETURNING version`
)

// LeaseConnection makes holder the only one to renew the tokens until then: true if it
// got the lease. Who holds it may extend it; until in the past gives it back.
func (t *tx) LeaseConnection(ctx context.Context, name, holder string, until time.Time) (bool, error) {
	n, err := t.exec(ctx, `
		UPDATE connections SET lease_holder = ?, lease_until = ?
		WHERE name = ? AND dropped = 0 AND (lease_holder = ? OR lease_until IS NULL OR lease_until <= ?)`,
		holder, until.UnixMilli(), name, holder, t.now.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("store: lease connection %s: %w", name, err)
	}
	if n == 0 {
		_, err = t.Connection(ctx, name)
	}
	return n > 0, err
}

// DropConnection forgets one, tokens and all. One that is not there is no error.
func (t *tx) DropConnection(ctx context.Context, name string) error {
	if _, err := t.exec(ctx, `
		UPDATE connections SET kind = '', company = '', title = '', home = '', zone = '', sealed = ?,
			expires = NULL, hard_expires = NULL, health = '', health_why = '', health_since = NULL, health_until = NULL,
			version = version + 1, dropped = 1, lease_holder = '', lease_until = NULL
		WHERE name = ? AND dropped = 0`, []byte{}, name); err != nil {
		return fmt.Errorf("store: drop connection %s: %w", name, err)
	}
	return nil
}

// SetHealth writes how a source can be read. Since stays while the state does; where
// nobody said when it began, it began now.
func (t *tx) SetHealth(ctx context.Context, s ar.SourceID, h ar.Health) error {
	if h.State != ar.Healthy && h.Since.IsZero() {
		h.Since = t.now
	}
	if _, err := t.exec(ctx, `
		UPDATE sources SET health_since = CASE WHEN health = ? THEN health_since ELSE ? END,
			health = ?, health_why = ?, health_until = ?
		WHERE id = ? AND (health <> ? OR health_why <> ? OR health_until IS DISTINCT FROM ?)`,
		string(h.State), toMillis(h.Since), string(h.State), h.Why, toMillis(h.Until),
		s, string(h.State), h.Why, toMillis(h.Until)); err != nil {
		return fmt.Errorf("store: set the health of source %d: %w", s, err)
	}
	return nil
}
