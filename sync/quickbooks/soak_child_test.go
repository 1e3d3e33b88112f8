package quickbooks

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
	"arbot/store"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

const (
	soakControl = "ARBOT_TEST_SOAK" // makes the test binary the process that syncs
	soakRealm   = "9130"
	soakLedger  = "main"
)

// soakSetting is what the process needs to know to begin.
type soakSetting struct {
	DSN, API, Authorize, Token, Revoke string
	ClientID, ClientSecret             string
}

// The orders that the process carries out.
const (
	orderConnect = "connect" // by the refresh token in Refresh
	orderSync    = "sync"
	orderStop    = "stop"
)

type soakOrder struct {
	Do      string
	Refresh string
	Options arsync.Options
}

// soakOutcome is what came of an order.
type soakOutcome struct {
	Err      string
	Health   ar.HealthState
	Resumed  bool
	Full     bool
	Ties     bool
	Because  string
	Warnings []string
	Report   string
}

// control is the address of the process that looks on: it has the clock, and
// gives the orders.
type control string

// ask posts a value and reads one.
func (c control) ask(ctx context.Context, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, string(c)+path, bytes.NewReader(text)) //nolint:gosec // G704: the address is the test's
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req) //nolint:gosec // G704: as above
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// Now asks for the time. Without an answer there is nobody left to work for.
func (c control) Now() time.Time { return c.advance(context.Background(), 0) }

// Wait moves the clock instead of waiting.
func (c control) Wait(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.advance(ctx, d)
	return nil
}

func (c control) advance(ctx context.Context, d time.Duration) time.Time {
	var nanos int64
	if err := c.ask(ctx, "/clock?by="+strconv.FormatInt(int64(d), 10), nil, &nanos); err != nil {
		panic("the clock is gone: " + err.Error())
	}
	return time.Unix(0, nanos).UTC()
}

// soakChild opens the books and carries out orders until it is stopped, or
// killed.
func soakChild(ctx context.Context, c control) error {
	var set soakSetting
	if err := c.ask(ctx, "/setting", nil, &set); err != nil {
		return fmt.Errorf("read the setting: %w", err)
	}
	quiet := slog.New(slog.DiscardHandler)
	books, err := store.Open(ctx, store.Options{DSN: set.DSN, Now: c.Now, Logger: quiet, AutoMigrate: true})
	if err != nil {
		return err
	}
	defer books.Close()
	sealer, err := oauth.NewSealer(rand.Reader, oauth.Secret(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))), "")
	if err != nil {
		return err
	}
	app, err := NewApp(AppConfig{
		Endpoints: Endpoints{Authorize: set.Authorize, Token: set.Token, Revoke: set.Revoke, API: set.API},
		ClientID:  set.ClientID, ClientSecret: oauth.Secret(set.ClientSecret), Books: books, Sealer: sealer,
		HTTP: &http.Client{Transport: &http.Transport{}}, Now: c.Now, Wait: c.Wait, Rand: rand.Reader,
	})
	if err != nil {
		return err
	}
	w := &soakWorker{control: c, books: books, app: app, engine: &arsync.Engine{Books: books, Now: c.Now, Logger: quiet}}
	for {
		var order soakOrder
		if err := c.ask(ctx, "/next", nil, &order); err != nil {
			return fmt.Errorf("ask for an order: %w", err)
		}
		if order.Do == orderStop {
			return nil
		}
		if err := c.ask(ctx, "/done", w.carryOut(ctx, order), nil); err != nil {
			return fmt.Errorf("tell what came of it: %w", err)
		}
	}
}

type soakWorker struct {
	control
	books  *store.Store
	app    *App
	engine *arsync.Engine
	source *Source
}

func (w *soakWorker) carryOut(ctx context.Context, order soakOrder) (out soakOutcome) {
	var err error
	if order.Do == orderConnect {
		err = w.app.Paste(ctx, soakLedger, oauth.Secret(order.Refresh), soakRealm).Err
	} else {
		out, err = w.sync(ctx, order.Options)
	}
	if err != nil {
		out.Err = err.Error()
		if trouble, ok := errors.AsType[*arsync.TroubleError](err); ok {
			out.Health = trouble.Health.State
		}
	}
	return out
}

func (w *soakWorker) sync(ctx context.Context, o arsync.Options) (soakOutcome, error) {
	if err := w.open(ctx); err != nil {
		return soakOutcome{}, err
	}
	report, err := w.engine.Sync(ctx, w.source, o)
	out := soakOutcome{Resumed: report.Resumed, Full: report.Full, Warnings: report.Warnings, Report: report.String()}
	for _, t := range report.TieOuts {
		out.Ties, out.Because = t.Ties(), t.Because
	}
	return out, err
}

// open makes the source, as a program does that starts.
func (w *soakWorker) open(ctx context.Context) error {
	if w.source != nil {
		return nil
	}
	var c ar.Connection
	err := w.books.View(ctx, func(r ar.Reader) (err error) {
		c, err = r.Connection(ctx, soakLedger)
		return err
	})
	if err == nil && c.Home == "" {
		c, err = w.app.Describe(ctx, soakLedger)
	}
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return fmt.Errorf("zone of the company: %w", err)
	}
	w.source = NewSource(c, w.app.Client(soakLedger, soakRealm), Settings{
		OwnerField: "Sales Rep", BadDebtItems: []string{"Bad debt"}, Zone: zone, Now: w.Now,
	})
	return nil
}

// lines shows an outcome on one line.
func (o soakOutcome) String() string {
	return strings.ReplaceAll(fmt.Sprintf("err %q, health %q, %s", o.Err, o.Health, o.Report), "\n", " | ")
}
