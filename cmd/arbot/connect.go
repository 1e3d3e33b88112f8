package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"arbot/ar"
	"arbot/sync/oauth"
	"arbot/sync/quickbooks"
)

const (
	callbackPath = "/quickbooks/callback"
	webhookPath  = "/quickbooks/webhook"

	// connectLimit is how long a link holds, and so how long it is waited for.
	connectLimit = 10 * time.Minute
	keyBytes     = 32
)

// connectLedger gives arbot access to a company.
func (p *program) connectLedger(ctx context.Context, args []string) error {
	set := p.flags("connect")
	path := p.configFlag(set)
	paste := set.Bool("paste", false, "take a refresh token and a company's id that are typed here, as from Intuit's OAuth Playground")
	at := set.String("local", "localhost:8095", "the `address` on this machine to which the browser comes back; :0 takes any port")
	newKey := set.Bool("new-key", false, "print a key for "+oauth.KeyName+", and do nothing else")
	// The kind and the ledger may come before the flags: connect quickbooks --paste.
	words, flags := leading(args)
	if err := p.parse(set, flags, anyNumber); err != nil {
		return err
	}
	words = append(words, set.Args()...)
	if *newKey {
		return p.printKey()
	}
	if len(words) == 0 || len(words) > 2 || words[0] != quickbooks.Kind {
		return usageError{"say what to connect: arbot connect quickbooks, and the ledger's name where there are several"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	name, err := a.online(words[1:])
	if err == nil {
		err = a.intuit.keys.missing()
	}
	if err == nil {
		given := false
		set.Visit(func(f *flag.Flag) { given = given || f.Name == "local" })
		switch {
		case *paste:
			err = a.connectPasted(ctx, p, name)
		case s.Public != "" && !given:
			err = a.connectServed(ctx, p, name)
		default:
			err = a.connectLocal(ctx, p, name, *at)
		}
	}
	return errors.Join(err, a.close())
}

// leading parts the words that come before the first flag.
func leading(args []string) (words, rest []string) {
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		words, args = append(words, args[0]), args[1:]
	}
	return words, args
}

func (p *program) printKey() error {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(rand.Reader, key); err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	fmt.Fprintln(p.out, base64.StdEncoding.EncodeToString(key))
	fmt.Fprintf(p.err, "Put it into %s. Keep it apart from the database and its backups: who has both can read the ledgers.\n", oauth.KeyName)
	return nil
}

// online is the name of a connected ledger, as it was typed, or the only one.
func (a *app) online(words []string) (string, error) {
	var all []string
	for _, l := range a.ledgers {
		if l.online() {
			all = append(all, l.name)
		}
	}
	switch {
	case len(all) == 0:
		return "", usageError{"the config has no ledger of QuickBooks: add one under ledgers:, with quickbooks: {} (docs/quickbooks.md)"}
	case len(words) == 0 && len(all) > 1:
		return "", usageError{"which ledger? There are " + strings.Join(all, ", ")}
	case len(words) == 0:
		return all[0], nil
	}
	for _, name := range all {
		if name == words[0] {
			return name, nil
		}
	}
	return "", usageError{fmt.Sprintf("the config has no ledger of QuickBooks called %q: there is %s", words[0], strings.Join(all, ", "))}
}

// connectLocal waits on this machine for the browser to come back.
func (a *app) connectLocal(ctx context.Context, p *program, name, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host != "" && !local(host) {
		return usageError{fmt.Sprintf("--local takes an address of this machine with a port, such as localhost:8095, and not %q", address)}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen for the browser: %w (--local takes another address)", err)
	}
	if host == "" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	redirect := "http://" + net.JoinHostPort(host, port) + callbackPath
	link, err := a.intuit.app(name).AuthorizeURL(name, "cli", redirect)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(p.out, "Open this address in a browser on this machine, choose the company and allow the access:\n\n  %s\n\nThe app's settings at Intuit must list this redirect URI: %s\n", link, redirect)
	return a.awaitBrowser(ctx, p, name, listener)
}

// awaitBrowser serves the callback until an answer for the ledger has come.
func (a *app) awaitBrowser(ctx context.Context, p *program, name string, l net.Listener) error {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	came := make(chan quickbooks.Outcome, 1)
	mux := http.NewServeMux()
	mux.Handle(callbackPath, a.intuit.app(name).Callback(func(_ context.Context, o quickbooks.Outcome) {
		if o.Grant.Ledger != name { // not an answer to us: somebody looked in
			return
		}
		select {
		case came <- o:
		default:
		}
	}))
	server := newServer(mux)
	go func() { _ = server.Serve(l) }() // it ends with Shutdown below
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(ending) // the page has been sent, or the browser has gone
	}()
	select {
	case o := <-came:
		return a.connected(ctx, p, name, o)
	case <-ctx.Done():
		return errNoBrowser
	}
}

var errNoBrowser = errors.New("the browser did not come back within ten minutes: nothing is connected. Type the command again for a new link")

// connectServed leaves the callback to the running `arbot serve` at its public address,
// and waits until the books say that the company is connected.
func (a *app) connectServed(ctx context.Context, p *program, name string) error {
	link, err := a.intuit.app(name).AuthorizeURL(name, "cli", a.settings.Public+callbackPath)
	if err != nil {
		return err
	}
	before, err := a.ledgerState(ctx, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Open this address in a browser, choose the company and allow the access. `arbot serve` must be running at %s:\n\n  %s\n\n"+
		"The app's settings at Intuit must list this redirect URI: %s\n", a.settings.Public, link, a.settings.Public+callbackPath)
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	for {
		if sleep(ctx, time.Second) != nil {
			return errNoBrowser
		}
		now, err := a.ledgerState(ctx, name)
		if err != nil {
			return err
		}
		if c := now.Connection; c.Name != "" && string(c.Sealed) != string(before.Connection.Sealed) && c.Health.State == ar.Healthy {
			return a.connected(ctx, p, name, quickbooks.Outcome{Connection: c})
		}
	}
}

// connectPasted takes tokens that were made elsewhere.
func (a *app) connectPasted(ctx context.Context, p *program, name string) error {
	nothing := usageError{"nothing was typed, and nothing is connected"}
	fmt.Fprint(p.out, "The refresh token (the OAuth Playground shows it, made with the keys of your app). What you type is not shown: ")
	refresh, rest, err := typedSecret(ctx, p.in)
	fmt.Fprintln(p.out)
	if err == nil && refresh == "" {
		err = nothing
	}
	if err != nil {
		return err
	}
	fmt.Fprint(p.out, "The company's id (Realm ID): ")
	realm, ok, err := rest.next(ctx)
	if err == nil && (!ok || realm == "") {
		fmt.Fprintln(p.out)
		err = nothing
	}
	if err != nil {
		return err
	}
	return a.connected(ctx, p, name, a.intuit.app(name).Paste(ctx, name, oauth.Secret(refresh), realm))
}

// connected says how an attempt ended, and undoes one to a company that the config does
// not allow.
func (a *app) connected(ctx context.Context, p *program, name string, o quickbooks.Outcome) error {
	if !o.Connected() {
		return o.Err
	}
	if err := a.intuit.allow(ctx, name, o.Connection); err != nil {
		return err
	}
	if o.Err != nil {
		fmt.Fprintf(p.out, "%s is connected to the company %s, which could not be read yet: %s\n", name, o.Connection.Company, sentence(o.Err))
		return nil //nolint:nilerr // it is connected, and that was what was asked for
	}
	c := o.Connection
	fmt.Fprintf(p.out, "%s is connected to %s (company %s, in %s).\n", name, c.Title, c.Company, c.Home)
	if !c.HardExpires.IsZero() {
		fmt.Fprintf(p.out, "It has to be connected anew by %s; arbot says so a month before.\n", ar.DateOf(c.HardExpires, a.settings.zone).Long())
	}
	fmt.Fprintln(p.out, "Next: `arbot sync` reads it; `arbot serve` does so by itself.")
	return nil
}

// allow undoes a connection to another company than the one that the config names.
func (c *companies) allow(ctx context.Context, ledger string, conn ar.Connection) error {
	want := c.settings[ledger].Company
	if want == "" || want == conn.Company {
		return nil
	}
	_, err := c.app(ledger).Disconnect(ctx, ledger)
	return errors.Join(ar.Refuse("The company %s (%s) was chosen, and the config says company: %s for the ledger %s. Nothing is connected: choose the right company, or change the config.",
		conn.Company, conn.Title, want, ledger), err)
}

// disconnectLedger gives access to a company back.
func (p *program) disconnectLedger(ctx context.Context, args []string) error {
	set := p.flags("disconnect")
	path := p.configFlag(set)
	words, flags := leading(args)
	if err := p.parse(set, flags, anyNumber); err != nil {
		return err
	}
	words = append(words, set.Args()...)
	if len(words) != 1 {
		return usageError{"say which ledger: arbot disconnect LEDGER"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	return errors.Join(a.disconnect(ctx, p, words), a.close())
}

func (a *app) disconnect(ctx context.Context, p *program, words []string) error {
	name, err := a.online(words)
	if err != nil {
		return err
	}
	revoked, err := a.intuit.app(name).Disconnect(ctx, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s is disconnected, and its tokens are forgotten. What was read of it stays in the books.\n", name)
	if !revoked {
		fmt.Fprintln(p.out, "QuickBooks did not hear of it: disconnect the app there too (Apps, My apps).")
	}
	return nil
}
