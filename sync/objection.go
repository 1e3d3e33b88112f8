package arsync

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// Objections are the guards that would refuse a reading that was begun, by the rules of
// Sync: *OlderError, *RemovalsError and *ClosingError, nil for none. Nothing is written,
// and no page is read.
func (e *Engine) Objections(ctx context.Context, id ar.SourceIdentity, reading *Reading, o Options) (objections []error, err error) {
	r := &run{Engine: e, options: o, report: Report{Source: id}}
	err = e.Books.View(ctx, func(books ar.Reader) error {
		sources, err := books.Sources(ctx)
		if i := slices.IndexFunc(sources, func(s ar.Source) bool { return s.Kind == id.Kind && s.External == id.External }); i >= 0 {
			r.state = sources[i]
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sync: look for the source: %w", err)
	}
	if r.state.ID == 0 {
		return nil, nil // what was never read has nothing to guard
	}
	_, closing := r.closing(ctx, reading)
	for _, refused := range []error{r.checkAge(reading), newRemoval(reading).lookAhead(ctx, r), closing} {
		switch {
		case refused == nil:
		case ar.KindOf(refused) == ar.Invalid:
			objections = append(objections, refused)
		default:
			return nil, refused
		}
	}
	return objections, nil
}
