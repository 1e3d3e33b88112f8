package store

import (
	"context"
	"fmt"
)

// Counts are how many posts and jobs there are, by state: for whoever watches.
type Counts struct{ Posts, Jobs map[string]int }

// Counts counts posts and jobs. Unlike Health it does not look for damage.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	posts, err := s.countBy(ctx, `SELECT state, count(*) AS n FROM posts GROUP BY state`)
	if err != nil {
		return Counts{}, fmt.Errorf("store: count the posts: %w", err)
	}
	// CAST: on PostgreSQL the state is an enumeration.
	jobs, err := s.countBy(ctx, `SELECT CAST(state AS TEXT) AS state, count(*) AS n FROM river_job GROUP BY state`)
	if err != nil {
		return Counts{}, fmt.Errorf("store: count the jobs: %w", err)
	}
	return Counts{Posts: posts, Jobs: jobs}, nil
}

func (s *Store) countBy(ctx context.Context, query string) (map[string]int, error) {
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	if err := s.read.SelectContext(ctx, &rows, query); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, row := range rows {
		counts[row.State] = row.N
	}
	return counts, nil
}
