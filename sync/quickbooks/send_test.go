package quickbooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

func TestSendingAnInvoice(t *testing.T) {
	t.Parallel()
	mailed := `{"Invoice":{"Id":"12","EmailStatus":"EmailSent","BillEmail":{"Address":"ap@example.com"}}}`
	a := newAPI(t, faultReply(500, "10000", "An application error"), reply{body: mailed})
	got, err := a.SendInvoice(t.Context(), "12", "", "reminder-7")
	if want := (Sent{To: "ap@example.com", Status: "EmailSent"}); err != nil || got != want {
		t.Errorf("sent %+v, %v", got, err)
	}
	if _, err := a.SendInvoice(t.Context(), "12", "a+b@example.com", "reminder-7"); err != nil {
		t.Error(err)
	}
	if _, err := a.SendInvoice(t.Context(), "12", "", "reminder-8"); err != nil {
		t.Error(err)
	}
	id := func(i int) string { return a.asked[i].URL.Query().Get("requestid") }
	if id(0) != id(1) || id(1) != id(2) || id(2) == id(3) || len(id(0)) > 50 || id(0) == "" {
		t.Errorf("request ids %q %q %q %q", id(0), id(1), id(2), id(3))
	}
	r := a.asked[2]
	if r.Method != http.MethodPost || r.URL.Path != "/v3/company/9130/invoice/12/send" || r.URL.Query().Get("sendTo") != "a+b@example.com" ||
		a.bodies[2] != "" || r.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%s %s %q %s", r.Method, r.RequestURI, a.bodies[2], r.Header.Get("Content-Type"))
	}
}

func TestPayLinks(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"https://connect.intuit.com/t/scs-v1-1": "https://connect.intuit.com/t/scs-v1-1",
		"":                                      "",
		"http://connect.intuit.com/t":           "",
		"javascript:alert(1)":                   "",
		"https:///t":                            "",
	} {
		a := newAPI(t, reply{body: fmt.Sprintf(`{"Invoice":{"Id":"12","InvoiceLink":%q}}`, link)})
		got, err := a.PayLink(t.Context(), "12")
		if err != nil || got != want || a.asked[0].URL.Query().Get("include") != "invoiceLink" {
			t.Errorf("%q: %q, %v", link, got, err)
		}
	}
	a := newAPI(t, faultReply(400, "610", "Object Not Found"))
	if _, err := a.PayLink(t.Context(), "12"); !errors.Is(err, arsync.ErrGone) {
		t.Errorf("of an invoice that is gone: %v", err)
	}
}

func noteReply(token int, note string) reply {
	text, _ := json.Marshal(note)
	return reply{body: fmt.Sprintf(`{"Invoice":{"Id":"12","SyncToken":"%d","PrivateNote":%s,"TotalAmt":1.50}}`, token, text)}
}

func wrote(t *testing.T, a *api, i int) invoiceNote {
	t.Helper()
	var n invoiceNote
	if err := json.Unmarshal([]byte(a.bodies[i]), &n); err != nil || a.asked[i].Method != http.MethodPost {
		t.Fatalf("call %d: %s %s, %v", i, a.asked[i].Method, a.bodies[i], err)
	}
	return n
}

func TestAnnotatingKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	a := newAPI(t, noteReply(3, "Call on Mondays\n"), reply{body: `{}`})
	if err := a.Annotate(t.Context(), "12", "Promised 100.00\n for  2026-12-01"); err != nil {
		t.Fatal(err)
	}
	want := invoiceNote{ID: "12", SyncToken: "3", PrivateNote: "Call on Mondays\nPromised 100.00 for 2026-12-01", Sparse: true}
	if diff := cmp.Diff(want, wrote(t, a, 1)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	again := newAPI(t, noteReply(4, want.PrivateNote))
	if err := again.Annotate(t.Context(), "12", "Promised 100.00 for 2026-12-01"); err != nil || again.calls() != 1 {
		t.Errorf("the same line again: %d calls, %v", again.calls(), err)
	}
}

func TestFailure18AStaleSyncToken(t *testing.T) {
	t.Parallel()
	stale := faultReply(400, "5010", "Stale Object Error")
	a := newAPI(t, noteReply(3, "one"), stale, noteReply(4, "one\ntwo"), reply{body: `{}`})
	if err := a.Annotate(t.Context(), "12", "three"); err != nil {
		t.Fatal(err)
	}
	want := invoiceNote{ID: "12", SyncToken: "4", PrivateNote: "one\ntwo\nthree", Sparse: true}
	if diff := cmp.Diff(want, wrote(t, a, 3)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	if one, two := a.asked[1].URL.Query().Get("requestid"), a.asked[3].URL.Query().Get("requestid"); one == two {
		t.Error("two writes have one name: the second would be answered like the first")
	}
	b := newAPI(t, noteReply(3, "one"), stale, noteReply(4, "one"), stale)
	err := b.Annotate(t.Context(), "12", "two")
	if f, ok := errors.AsType[*Fault](err); !ok || f.Code != "5010" || b.calls() != 4 {
		t.Errorf("stale twice: %d calls, %v", b.calls(), err)
	}
}

func TestANoteHasALength(t *testing.T) {
	t.Parallel()
	a := newAPI(t, noteReply(3, strings.Repeat("ä", maxNote-5)), reply{body: `{}`})
	if err := a.Annotate(t.Context(), "12", "five."); ar.KindOf(err) != ar.Invalid || a.calls() != 1 {
		t.Errorf("%d calls, %v", a.calls(), err)
	}
	b := newAPI(t, noteReply(3, strings.Repeat("ä", maxNote-5)), reply{body: `{}`})
	if err := b.Annotate(t.Context(), "12", "four"); err != nil || b.calls() != 2 {
		t.Errorf("%d calls, %v", b.calls(), err)
	}
	if err := b.Annotate(t.Context(), "12", " \n "); err == nil || b.calls() != 2 {
		t.Errorf("an empty line: %v", err)
	}
}
