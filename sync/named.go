package arsync

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// ErrNotRead says that single records make no sense yet: the source was never read as
// a whole.
var ErrNotRead = errors.New("the source was never read as a whole")

// mayFetch says whether single records may be read. A reading that seems to be under
// way would be cut off by it, and reads them anyway if it goes on.
func (r *run) mayFetch() error {
	unavailable := func(say string, err error) error {
		return &ar.Error{Kind: ar.Unavailable, Say: fmt.Sprintf(say, r.report.Source.Name), Err: err}
	}
	switch {
	case r.state.Run.Running():
		return unavailable("%s is being read right now. Wait until that has ended.", ErrRunning)
	case r.state.FirstSynced.IsZero():
		return unavailable("%s was not read yet. Sync it once as a whole.", ErrNotRead)
	}
	return nil
}

// fetch asks the source for the records that are named.
func (r *run) fetch(ctx context.Context) (*Reading, error) {
	fetcher, ok := r.source.(Fetcher)
	if !ok {
		return nil, fmt.Errorf("sync: %s %s cannot read single records", r.report.Source.Kind, r.report.Source.Name)
	}
	return fetcher.Fetch(ctx, r.options.Named)
}
