package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"arbot/ar"
	"arbot/ar/forecast"
)

// lesson is what was learned of how the book pays. It's kept in memory: each process
// learns for itself, and after a restart anew.
type lesson struct {
	at        time.Time
	model     *forecast.Model
	rehearsed map[ar.Currency]forecast.Rehearsed
}

// pupil keeps the last lesson.
type pupil struct {
	learning sync.Mutex // held while the books are read for it: once is enough

	mu   sync.Mutex
	last *lesson
}

func (p *pupil) known() *lesson {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

func (p *pupil) keep(l *lesson) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = l
}

// LearnForecast learns from the whole book how customers pay, if a day or a reading of a
// ledger has passed since that was done last. It takes seconds on a large book, so it's done
// in the background: forecasts are made from what was learned last.
func (d *Desk) LearnForecast(ctx context.Context) error {
	d.pupil.learning.Lock()
	defer d.pupil.learning.Unlock()
	last := d.pupil.known()
	return d.books.View(ctx, func(r ar.Reader) error {
		news := last == nil || last.model.AsOf() != d.Today()
		if !news {
			sources, err := r.Sources(ctx)
			if err != nil {
				return fmt.Errorf("learn how customers pay: %w", err)
			}
			news = slices.ContainsFunc(sources, func(s ar.Source) bool { return s.Synced.After(last.at) })
		}
		if !news {
			return nil
		}
		_, err := d.learn(ctx, r)
		return err
	})
}

// learned returns what was learned last; where nothing was it learns now.
func (d *Desk) learned(ctx context.Context, r ar.Reader) (*lesson, error) {
	if last := d.pupil.known(); last != nil {
		return last, nil
	}
	d.pupil.learning.Lock()
	defer d.pupil.learning.Unlock()
	if last := d.pupil.known(); last != nil {
		return last, nil
	}
	return d.learn(ctx, r)
}

// learn reads the whole book, whoever asks: how others pay is all that one learns of a
// customer without a history, and nothing of it can be read out of the answer.
func (d *Desk) learn(ctx context.Context, r ar.Reader) (*lesson, error) {
	today := d.Today()
	trainer := forecast.NewTrainer(today, forecast.DefaultKappa)
	since := today.AddDays(-calibratedOn)
	history := map[ar.Currency][]ar.Receivable{}
	err := eachReceivable(ctx, r, ar.ReceivableQuery{AsOf: today, Scope: ar.Everything()}, func(i ar.Receivable) {
		trainer.Add(i)
		if c := i.Amount.Currency(); i.Settled.IsZero() || !i.Settled.Before(since) {
			history[c] = append(history[c], i)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("learn how customers pay: %w", err)
	}
	l := &lesson{at: d.now(), model: trainer.Model(), rehearsed: map[ar.Currency]forecast.Rehearsed{}}
	for c, mine := range history {
		if l.rehearsed[c], err = forecast.Rehearse(mine, today, forecast.DefaultKappa); err != nil {
			return nil, fmt.Errorf("learn how right forecasts in %s were: %w", c, err)
		}
	}
	d.pupil.keep(l)
	return l, nil
}
