package oauth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// KeeperConfig is what a Keeper needs.
type KeeperConfig struct {
	Books    ar.Books
	Sealer   *Sealer
	Endpoint Endpoint
	Now      func() time.Time
	// Wait waits, or returns early with the context's error.
	Wait func(ctx context.Context, d time.Duration) error
	// Rand names this keeper in its leases.
	Rand io.Reader
	// Logger gets names of ledgers and times; nil discards them.
	Logger *slog.Logger
	// Lost, where set, is called in the transaction that writes down that an
	// admin has to give access anew: what it enqueues is told once.
	Lost func(ctx context.Context, tx ar.Tx, c ar.Connection) error
}

// Keeper gives valid access tokens of one kind of ledger, and renews them: one
// writer at a time over all processes, by a lease and by compare-and-swap, and
// the new tokens stored before the access token is handed out. A refused refresh
// token ends that until an admin connects the ledger again; anything else that
// goes wrong keeps the tokens as they are.
type Keeper struct {
	KeeperConfig
	holder string

	mu      sync.Mutex
	ledgers map[string]*renewal
}

// renewal is the state of one ledger's renewals in this process.
type renewal struct {
	turn chan struct{} // held by who renews
	// The rest is written by who holds turn.

	// unsaved came back for the refresh token used, and could not be stored.
	unsaved *Token
	used    Secret
	// failed is why the last renewal failed, and quiet until when that is answer
	// enough.
	failed error
	quiet  time.Time
}

const (
	// leaseTime is longer than one renewal can take.
	leaseTime    = 30 * time.Second
	refreshLimit = 15 * time.Second
	storeLimit   = 10 * time.Second
	// leasePoll is how often a waiting process looks.
	leasePoll = 500 * time.Millisecond
	// quietTime keeps a failing token endpoint from being asked at each call.
	quietTime = time.Minute
	// casTries bounds how often somebody may come between.
	casTries = 5
)

// NewKeeper returns a Keeper.
func NewKeeper(c KeeperConfig) (*Keeper, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	id := make([]byte, 8)
	if _, err := io.ReadFull(c.Rand, id); err != nil {
		return nil, fmt.Errorf("oauth: name the keeper: %w", err)
	}
	return &Keeper{KeeperConfig: c, holder: hex.EncodeToString(id), ledgers: map[string]*renewal{}}, nil
}

// Holder gives the tokens of one ledger.
type Holder struct {
	keeper *Keeper
	ledger string
}

// Holder returns that of a ledger, by its name in the config.
func (k *Keeper) Holder(ledger string) *Holder { return &Holder{k, ledger} }

// Access returns an access token that has some time left.
func (h *Holder) Access(ctx context.Context) (Secret, error) {
	return h.keeper.token(ctx, h.ledger, "")
}

// Renew returns another access token than the one that the ledger refused.
func (h *Holder) Renew(ctx context.Context, refused Secret) (Secret, error) {
	return h.keeper.token(ctx, h.ledger, refused)
}

// Lost writes down that an admin has to give access anew, and why.
func (h *Holder) Lost(ctx context.Context, why string) error {
	return h.keeper.lose(ctx, h.ledger, "", why)
}

// held is a connection with its tokens open.
type held struct {
	ar.Connection
	Token
}

// look reads a connection. One that needs reconnecting is an error.
func (k *Keeper) look(ctx context.Context, ledger string) (held, error) {
	var h held
	err := k.Books.View(ctx, func(r ar.Reader) (err error) {
		h.Connection, err = r.Connection(ctx, ledger)
		return err
	})
	if err != nil {
		return held{}, fmt.Errorf("oauth: look up the connection of %s: %w", ledger, err)
	}
	if h.Health.State == ar.NeedsReconnecting {
		return held{}, &arsync.TroubleError{Health: h.Health, Err: errLost}
	}
	h.Token, err = OpenToken(k.Sealer, ledger, h.Sealed)
	return h, err
}

// errLost is behind the answers about a connection that needs reconnecting.
var errLost = errors.New("no call is made before that")

// serves reports whether the access token can be handed out as it is.
func (h held) serves(now time.Time, refused Secret) bool {
	return h.Access != refused && h.fresh(now)
}

// token returns an access token other than the refused.
func (k *Keeper) token(ctx context.Context, ledger string, refused Secret) (Secret, error) {
	h, err := k.look(ctx, ledger)
	if err != nil {
		return "", err
	}
	if h.serves(k.Now(), refused) {
		return h.Access, nil
	}
	r := k.renewalOf(ledger)
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	access, err := k.renew(ctx, ledger, refused, r)
	if err != nil && h.Access != refused && h.lives(k.Now()) && passes(err) {
		return h.Access, nil // it was to be renewed ahead of its time
	}
	return access, err
}

// passes: the trouble has left the tokens as they were.
func passes(err error) bool {
	t, ok := errors.AsType[*arsync.TroubleError](err)
	return ok && (t.Health.State == ar.Delayed || t.Health.State == ar.Paused)
}

func (k *Keeper) renewalOf(ledger string) *renewal {
	k.mu.Lock()
	defer k.mu.Unlock()
	r := k.ledgers[ledger]
	if r == nil {
		r = &renewal{turn: make(chan struct{}, 1)}
		k.ledgers[ledger] = r
	}
	return r
}

// renew renews the tokens of a ledger, alone in this process, and returns the
// access token that is stored then.
func (k *Keeper) renew(ctx context.Context, ledger string, refused Secret, r *renewal) (Secret, error) {
	if k.Now().Before(r.quiet) {
		return k.other(ctx, ledger, refused, r.failed)
	}
	// Once the ledger has given new tokens, nothing may come between it and the
	// store: a shutdown waits for this.
	work := context.WithoutCancel(ctx)
	if err := k.lease(ctx, ledger); err != nil {
		return "", err
	}
	defer k.release(work, ledger)
	access, err := k.renewAlone(work, ledger, refused, r)
	if r.failed = nil; passes(err) {
		r.failed, r.quiet = err, k.Now().Add(quietTime)
	}
	return access, err
}

// other returns what another process has stored meanwhile, else err.
func (k *Keeper) other(ctx context.Context, ledger string, refused Secret, err error) (Secret, error) {
	h, e := k.look(ctx, ledger)
	switch {
	case e != nil:
		return "", e
	case h.serves(k.Now(), refused):
		return h.Access, nil
	}
	return "", err
}

// lease waits until this keeper may renew.
func (k *Keeper) lease(ctx context.Context, ledger string) error {
	for start := k.Now(); ; {
		var got bool
		err := k.Books.Update(ctx, func(tx ar.Tx) (err error) {
			got, err = tx.LeaseConnection(ctx, ledger, k.holder, k.Now().Add(leaseTime))
			return err
		})
		switch {
		case err != nil:
			return fmt.Errorf("oauth: lease the connection of %s: %w", ledger, err)
		case got:
			return nil
		case k.Now().Sub(start) > 2*leaseTime:
			return k.delayed(errors.New("another process holds the tokens for too long"))
		}
		if err := k.Wait(ctx, leasePoll); err != nil {
			return fmt.Errorf("oauth: wait for the tokens of %s: %w", ledger, err)
		}
	}
}

// release gives the lease back; where that fails, it ends by itself.
func (k *Keeper) release(ctx context.Context, ledger string) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	err := k.Books.Update(ctx, func(tx ar.Tx) error {
		_, err := tx.LeaseConnection(ctx, ledger, k.holder, k.Now().Add(-time.Second))
		return err
	})
	if err != nil {
		k.Logger.WarnContext(ctx, "lease of a connection not given back", "ledger", ledger, "error", err)
	}
}

// renewAlone holds the lease. It asks for tokens once, and a second time only
// where the refused refresh token had been replaced meanwhile.
func (k *Keeper) renewAlone(ctx context.Context, ledger string, refused Secret, r *renewal) (Secret, error) {
	for second := false; ; second = true {
		h, err := k.look(ctx, ledger)
		if err != nil {
			return "", err
		}
		if h.serves(k.Now(), refused) {
			return h.Access, nil
		}
		if r.unsaved == nil || r.used != h.Refresh {
			t, err := k.refresh(ctx, h.Refresh)
			if err != nil {
				moved, err := k.refused(ctx, ledger, h.Refresh, err)
				if moved && !second {
					continue
				}
				return "", err
			}
			r.unsaved, r.used = &t, h.Refresh
		}
		return k.save(ctx, ledger, r)
	}
}

func (k *Keeper) refresh(ctx context.Context, refresh Secret) (Token, error) {
	ctx, cancel := context.WithTimeout(ctx, refreshLimit)
	defer cancel()
	return k.Endpoint.Refresh(ctx, refresh)
}

// refused says what a failed renewal means. moved says that the refresh token
// that was sent is not the stored one any more.
func (k *Keeper) refused(ctx context.Context, ledger string, sent Secret, err error) (moved bool, _ error) {
	f, ok := errors.AsType[*EndpointError](err)
	switch {
	case ok && f.Dead():
		why := k.Endpoint.Name + " has ended arbot's access. An admin has to connect it again."
		lost := k.lose(ctx, ledger, sent, why)
		if errors.Is(lost, errSuperseded) {
			return true, k.delayed(err)
		}
		if lost != nil {
			return false, lost
		}
		return false, &arsync.TroubleError{Health: ar.Health{State: ar.NeedsReconnecting, Why: why, Since: k.Now()}, Err: err}
	case ok && f.Ours():
		why := k.Endpoint.Name + " does not accept arbot's own client id and secret. Compare them with the keys of the app in the developer portal."
		return false, &arsync.TroubleError{Health: ar.Health{State: ar.Paused, Why: why}, Err: err}
	}
	return false, k.delayed(err)
}

func (k *Keeper) delayed(err error) error {
	why := k.Endpoint.Name + " does not give a new access token right now; arbot goes on trying by itself."
	return &arsync.TroubleError{Health: ar.Health{State: ar.Delayed, Why: why, Until: k.Now().Add(quietTime)}, Err: err}
}

// save stores new tokens. Where that fails they are kept in memory for the next
// call, and not used before.
func (k *Keeper) save(ctx context.Context, ledger string, r *renewal) (Secret, error) {
	fresh := *r.unsaved
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	err := k.Change(ctx, ledger, func(_ ar.Tx, c *ar.Connection) error {
		if err := k.unchanged(*c, r.used); err != nil {
			return err
		}
		return k.put(c, fresh)
	})
	if errors.Is(err, errSuperseded) { // an admin has connected anew
		r.unsaved = nil
		h, err := k.look(ctx, ledger)
		return h.Access, err
	}
	if err != nil {
		return "", fmt.Errorf("oauth: the new tokens of %s are not stored, and so not used: %w", ledger, err)
	}
	r.unsaved, r.used = nil, ""
	k.Logger.InfoContext(ctx, "tokens renewed", "ledger", ledger, "until", fresh.Expires)
	return fresh.Access, nil
}

// errSuperseded says that other tokens are stored than those that were used.
var errSuperseded = errors.New("other tokens are stored by now")

// unchanged reports whether a connection still has a refresh token.
func (k *Keeper) unchanged(c ar.Connection, refresh Secret) error {
	t, err := OpenToken(k.Sealer, c.Name, c.Sealed)
	if err == nil && t.Refresh != refresh {
		return errSuperseded
	}
	return err
}

// lose writes down that access has to be given anew. sent is the refresh token
// that was refused: with another one stored by now it is errSuperseded. "" is
// whichever is stored.
func (k *Keeper) lose(ctx context.Context, ledger string, sent Secret, why string) error {
	err := k.Change(ctx, ledger, func(tx ar.Tx, c *ar.Connection) error {
		if sent != "" {
			if err := k.unchanged(*c, sent); err != nil {
				return err
			}
		}
		if c.Health.State == ar.NeedsReconnecting {
			return nil
		}
		c.Health = ar.Health{State: ar.NeedsReconnecting, Why: why, Since: k.Now()}
		if k.Lost == nil {
			return nil
		}
		return k.Lost(ctx, tx, *c)
	})
	if err != nil {
		return fmt.Errorf("oauth: note that %s needs reconnecting: %w", ledger, err)
	}
	k.Logger.WarnContext(ctx, "a ledger needs reconnecting", "ledger", ledger)
	return nil
}
