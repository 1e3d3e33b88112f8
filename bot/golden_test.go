package bot_test

import (
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/desktest"
)

// ben is a rep of the made-up company, nora is in AR.
var (
	benOkafor = ar.Actor{User: "U0BEN", Email: "ben.okafor@example.com", Roles: []ar.Role{ar.Rep}}
	noraFeldt = ar.Actor{User: "U0NORA", Email: "nora.feldt@example.com", Roles: []ar.Role{ar.ARClerk}}
)

// TestAnswersGolden draws every command over the books of the made-up company.
func TestAnswersGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	r := newRouter(s.Desk)
	drawScenes(t, r, []scene{
		{"status", benOkafor, "status acme corporation"},
		{"status_ambiguous", noraFeldt, "status grand meridian"},
		{"status_typo", benOkafor, "status acmee corporatoin"},
		{"status_nothing_like_it", benOkafor, "status zzyzx"},
		{"mine", benOkafor, "mine"},
		{"mine_filtered", benOkafor, "mine 60+ days"},
		{"overdue", noraFeldt, "overdue"},
		{"overdue_filtered", noraFeldt, "overdue over 5k 30+ days owner ben"},
		{"overdue_currency", noraFeldt, "overdue EUR top 3"},
		{"overdue_unowned", noraFeldt, "overdue owner none"},
		{"overdue_bad_filter", noraFeldt, "overdue acme"},
		{"aging", noraFeldt, "aging"},
		{"aging_own", benOkafor, "aging"},
		{"aging_account", noraFeldt, "aging acme corporation"},
		{"aging_owner", noraFeldt, "aging owner ben.okafor@example.com"},
		{"aging_as_of", noraFeldt, "aging as of 2026-09-30"},
		{"aging_by_invoice_date", noraFeldt, "aging by invoice date"},
		{"aging_currency", noraFeldt, "aging EUR"},
		{"help", benOkafor, "help"},
		{"help_overdue", benOkafor, "help overdue"},
		{"unknown", benOkafor, "statsu acme"},
		{"unknown_name", benOkafor, "acme corporation"},
	})
}

// scene is something typed by somebody, and the golden file of its answer.
type scene struct {
	name  string
	actor ar.Actor
	text  string
}

func drawScenes(t *testing.T, r *bot.Router, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			golden(t, s.name, answered(t, r, s.actor, s.text))
		})
	}
}

// answered is what somebody reads, an answer or an error.
func answered(t testing.TB, r *bot.Router, actor ar.Actor, text string) card.Card {
	t.Helper()
	answer, err := r.Handle(t.Context(), actor, typed(text))
	if known, ok := errors.AsType[*ar.Error](err); ok {
		c := card.New(known.Say, card.Paragraph{card.T(known.Say)})
		var buttons card.Buttons
		for _, choice := range known.Choices {
			buttons = append(buttons, card.Button{Label: choice.Label, Action: "pick", Value: bot.PickID(choice)})
		}
		if len(buttons) > 0 {
			c.Add(buttons)
		}
		return c
	}
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return answer.Card
}

func TestInvoiceStatusGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	r := newRouter(s.Desk)
	open, settled := invoicesOf(t, s, "Acme Corporation")
	golden(t, "status_invoice", answered(t, r, benOkafor, "status "+open))
	golden(t, "status_settled_invoice", answered(t, r, benOkafor, "status "+settled))
	golden(t, "status_parent", answered(t, r, noraFeldt, "status "+parentOf(t, s)))
}

// invoicesOf returns the number of an invoice that is open and of one that is
// not.
func invoicesOf(t testing.TB, s *desktest.Sample, customer string) (open, settled string) {
	t.Helper()
	s.Books.Read(t, func(r ar.Reader) error {
		customers, err := r.Customers(t.Context(), ar.CustomerFilter{})
		if err != nil {
			return err
		}
		for _, c := range customers {
			if c.Name != customer {
				continue
			}
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{
				AsOf: s.Today(), Customers: []ar.CustomerID{c.ID}, Scope: ar.Everything(), Owed: true,
			})
			if err != nil {
				return err
			}
			still := map[string]bool{}
			for _, i := range items {
				still[i.Number] = true
				open = items[0].Number
			}
			for _, d := range s.Documents() {
				if d.Customer == c.External && d.Kind == ar.Invoice && d.Status == ar.Posted && !still[d.Number] {
					settled = d.Number
				}
			}
		}
		return nil
	})
	if open == "" || settled == "" {
		t.Fatalf("%s has no open or no settled invoice", customer)
	}
	return open, settled
}

// parentOf returns the name of a customer with others below it.
func parentOf(t testing.TB, s *desktest.Sample) string {
	t.Helper()
	names := map[string]string{}
	for _, c := range s.Customers() {
		names[c.External] = c.Name
		if c.Parent != "" {
			return names[c.Parent]
		}
	}
	t.Fatal("no customer has a parent")
	return ""
}

// TestDigestsGolden draws the first and the second digest of each kind.
func TestDigestsGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	digests := newDigests(s.Desk)
	for _, day := range []string{"first", "second"} {
		for _, d := range []struct {
			name, route string
			kind        ar.PostKind
		}{
			{"ar", "ar", ar.ARDigest}, {"sales", "sales", ar.SalesDigest}, {"rep", "rep:ben.okafor@example.com", ar.RepDigest},
		} {
			golden(t, "digest_"+d.name+"_"+day, post(t, s.Books, s.Desk, digests, d.kind, d.route)...)
		}
		s.NextDay(t)
	}
}

// TestBooksInTroubleGolden draws answers over books that cannot be trusted.
func TestBooksInTroubleGolden(t *testing.T) {
	t.Parallel()
	empty := desktest.New(t)
	golden(t, "books_empty", answered(t, newRouter(empty.Desk), desktest.Nora, "aging"))

	stale := desktest.NewSample(t)
	stale.Books.Clock.Add(75 * time.Hour)
	golden(t, "books_stale", answered(t, newRouter(stale.Desk), noraFeldt, "aging"))

	running := desktest.New(t)
	running.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Acme", "dana@example.com")}})
	running.Write(t, func(tx ar.Tx) error {
		_, err := tx.StartRun(t.Context(), ar.Run{Source: running.Ledger.Source.ID, Total: 1000})
		return err
	})
	golden(t, "books_import_running", answered(t, newRouter(running.Desk), desktest.Dana, "status acme"))

	off := desktest.New(t)
	off.Import(t, acme(doc("INV-1", "2026-10-01", "2026-10-31", "600.00")))
	finish(t, off, ar.SyncMark{TieOuts: []ar.TieOut{{
		AsOf: day("2026-11-25"), Ledger: usd("700.00"), Ours: usd("600.00"), At: off.Clock.Now(), Because: "INV-9 is in the ledger only.",
	}}}, "")
	golden(t, "books_off", answered(t, newRouter(off.Desk), desktest.Dana, "status acme"))
	finish(t, off, ar.SyncMark{}, "row 7 of invoices.csv has no date")
	golden(t, "books_failed", answered(t, newRouter(off.Desk), desktest.Dana, "status acme"))
}
