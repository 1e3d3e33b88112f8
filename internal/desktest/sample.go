package desktest

import (
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/sampleco"
	"arbot/store/storetest"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// Sample is the made-up company, its books brought in as a bundle.
type Sample struct {
	*sampleco.Company
	Books *storetest.Books
	Desk  *desk.Desk

	engine *arsync.Engine
	dir    string
}

// NewSample returns the company of seed 1 in the morning of Wed 25 Nov 2026,
// with its books as of then.
func NewSample(t testing.TB) *Sample {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatalf("desktest: %v", err)
	}
	s := &Sample{
		Company: sampleco.New(sampleco.Options{Seed: 1}), Books: storetest.SQLite(t), dir: t.TempDir(),
	}
	s.Books.Clock.Add(5*time.Hour + 30*time.Minute)
	s.Desk = desk.New(s.Books, s.Books.Clock.Now, desk.Settings{
		Zone: zone, Home: s.Home(), RepsSee: ar.RepsSeeOwn, People: s.people(),
		StaleAfter: 24 * time.Hour, WaitForImport: time.Hour,
	})
	s.engine = &arsync.Engine{Books: s.Books, Now: s.Books.Clock.Now}
	s.Sync(t)
	return s
}

func (s *Sample) people() []desk.Person {
	var people []desk.Person
	for _, p := range s.People() {
		people = append(people, desk.Person{Email: p.Email, Name: p.Name})
	}
	return people
}

// Sync brings the books in as they stand.
func (s *Sample) Sync(t testing.TB) arsync.Report {
	t.Helper()
	exported := s.Books.Clock.Now().Add(-30 * time.Minute)
	if err := s.WriteBundle(s.dir, s.Today(), exported); err != nil {
		t.Fatalf("desktest: %v", err)
	}
	report, err := s.engine.Sync(t.Context(), file.NewBundle(s.dir), arsync.Options{})
	if err != nil {
		t.Fatalf("desktest: %v", err)
	}
	return report
}

// NextDay lets a day pass, in the company and on the clock, and brings the
// books in.
func (s *Sample) NextDay(t testing.TB) {
	t.Helper()
	s.Advance(1)
	s.Books.Clock.Add(24 * time.Hour)
	s.Sync(t)
}
