package bot_test

import (
	"errors"
	"strings"
	"testing"

	"arbot/bot"
	"arbot/internal/fakeslack"
)

var aging = bot.File{Name: "aging.csv", Content: []byte("customer,open\nAcme,100.00\n")}

func TestUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	head, err := w.gate.Post(t.Context(), arChannel, "", page(t, "The aging."), "")
	if err != nil {
		t.Fatal(err)
	}
	titled := aging
	titled.Title = "Aging of 2 March"
	for thread, f := range map[string]bot.File{"": aging, head.TS: titled} {
		if err := w.gate.Upload(t.Context(), arChannel, thread, f); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.Calls("files.getUploadURLExternal")) + len(w.Calls("files.completeUploadExternal")); n != 4 {
		t.Errorf("%d calls, want the two of each file", n)
	}
	threads := map[string]string{}
	for _, m := range w.Messages(arChannel) {
		for _, id := range m.Files {
			threads[id] = m.ThreadTS
		}
	}
	if len(threads) != 2 {
		t.Fatalf("%d files are shown, want 2", len(threads))
	}
	for _, f := range w.Files() {
		want := "aging.csv"
		if threads[f.ID] != "" {
			want = titled.Title
		}
		if string(f.Content) != string(aging.Content) || f.Name != aging.Name || f.Title != want || !f.Complete {
			t.Errorf("in thread %q: %+v", threads[f.ID], f)
		}
	}
}

// A file goes where a message may go, and nowhere else; what became of it is said.
func TestWhatBecameOfAnUpload(t *testing.T) {
	t.Parallel()
	refused := func(code string) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*bot.RefusedError](err)
			return ok && e.Code == code
		}
	}
	tests := map[string]struct {
		channel string
		fault   fakeslack.Fault
		want    func(error) bool
		shown   int
	}{
		"archived":            {oldChannel, fakeslack.Fault{}, refused("is_archived"), 0},
		"shared":              {sharedChannel, fakeslack.Fault{}, refused("ext_shared_channel"), 0},
		"with guests":         {mixedChannel, fakeslack.Fault{}, refused("guests_in_channel"), 0},
		"archived in between": {arChannel, fakeslack.Fault{Method: "files.completeUploadExternal", Error: "is_archived"}, refused("is_archived"), 0},
		"no address":          {arChannel, fakeslack.Fault{Method: "files.getUploadURLExternal", Error: "internal_error"}, func(err error) bool { return err != nil }, 0},
		"a pause":             {arChannel, fakeslack.Fault{Method: "files.completeUploadExternal", RetryAfter: 2e9}, func(err error) bool { return err == nil }, 1},
		"the answer is lost": {arChannel, fakeslack.Fault{Method: "files.completeUploadExternal", LoseAnswer: true}, func(err error) bool {
			_, ok := errors.AsType[*bot.AmbiguousError](err)
			return ok
		}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.fault.Method != "" {
				w.Inject(tt.fault)
			}
			err := w.gate.Upload(t.Context(), tt.channel, "", aging)
			if !tt.want(err) {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "/upload/") {
				t.Errorf("the address, a right to write, is in the error: %v", err)
			}
			if n := len(w.Messages(tt.channel)); n != tt.shown {
				t.Errorf("the file is shown %d times, want %d", n, tt.shown)
			}
		})
	}
}
