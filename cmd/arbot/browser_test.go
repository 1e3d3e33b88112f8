package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"arbot/internal/needs"
)

// pageWait is how long something may take to show on the page; it bounds a failure,
// and is no measure of speed.
const pageWait = 60 * time.Second

// browser is a person in front of the page of `arbot demo --web`.
type browser struct {
	*testing.T

	ctx  context.Context //nolint:containedctx // chromedp keeps the browser in it
	home string          // the page's address
}

// browsed starts the demo and a browser that shows its page.
func browsed(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(needs.Chromium(t)), chromedp.NoSandbox)
	b := &browser{T: t, home: demoPage(t)}
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b.ctx = ctx
	b.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(b.home))
	return b
}

var pageAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// demoPage runs `arbot demo --web` until the test ends and returns the page's address.
func demoPage(t *testing.T) string {
	t.Helper()
	said := newAddressIn()
	var faults output
	p := newShell(t, "2026-11-25T09:30:00-05:00").program("", nil, &faults)
	p.out = said
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, []string{"demo", "--web", "--listen", "127.0.0.1:0"}) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 || faults.String() != "" {
			t.Errorf("the demo ended with %d and said %s", code, faults.String())
		}
	})
	select {
	case address := <-said.found:
		return address
	case <-time.After(pageWait):
		t.Fatalf("the demo gave no address: %s", faults.String())
		return ""
	}
}

// addressIn waits for the page's address in what is printed.
type addressIn struct {
	output

	found chan string
	done  bool
}

func newAddressIn() *addressIn { return &addressIn{found: make(chan string, 1)} }

// Write looks for the address.
func (l *addressIn) Write(p []byte) (int, error) {
	n, err := l.output.Write(p)
	if at := pageAddress.FindString(l.String()); at != "" && !l.done {
		l.done = true
		l.found <- at
	}
	return n, err
}

// do carries actions out, or ends the test with a picture of the page.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	for _, a := range actions {
		if err := chromedp.Do(b.ctx, a); err != nil {
			b.Fatalf("in the browser: %v", err)
		}
	}
}

// await waits until an expression is true on the page.
func (b *browser) await(what, expression string) {
	b.Helper()
	limited, stop := context.WithTimeout(b.ctx, pageWait)
	defer stop()
	if _, err := chromedp.Run(limited, chromedp.Poll[bool]("!!("+expression+")")); err != nil {
		text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		b.Fatalf("%s did not come: %v\nthe page shows:\n%s", what, err, text)
	}
}

// be goes to the page as a person, by the first name.
func (b *browser) be(name string) {
	b.Helper()
	b.await(name, "[...document.querySelectorAll('#me option')].some(o => o.textContent.startsWith("+quote(name)+"))")
	b.js("(() => { const m = document.getElementById('me'); m.value = [...m.options].find(o => o.textContent.startsWith(" + quote(name) + ")).value; m.dispatchEvent(new Event('change')); })()")
	b.await("the page of "+name, "document.getElementById('me').selectedOptions[0]?.textContent.startsWith("+quote(name)+") && document.body.dataset.me === document.getElementById('me').value && document.querySelector('#side .on')")
}

// open goes to a channel by its name; "arbot" is the direct message with the bot.
func (b *browser) open(channel string) {
	b.Helper()
	at := "document.querySelector('#side [data-channel=" + quote(channel) + "]')"
	b.await("#"+channel, at)
	b.js(at + ".click()")
	b.await("#"+channel, at+"?.classList.contains('on')")
}

// say types into the composer and sends it.
func (b *browser) say(text string) {
	b.Helper()
	b.js("document.getElementById('text').value = " + quote(text))
	b.js("document.getElementById('composer').requestSubmit()")
}

// sees waits until the messages hold a text.
func (b *browser) sees(text string) {
	b.Helper()
	b.await(quote(text), "document.getElementById('stream').innerText.includes("+quote(text)+")")
}

// presses uses a button by its label: the last one of the messages, or one of a
// modal or confirmation that is open.
func (b *browser) presses(label string) {
	b.Helper()
	at := "[...[...document.querySelectorAll('#popup,#confirm,#modal,#stream')].find(p => !p.hidden && [...p.querySelectorAll('button')].some(x => x.textContent === " +
		quote(label) + ")).querySelectorAll('button')].filter(x => x.textContent === " + quote(label) + ").at(-1)"
	b.await("button "+label, "[...document.querySelectorAll('#popup,#confirm,#modal,#stream')].some(p => !p.hidden && [...p.querySelectorAll('button')].some(x => x.textContent === "+quote(label)+"))")
	b.js(at + ".click()")
}

// fills types into an input of the modal by its label.
func (b *browser) fills(label, text string) {
	b.Helper()
	at := "document.querySelector('#modal [aria-label=" + quote(label) + "]')"
	b.await("input "+label, at)
	b.js("(() => { const f = " + at + "; const x = f.matches('input,select,textarea') ? f : f.querySelector('input'); x.value = " + quote(text) + "; x.dispatchEvent(new Event('change')); })()")
}

// chooses takes an option of a menu of the modal by the beginning of its label.
func (b *browser) chooses(label, option string) {
	b.Helper()
	at := "document.querySelector('#modal select[aria-label=" + quote(label) + "]')"
	b.await("menu "+label, at)
	b.js("(() => { const m = " + at + "; m.value = [...m.options].find(o => o.textContent.startsWith(" + quote(option) + ")).value; m.dispatchEvent(new Event('change')); })()")
}

// dayPasses presses "Next day" and waits for it.
func (b *browser) dayPasses(day string) {
	b.Helper()
	b.js("document.getElementById('day').click()")
	b.await(day, "document.getElementById('today').textContent.includes("+quote(day)+") && document.querySelector('#day:not([disabled])')")
}

func (b *browser) js(expression string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](expression))
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always marshals
	return string(quoted)
}

// screens is where pictures of the page go; "" takes none.
func screens() string { return os.Getenv("ARBOT_SCREENS") }

// picture takes the page at two widths, where pictures are asked for: of the end of the
// messages, or of where the given script goes.
func (b *browser) picture(name string, where ...string) {
	b.Helper()
	if screens() == "" {
		return
	}
	for _, size := range []struct {
		kind          string
		width, height int64
		scale         float64
	}{{"desktop", 1280, 800, 1}, {"phone", 390, 844, 2}} {
		b.do(chromedp.EmulateViewport(size.width, size.height, chromedp.EmulateScale(size.scale)))
		b.js("(() => { const s = document.getElementById('stream'); s.scrollTop = s.scrollHeight; })()")
		for _, script := range where {
			b.js(script)
		}
		b.settle()
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			b.Fatalf("take a picture: %v", err)
		}
		path := filepath.Join(screens(), fmt.Sprintf("%s-%s.png", name, size.kind))
		if err := os.WriteFile(path, png, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.do(chromedp.EmulateViewport(1280, 800))
}

// settle waits for two frames, so that what was changed is drawn.
func (b *browser) settle() {
	b.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](
		"new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("wait for the page to be drawn: %v", err)
	}
}

// A newcomer looks round: the digest, a command as a rep, a private answer that
// others do not see, a day that passes.
func TestBrowserLooksRound(t *testing.T) {
	t.Parallel()
	b := browsed(t)
	b.be("Nora")
	b.open("ar-team")
	b.sees("Net A/R")
	b.picture("digest")
	b.be("Ben")
	b.open("sales")
	b.say("/ar status acme")
	b.sees("Only visible to you")
	b.sees("Acme Corporation")
	b.picture("status")
	b.say("/ar status INV-11027")
	b.sees("$8,240.00 open of $18,240.00")
	b.picture("invoice")
	b.say("/ar mine")
	b.sees("Your overdue accounts")
	b.picture("mine")
	b.be("Luisa")
	b.open("sales")
	b.await("no private answer of others", "!document.getElementById('stream').innerText.includes('Only visible to you')")
	b.be("Nora")
	b.open("ar-team")
	b.say("/ar overdue over 5k 60+ days")
	b.sees("Copperline Diner Group")
	b.picture("overdue")
	b.dayPasses("26 Nov")
	b.sees("Thursday, November 26")
	if text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText")); err != nil || strings.Contains(text, "[object") {
		t.Errorf("the page shows raw objects (%v)", err)
	}
}

// What the whole is for: a rep writes down what the customer said, by typing, by a
// form and from a message; AR sees it; what was a mistake is taken back; a day later
// the digest knows of it.
func TestBrowserPromiseDisputeNoteUndo(t *testing.T) {
	t.Parallel()
	b := browsed(t)
	b.be("Ben")
	b.open("sales")
	b.say("/ar promise acme 12k tomorrow, rest EOM")
	b.sees("Save it?")
	b.picture("promise-asked")
	b.presses("Save")
	b.sees("I watch the payments")
	b.picture("promise-saved")
	b.say("/ar status acme")
	b.sees("Record a promise…")
	b.presses("Dispute…")
	b.presses("Record")
	b.await("a word at the empty field", "document.querySelector('#modal .error')")
	b.chooses("Invoice of Acme Corporation", "INV-11143")
	b.fills("Disputed amount", "1m")
	b.fills("What did the customer say?", "Two pallets came damaged")
	b.presses("Record")
	b.await("an error at the field", "document.querySelector('#modal .error')?.textContent.includes('7,415.50')")
	b.picture("dispute-form")
	b.fills("Disputed amount", "400")
	b.presses("Record")
	b.await("the end of the form", "document.getElementById('modal').hidden")
	b.open("arbot")
	b.sees("Two pallets came damaged")
	b.picture("dispute")
	b.open("sales")
	b.say("/ar note acme wrong account")
	b.sees("Noted on Acme Corporation")
	b.presses("Undo")
	b.sees("taken back")
	b.be("Nora")
	b.open("ar-team")
	b.say("/ar history acme")
	b.sees("Disputed: $400.00")
	b.picture("history")
	b.await("no note that was taken back", "!document.getElementById('stream').innerText.includes('wrong account')")
	b.say("/ar promises")
	b.sees("$12,000.00")
	b.picture("promises")
	for _, day := range []string{"26 Nov", "27 Nov", "30 Nov"} {
		b.dayPasses(day)
	}
	b.be("Ben")
	b.open("arbot")
	b.sees("partly kept: $7,090.00 of $12,000.00 was paid")
	b.picture("verdict")
}

// An escalation from its preview to the word of thanks: AR posts it, somebody in the
// channel takes it and does nothing, it is open again, and then it is paid. At the end of
// the ladder two people agree to a credit hold.
func TestBrowserEscalation(t *testing.T) {
	t.Parallel()
	b := browsed(t)
	b.be("Nora")
	b.open("ar-team")
	b.say("/ar note INV-11171 their clerk asks for the delivery note, and does not call back")
	b.sees("Noted on INV-11171")
	b.say("/ar escalate INV-11171")
	b.chooses("Where", "#sales")
	b.fills("What is asked, and of whom?", "Please call Rotterdam today, and tell here what they say.")
	b.picture("escalation-preview")
	b.presses("Post")
	b.await("the end of the form", "document.getElementById('modal').hidden")
	b.be("Luisa")
	b.open("sales")
	b.sees("Escalated: INV-11171")
	b.picture("escalation")
	b.presses("Mine")
	b.sees("Rotterdam Dock Traders B.V. is yours")
	b.sees("Taken by")
	b.be("Theo")
	b.open("sales")
	b.sees("Taken by")
	b.presses("Why did I get this?")
	b.sees("posted it on Wed 25 Nov 2026")
	for _, day := range []string{"26 Nov", "27 Nov", "30 Nov", "1 Dec"} {
		b.dayPasses(day)
	}
	b.sees("If nobody takes it by then I ask again here")
	for _, day := range []string{"2 Dec", "3 Dec", "4 Dec"} {
		b.dayPasses(day)
	}
	b.sees("Paid: $9,670.40. Thank you!")

	b.be("Nora")
	b.open("ar-team")
	b.say("/ar hold copperline")
	b.fills("Why?", "Nine weeks overdue, and nobody there answers.")
	b.presses("Propose")
	b.await("the end of the form", "document.getElementById('modal').hidden")
	b.sees("Credit hold proposed: Copperline Diner Group")
	b.picture("hold")
	b.presses("Approve")
	b.sees("Two people must agree to a credit hold")
	b.be("Grace")
	b.open("ar-team")
	b.presses("Approve")
	b.sees("Credit hold: Copperline Diner Group")
	b.picture("hold-approved")
}

// No overdue euro without a name: a rep takes an account by one tap in the home tab, AR is
// told who has it and sees the name in the next digest; nothing is done, and it is free
// again; who wants to be told of payments is.
func TestBrowserClaims(t *testing.T) {
	t.Parallel()
	b := browsed(t)
	b.be("Ben")
	b.open("arbot: Home")
	b.sees("What to do next")
	b.presses("Claim")
	b.sees("is yours")
	b.sees("free again on")
	b.picture("home")
	b.open("sales")
	b.say("/ar claim acme")
	b.sees("Acme Corporation is yours")
	b.be("Nora")
	b.open("ar-team")
	b.sees("Unclaimed money")
	b.say("/ar claim acme")
	b.sees("Ben Okafor has Acme Corporation")
	b.picture("claimed")
	b.say("/ar next")
	b.sees("Order: Broken promises first")
	b.picture("next")
	b.say("/ar subscribe all")
	b.sees("I tell you of all payments")
	b.dayPasses("26 Nov")
	b.sees("Ben Okafor has it since 25 Nov")
	for _, day := range []string{"27 Nov", "30 Nov", "1 Dec"} {
		b.dayPasses(day)
	}
	b.open("arbot")
	b.sees("paid $")
	b.picture("payments")
	b.be("Ben")
	b.open("arbot")
	b.sees("is free again: nothing was done about it for 3 business days")
	b.picture("lapsed")
	b.presses("Claim it again")
	b.sees("is yours")
}
