package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"arbot/ar/forecast"
	"arbot/desk"
)

// forecast tries the forecast on the past of the books and prints how right it was,
// beside the plain methods.
func (p *program) forecast(ctx context.Context, args []string) error {
	set := p.flags("forecast")
	path := p.configFlag(set)
	backtest := set.Bool("backtest", false, "try the forecast on the past and print how right it was")
	var in desk.BacktestInput
	set.IntVar(&in.Weeks, "weeks", forecast.FewestWeeks, "how many weeks each forecast goes")
	set.IntVar(&in.Mornings, "mornings", 18, "on how many mornings, a week apart, it is made")
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	if !*backtest {
		return usageError{"say --backtest; the forecast itself is asked for in Slack"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	found, err := a.desk.Backtest(ctx, in)
	if err == nil {
		err = printBacktests(p.out, found)
	}
	return errors.Join(err, a.close())
}

func printBacktests(out io.Writer, found []desk.CurrencyBacktest) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(out, "There is no invoice in the books to try the forecast on. Read a ledger first: arbot import, or arbot sync.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for n, b := range found {
		if n > 0 {
			fmt.Fprintln(w)
		}
		if b.Tested < forecast.FewestTested {
			fmt.Fprintf(w, "%s: too few paid invoices to test on: %d, at least %d are needed.\nAn invoice counts if it was open on a morning from %s to %s and is paid now; --mornings takes more of the past.\n",
				b.Currency, b.Tested, forecast.FewestTested, b.First, b.Last)
			continue
		}
		fmt.Fprintf(w, "%s: %d invoices, tried on %d mornings from %s to %s\n", b.Currency, b.Invoices, b.Last.Sub(b.First)/7+1, b.First, b.Last)
		printScores(w, "Money of invoices that were open (WAPE by week, bias, all weeks together)", b.Open)
		printScores(w, "All receipts (the same)", b.Receipts)
		printRows(w, "Days to payment of single invoices (mean absolute error)", b.Report)
	}
	return w.Flush()
}

func printScores(w io.Writer, title string, s forecast.Scores) {
	fmt.Fprintf(w, "\n%s\n", title)
	if len(s.Lines) == 0 {
		fmt.Fprintln(w, "  n/a")
		return
	}
	fmt.Fprint(w, "method\t")
	for week := range s.Lines[0].Weeks {
		fmt.Fprintf(w, "week %d\t", week+1)
	}
	fmt.Fprint(w, "all\tbias\ttotal\t\n")
	for _, line := range s.Lines {
		fmt.Fprintf(w, "%s\t", line.Method)
		for _, week := range line.Weeks {
			fmt.Fprintf(w, "%s\t", week)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t\n", line.All, line.Bias, line.Total)
	}
	fmt.Fprint(w, "80 % ranges held\t")
	for _, held := range s.Held {
		fmt.Fprintf(w, "%s\t", held)
	}
	fmt.Fprintf(w, "%s\t\t%s\t\n", s.HeldAll(), s.HeldTotal)
}

func printRows(w io.Writer, title string, r forecast.Report) {
	fmt.Fprintf(w, "\n%s\nrows\tinvoices\t%s\t%s\t%s\tpinball\trange held\t\n", title, forecast.Hazard, forecast.DueDate, forecast.MeanLag)
	for _, row := range []struct {
		name string
		of   forecast.Rows
	}{{"all", r.Rows}, {"overdue", r.Overdue}} {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t\n", row.name, row.of.Hazard.Count, row.of.Hazard, row.of.DueDate, row.of.MeanLag, row.of.Pinball, row.of.Held)
	}
}
