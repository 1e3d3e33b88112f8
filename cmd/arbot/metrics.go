package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
	"arbot/desk"
)

// metrics answers with the figures of arbot itself, in the text form of Prometheus. No
// customer is named in them.
func (a *app) metrics(w http.ResponseWriter, r *http.Request) {
	text, err := a.exposition(r.Context())
	if err != nil {
		a.log.ErrorContext(r.Context(), "metrics", "error", err)
		http.Error(w, "the books do not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprint(w, text)
}

func (a *app) exposition(ctx context.Context) (string, error) {
	ledgers, err := a.desk.Ledgers(ctx)
	if err != nil {
		return "", err
	}
	counts, err := a.books.Counts(ctx)
	if err != nil {
		return "", err
	}
	var e exposition
	for _, l := range ledgers {
		e.ledger(l, a.now())
	}
	for _, state := range slices.Sorted(maps.Keys(counts.Jobs)) {
		e.add(queueMetric, float64(counts.Jobs[state]), "state", state)
	}
	for _, state := range slices.Sorted(maps.Keys(counts.Posts)) {
		e.add(postsMetric, float64(counts.Posts[state]), "state", state)
	}
	for _, l := range ledgers {
		if l.Connection.Name != "" {
			e.addText(callsMetric, strconv.FormatUint(a.intuit.calls(l), 10), "ledger", l.Name)
		}
	}
	if a.webhook != nil {
		seen := a.webhook.Counts()
		for what, n := range map[string]uint64{"taken": seen.Deliveries, "refused": seen.Refused, "dropped": seen.Dropped} {
			e.add(webhookMetric, float64(n), "what", what)
		}
	}
	return e.String(), nil
}

// metric is a family: what it is called and what it says.
type metric struct{ name, kind, help string }

var (
	ageMetric     = metric{"arbot_ledger_data_age_seconds", "gauge", "Age of the data of a ledger."}
	syncedMetric  = metric{"arbot_ledger_last_sync_timestamp_seconds", "gauge", "When the last good sync of a ledger ended."}
	healthMetric  = metric{"arbot_ledger_health", "gauge", "1 for the state that a ledger is in."}
	tieOutMetric  = metric{"arbot_ledger_tieout_difference", "gauge", "A/R here less the ledger's own, in units of the currency, at the last tie-out."}
	tiedMetric    = metric{"arbot_ledger_tieout_timestamp_seconds", "gauge", "When the last tie-out was made."}
	leftOutMetric = metric{"arbot_ledger_left_out", "gauge", "Warnings about what the last reading of everything, and those since, left out or found odd."}
	queueMetric   = metric{"arbot_queue_jobs", "gauge", "Jobs in the queue by state."}
	postsMetric   = metric{"arbot_posts", "gauge", "Posts by state."}
	callsMetric   = metric{"arbot_ledger_calls_total", "counter", "Calls to the API of a ledger since the start."}
	webhookMetric = metric{"arbot_webhook_deliveries_total", "counter", "Deliveries of webhooks since the start."}
	families      = []metric{ageMetric, syncedMetric, healthMetric, tieOutMetric, tiedMetric, leftOutMetric, queueMetric, postsMetric, callsMetric, webhookMetric}
)

// exposition is samples by family.
type exposition struct{ samples map[string][]string }

func (e *exposition) add(m metric, value float64, labels ...string) {
	e.addText(m, fmt.Sprint(value), labels...)
}

func (e *exposition) addText(m metric, value string, labels ...string) {
	var pairs []string
	for i := 0; i+1 < len(labels); i += 2 {
		pairs = append(pairs, labels[i]+`="`+labelText.Replace(labels[i+1])+`"`)
	}
	if e.samples == nil {
		e.samples = map[string][]string{}
	}
	e.samples[m.name] = append(e.samples[m.name], fmt.Sprintf("%s{%s} %s", m.name, strings.Join(pairs, ","), value))
}

// labelText escapes as the exposition format asks for.
var labelText = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

var healthStates = map[ar.HealthState]string{
	ar.Healthy: "ok", ar.Delayed: "delayed", ar.Paused: "paused", ar.NeedsReconnecting: "needs_reconnecting",
}

func (e *exposition) ledger(l desk.LedgerState, now time.Time) {
	for _, state := range []ar.HealthState{ar.Healthy, ar.Delayed, ar.Paused, ar.NeedsReconnecting} {
		is := 0.0
		if l.Health.State == state && l.Connected() {
			is = 1
		}
		e.add(healthMetric, is, "ledger", l.Name, "state", healthStates[state])
	}
	if at := l.Source.DataAsOf; !at.IsZero() {
		e.add(ageMetric, now.Sub(at).Round(time.Second).Seconds(), "ledger", l.Name)
	}
	if at := l.Source.Synced; !at.IsZero() {
		e.addText(syncedMetric, strconv.FormatInt(at.Unix(), 10), "ledger", l.Name)
	}
	if !l.Source.Synced.IsZero() {
		e.add(leftOutMetric, float64(len(l.Source.LeftOut)), "ledger", l.Name)
	}
	for _, t := range l.Source.TieOuts {
		if off, err := t.Difference(); err == nil {
			e.addText(tieOutMetric, off.Decimal(), "ledger", l.Name, "currency", string(off.Currency()))
			e.addText(tiedMetric, strconv.FormatInt(t.At.Unix(), 10), "ledger", l.Name, "currency", string(off.Currency()))
		}
	}
}

// String writes the families in a fixed order, each with what it says.
func (e *exposition) String() string {
	var b strings.Builder
	for _, m := range families {
		samples := e.samples[m.name]
		if len(samples) == 0 {
			continue
		}
		slices.Sort(samples)
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n%s\n", m.name, m.help, m.name, m.kind, strings.Join(samples, "\n"))
	}
	return b.String()
}
