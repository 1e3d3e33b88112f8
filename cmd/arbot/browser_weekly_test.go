package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A manager reads the weekly digest: the head on one screen, its pictures and tables in the
// thread; and has it shown again as it was posted.
func TestBrowserWeekly(t *testing.T) {
	t.Parallel()
	b := browsed(t)
	b.be("Grace")
	b.open("managers")
	b.sees("Receivables, week to Sun 22 Nov 2026")
	b.sees("was collected,")
	b.picture("weekly", "[...document.querySelectorAll('#stream .message')].at(-1).scrollIntoView()")
	b.js("[...document.querySelectorAll('#stream .replies')].at(-1).click()")
	b.await("two pictures in the thread", "document.querySelectorAll('#thread img.pic').length === 2 && [...document.querySelectorAll('#thread img.pic')].every(i => i.complete && i.naturalWidth > 0)")
	alt, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.querySelector('#thread img.pic').alt"))
	if err != nil || len(alt) < 100 {
		t.Errorf("the picture's description is %q (%v)", alt, err)
	}
	b.picture("weekly-thread", "document.querySelectorAll('#thread .message')[1].scrollIntoView()")
	b.say("/ar digest weekly")
	b.sees("as it was posted on")
}
