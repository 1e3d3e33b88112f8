package quickbooks

import (
	"context"
	"errors"
	"html/template"
	"net/http"

	"arbot/ar"
)

// Callback receives the browser that comes back from Intuit, connects the
// company and shows a page that says what to do next. done, where set, hears of
// each outcome. It serves a local listener of `arbot connect` as well as the
// server's public address; the path is its caller's.
//
// It sends the browser nowhere, so that a link to it is of no use to others.
func (a *App) Callback(done func(context.Context, Outcome)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet { // also HEAD: a look ahead must not use the state up
			w.Header().Set("Allow", http.MethodGet)
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
			return
		}
		out := a.Finish(r.Context(), r.URL.Query())
		if out.Err != nil {
			a.Logger.WarnContext(r.Context(), "callback of QuickBooks", "ledger", out.Grant.Ledger, "connected", out.Connected(), "error", out.Err)
		}
		writePage(w, out)
		if done != nil {
			done(r.Context(), out)
		}
	})
}

// page is what the browser shows.
type page struct{ Title, Text, Next string }

func writePage(w http.ResponseWriter, out Outcome) {
	p, status := pageOf(out)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Referrer-Policy", "no-referrer") // the address holds the code
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = callbackPage.Execute(w, p) // a browser that has gone away needs no page
}

func pageOf(out Outcome) (page, int) {
	failed := page{Title: "QuickBooks is not connected", Next: "You can close this window."}
	said, forPeople := errors.AsType[*ar.Error](out.Err)
	switch {
	case out.Connected() && out.Err == nil:
		return page{
			Title: "QuickBooks is connected",
			Text:  "arbot now reads the company " + out.Connection.Title + " as the ledger " + out.Connection.Name + ".",
			Next:  "You can close this window. The first sync begins by itself; nothing old is announced.",
		}, http.StatusOK
	case out.Connected():
		return page{
			Title: "QuickBooks is connected",
			Text:  "Access to the ledger " + out.Connection.Name + " is stored, but the company could not be read yet.",
			Next:  "You can close this window. arbot tries again by itself; its health page says how it goes.",
		}, http.StatusOK
	case forPeople && said.Kind == ar.Unavailable:
		failed.Text = said.Say
		return failed, http.StatusServiceUnavailable
	case forPeople:
		failed.Text = said.Say
		return failed, http.StatusBadRequest
	}
	failed.Text = "Something went wrong on arbot's side; its log says what. Ask for a new link when it is mended."
	return failed, http.StatusInternalServerError
}

var callbackPage = template.Must(template.New("callback").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}</style>
</head>
<body>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
<p>{{.Next}}</p>
</body>
</html>
`))
