package bench

import (
	"bytes"
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/store"
)

// BenchmarkMillionFigures asks on a million invoices what managers ask in Slack, and learns
// what forecasts rest on, as the background does. It measures the most live memory, too, and
// that of the open books is a part of it.
func BenchmarkMillionFigures(b *testing.B) {
	books, _ := million(b)
	manager := ar.Actor{User: "U1", Email: "boss@example.com", Roles: []ar.Role{ar.Manager}}
	rep := ar.Actor{User: "U2", Email: "rep7@example.com", Roles: []ar.Role{ar.Rep}}
	d := figuresDesk(books)
	for _, question := range []struct {
		name string
		ask  func(context.Context) error
	}{
		{"dso", func(ctx context.Context) error {
			_, err := d.Metrics(ctx, manager, desk.MetricsInput{})
			return err
		}},
		{"dso by owner", func(ctx context.Context) error {
			_, err := d.Metrics(ctx, manager, desk.MetricsInput{By: ar.PerOwner})
			return err
		}},
		{"dso of a rep", func(ctx context.Context) error {
			_, err := d.Metrics(ctx, rep, desk.MetricsInput{})
			return err
		}},
		{"trend", func(ctx context.Context) error {
			_, err := d.Trend(ctx, manager, desk.TrendInput{})
			return err
		}},
		{"provision", func(ctx context.Context) error {
			_, err := d.Provision(ctx, manager, desk.ProvisionInput{})
			return err
		}},
		{"learn", func(ctx context.Context) error { return figuresDesk(books).LearnForecast(ctx) }},
		{"forecast, learned", func(ctx context.Context) error {
			_, err := d.Forecast(ctx, manager, desk.ForecastInput{})
			return err
		}},
		{"forecast of a rep, learned", func(ctx context.Context) error {
			_, err := d.Forecast(ctx, rep, desk.ForecastInput{})
			return err
		}},
		{"meeting", func(ctx context.Context) error {
			_, err := d.Meeting(ctx, manager, desk.MeetingInput{})
			return err
		}},
		{"export aging", func(ctx context.Context) error {
			var content bytes.Buffer
			e, err := bot.WriteExport(ctx, d, manager, desk.ExportInput{Of: desk.ExportAging, AsOf: day}, bot.XLSX, &content)
			b.ReportMetric(float64(e.Rows), "rows")
			return err
		}},
	} {
		b.Run(question.name, func(b *testing.B) {
			if question.name == "forecast, learned" {
				if err := d.LearnForecast(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			most := watchHeap(b)
			for b.Loop() {
				if err := question.ask(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(most(), "MiB/most")
		})
	}
}

func figuresDesk(books *store.Store) *desk.Desk {
	now := func() time.Time { return day.In(time.UTC).Add(9 * time.Hour) }
	return desk.New(books, now, desk.Settings{Zone: time.UTC, Home: "USD", RepsSee: ar.RepsSeeOwn})
}

// watchHeap looks at the heap until the function that it returns is called, which tells the
// most that it was.
func watchHeap(b *testing.B) func() float64 {
	b.Helper()
	runtime.GC()
	var most atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(done)
		<-ended
		return float64(most.Load()) / (1 << 20)
	}
}
