package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"

	"arbot/ar"
)

// The upper bits of the advisory locks on PostgreSQL set those of posts, of sources and
// of the schema apart from each other and from those of others (River).
const (
	postLocks   = 0x6172 << 48
	sourceLocks = 0x6173 << 48
	schemaLock  = 0x6174 << 48
	lockBits    = 1<<48 - 1
)

// ClaimPost makes this process the only one that delivers a post, until release is called
// or the process dies; ok is false while another one does. Two at a time would post twice.
// On SQLite, where one process owns the queue, it always succeeds.
func (s *Store) ClaimPost(ctx context.Context, id ar.PostID) (release func(), ok bool, err error) {
	release, ok, err = s.claim(ctx, postLocks|int64(id))
	if err != nil {
		return nil, false, fmt.Errorf("store: claim post %d: %w", id, err)
	}
	return release, ok, nil
}

// ClaimSource makes this process the only one that reads a ledger, until release is called
// or the process dies; ok is false while another one does. Two at a time would make all
// calls twice, and cut each other's runs off. On SQLite, too: an `arbot import` by hand
// may run beside the one process that serves.
func (s *Store) ClaimSource(ctx context.Context, id ar.SourceIdentity) (release func(), ok bool, err error) {
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s\x00%s", id.Kind, id.External) // a hash takes everything
	name := int64(hash.Sum64() & lockBits)
	if s.path != "" {
		release, ok, err = LockFile(fmt.Sprintf("%s.reading-%x", s.path, name))
	} else {
		release, ok, err = s.claim(ctx, sourceLocks|name)
	}
	if err != nil {
		return nil, false, fmt.Errorf("store: claim the %s %s: %w", id.Kind, id.External, err)
	}
	return release, ok, nil
}

// claim takes an advisory lock, which belongs to a connection: one of a pool of their own,
// since who holds a claim also needs connections to work with.
func (s *Store) claim(ctx context.Context, key int64) (release func(), ok bool, err error) {
	if s.claims == nil {
		return func() {}, true, nil
	}
	conn, err := s.claims.Conn(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, key).Scan(&ok); err != nil || !ok {
		return nil, false, errors.Join(err, conn.Close())
	}
	return func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, key); err != nil {
			s.log.WarnContext(ctx, "a claim goes with its connection", "key", key, "error", err)
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closes it; that error is its answer
		}
		_ = conn.Close() // it goes back to the pool, if it was not closed
	}, true, nil
}
