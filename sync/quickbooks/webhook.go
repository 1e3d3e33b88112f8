package quickbooks

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	arsync "arbot/sync"
	"arbot/sync/oauth"
)

const (
	// maxDelivery is far more than Intuit sends.
	maxDelivery = 1 << 20
	// queued is how many deliveries may wait to be handed on.
	queued = 256
)

// Event says that something has changed in a company: a hint to read it.
type Event struct {
	// Realm is the company.
	Realm string
	Hint  arsync.Hint
}

// Counts are what a Webhook has seen since it was made.
type Counts struct {
	// Deliveries had a good signature, Refused had none.
	Deliveries, Refused uint64
	// Events were understood, Unknown were not: deliveries of another shape, and
	// events without a company or an object.
	Events, Unknown uint64
	// Dropped deliveries found the queue full; change data capture finds what
	// they would have told.
	Dropped uint64
}

// Webhook receives Intuit's notifications: signed, in both of their shapes, for
// several companies at once, in any order and more than once. It answers at
// once, and hands the events on from Run.
type Webhook struct {
	verifiers []oauth.Secret
	log       *slog.Logger
	queue     chan []Event

	deliveries, refused, events, unknown, dropped atomic.Uint64
}

// NewWebhook returns a Webhook that takes what is signed by one of the app's
// verifier tokens: two while the token is changed. Without any it takes nothing.
func NewWebhook(log *slog.Logger, verifiers ...oauth.Secret) *Webhook {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Webhook{verifiers: verifiers, log: log, queue: make(chan []Event, queued)}
}

// Counts returns what it has seen.
func (h *Webhook) Counts() Counts {
	return Counts{
		Deliveries: h.deliveries.Load(), Refused: h.refused.Load(),
		Events: h.events.Load(), Unknown: h.unknown.Load(), Dropped: h.dropped.Load(),
	}
}

// Run hands on what was received, delivery by delivery, until the context ends.
func (h *Webhook) Run(ctx context.Context, handle func(context.Context, []Event)) error {
	for {
		select {
		case events := <-h.queue:
			handle(ctx, events)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// ServeHTTP answers 401 to what is not signed and 200 to all that is, whatever
// it holds: Intuit repeats a delivery until it hears 200, and holds later ones
// back meanwhile.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		status := http.StatusBadRequest
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	if !h.signed(r.Header.Get("intuit-signature"), body) {
		h.refused.Add(1)
		h.log.WarnContext(r.Context(), "notification of QuickBooks refused: its signature is wrong")
		http.Error(w, "the signature is not valid", http.StatusUnauthorized)
		return
	}
	h.deliveries.Add(1)
	h.take(r.Context(), body)
	w.WriteHeader(http.StatusOK)
}

// signed checks the signature over the bytes as they came, in constant time.
func (h *Webhook) signed(signature string, body []byte) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(given) != sha256.Size {
		return false
	}
	good := false
	for _, verifier := range h.verifiers {
		if verifier == "" {
			continue
		}
		mac := hmac.New(sha256.New, []byte(verifier))
		mac.Write(body)
		if hmac.Equal(given, mac.Sum(nil)) {
			good = true
		}
	}
	return good
}

func (h *Webhook) take(ctx context.Context, body []byte) {
	events, unknown := parseEvents(body)
	h.events.Add(uint64(len(events)))
	h.unknown.Add(uint64(len(unknown)))
	for _, why := range unknown {
		h.log.WarnContext(ctx, "notification of QuickBooks not understood", "reason", why)
	}
	if len(events) == 0 {
		return
	}
	select {
	case h.queue <- events:
	default:
		h.dropped.Add(1)
		h.log.WarnContext(ctx, "notification of QuickBooks dropped: too many are waiting", "events", len(events))
	}
}
