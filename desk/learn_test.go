package desk_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
)

// What was learned is kept: a forecast of another day is made from it, and says of when
// it is, until it is learned anew.
func TestForecastSaysWhenItLearned(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	ask := func() desk.Forecast {
		t.Helper()
		f, err := s.Desk.Forecast(t.Context(), desktest.Nora, desk.ForecastInput{})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first := s.Desk.Today()
	if f := ask(); f.Learned != first || f.Day != first {
		t.Errorf("the first forecast is of %s and learned on %s", f.Day, f.Learned)
	}
	s.NextDay(t)
	if f := ask(); f.Learned != first || f.Day != first.AddDays(1) || f.Currencies[0].Weeks[0].From != f.Day {
		t.Errorf("the next day's forecast is of %s, begins on %s and learned on %s", f.Day, f.Currencies[0].Weeks[0].From, f.Learned)
	}
	if err := s.Desk.LearnForecast(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := ask()
	if again.Learned != again.Day {
		t.Errorf("learned anew on %s, and it says %s", again.Day, again.Learned)
	}
	if err := s.Desk.LearnForecast(t.Context()); err != nil { // nothing new
		t.Fatal(err)
	}
	if diff := cmp.Diff(again.Currencies, ask().Currencies, cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
		t.Errorf("without news it says something else:\n%s", diff)
	}
}

// The kept ranges of the whole book are those that the part of it that is all of it gets
// from its own past, and so is all else.
func TestKeptRangesAreTheSame(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	reps := desk.New(s.Books, s.Books.Clock.Now, func() desk.Settings {
		settings := s.Desk.Settings()
		settings.RepsSee = ar.RepsSeeOwn
		return settings
	}())
	var owners []string
	s.Books.Read(t, func(r ar.Reader) error {
		customers, err := r.Customers(t.Context(), ar.CustomerFilter{})
		for _, c := range customers {
			owners = append(owners, c.Owner)
		}
		return err
	})
	everybody := ar.Actor{User: "U0ALL", Names: owners, Roles: []ar.Role{ar.Rep}} // owns all
	for _, weeks := range []int{4, 9} {
		whole, err := s.Desk.Forecast(t.Context(), desktest.Nora, desk.ForecastInput{Weeks: weeks})
		if err != nil {
			t.Fatal(err)
		}
		part, err := reps.Forecast(t.Context(), everybody, desk.ForecastInput{Weeks: weeks})
		if err != nil {
			t.Fatal(err)
		}
		if !whole.Currencies[0].Total.Calibrated {
			t.Error("the whole book has no calibrated range")
		}
		if diff := cmp.Diff(whole.Currencies, part.Currencies, cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
			t.Errorf("%d weeks (-kept +made anew):\n%s", weeks, diff)
		}
	}
}

// Many ask at once, and one learns.
func TestLearningAtOnce(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			var err error
			if n%2 == 0 {
				err = s.Desk.LearnForecast(t.Context())
			} else {
				_, err = s.Desk.Forecast(t.Context(), desktest.Nora, desk.ForecastInput{})
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
