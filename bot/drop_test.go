package bot_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// exports notes what came in.
type exports struct {
	mu       sync.Mutex
	ledgers  []string
	checked  []string
	imported []string
}

func (e *exports) Ledgers() []string { return e.ledgers }

func (e *exports) Check(ctx context.Context, ledger string, f bot.SharedFile) ([]string, error) {
	text, err := content(ctx, f)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.checked = append(e.checked, ledger+" "+f.Name+" "+text)
	if strings.Contains(text, "bad") {
		return nil, ar.Refuse("Row 3, Amount: \"1,2,3\" is no amount. Write it as 1,234.56.")
	}
	return []string{"QuickBooks Online A/R Aging Detail, as of Wed 25 Nov 2026", "2 customers, 3 invoices, $450.00 open: the file's own total agrees"}, nil
}

func (e *exports) Import(ctx context.Context, user, ledger string, f bot.SharedFile, anyway bool) error {
	text, err := content(ctx, f)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	line := strings.Join([]string{user, ledger, f.Name, text}, " ")
	if anyway {
		line += " anyway"
	}
	e.imported = append(e.imported, line)
	return nil
}

func content(ctx context.Context, f bot.SharedFile) (string, error) {
	var b bytes.Buffer
	err := f.Copy(ctx, &b)
	return b.String(), err
}

// drops is a bot that takes files in.
func drops(t *testing.T, w *world, e *exports, via string) {
	t.Helper()
	c := desktest.New(t)
	r := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: staff{}, Exports: e, SharedFiles: w.gate})
	w.listen(t, via, r.Handle)
}

// drop puts files into somebody's direct message and returns what is answered.
func drop(t *testing.T, w *world, user string, files ...fakeslack.File) fakeslack.Message {
	t.Helper()
	if _, _, err := w.Say(t.Context(), fakeslack.Words{User: user, Files: files}); err != nil {
		t.Fatal(err)
	}
	return answerIn(t, w, user)
}

// answerIn waits for the bot's last message in a direct message.
func answerIn(t *testing.T, w *world, user string) (last fakeslack.Message) {
	t.Helper()
	err := w.Await(t.Context(), func(st *fakeslack.State) bool {
		all := st.DMs(user)
		if len(all) == 0 || all[len(all)-1].BotID == "" {
			return false
		}
		last = all[len(all)-1]
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// TestDroppedFile: AR puts an export into the direct message, sees what it is, and has it
// taken in.
func TestDroppedFile(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w, e := newWorld(t), &exports{ledgers: []string{"acme"}}
			drops(t, w, e, via)
			said := drop(t, w, ana, fakeslack.File{Name: "aging nov.csv", Content: []byte("fine")})
			if want := "aging nov.csv can be imported."; said.Text != want {
				t.Fatalf("%q, want %q", said.Text, want)
			}
			if _, err := w.Click(t.Context(), fakeslack.Click{User: ana, Channel: said.Channel, TS: said.TS, Element: "Import"}); err != nil {
				t.Fatal(err)
			}
			err := w.Await(t.Context(), func(*fakeslack.State) bool {
				e.mu.Lock()
				defer e.mu.Unlock()
				return len(e.imported) == 1
			})
			if err != nil || e.imported[0] != ana+" acme aging nov.csv fine" {
				t.Errorf("imported %q, %v", e.imported, err)
			}
		})
	}
}

// TestFilesThatCannotBeTakenIn: each gets a sentence, and keeps none of the others from
// being read.
func TestFilesThatCannotBeTakenIn(t *testing.T) {
	t.Parallel()
	w, e := newWorld(t), &exports{ledgers: []string{"acme", "north"}}
	drops(t, w, e, viaSocket)
	said := drop(t, w, ana,
		fakeslack.File{Name: "bad.csv", Content: []byte("bad")}, fakeslack.File{Name: "photo.png", Content: []byte("x")},
		fakeslack.File{Name: "away.csv", External: true, Content: []byte("x")}, fakeslack.File{Name: "none.csv"},
		fakeslack.File{Name: "good.XLSX", Content: []byte("fine")}, fakeslack.File{Name: "sixth.csv", Content: []byte("fine")})
	for _, want := range []string{
		"bad.csv cannot be imported: Row 3, Amount", "photo.png cannot be imported: it is no table", "lies outside of Slack",
		"none.csv cannot be imported: it is empty", "good.XLSX can be imported.", "the first 5 files",
	} {
		if !strings.Contains(said.Text, want) {
			t.Errorf("no %q in %q", want, said.Text)
		}
	}
	if len(e.checked) != 2 || e.checked[1] != "acme good.XLSX fine" {
		t.Errorf("checked %q", e.checked)
	}
}

// TestWhoMayDropFiles: not reps, and nobody where there is no ledger for files.
func TestWhoMayDropFiles(t *testing.T) {
	t.Parallel()
	w, e := newWorld(t), &exports{}
	drops(t, w, e, viaSocket)
	file := fakeslack.File{Name: "aging.csv", Content: []byte("fine")}
	if said := drop(t, w, ben, file); !strings.Contains(said.Text, "Only AR and admins") {
		t.Errorf("a rep is told %q", said.Text)
	}
	if said := drop(t, w, ana, file); !strings.Contains(said.Text, "There is no ledger for files yet") {
		t.Errorf("AR is told %q", said.Text)
	}
	if len(e.checked) > 0 {
		t.Errorf("checked %q", e.checked)
	}
}

// TestFileWithoutPermission: an app that was installed before it could read files says what
// an admin does.
func TestFileWithoutPermission(t *testing.T) {
	t.Parallel()
	w, e := newWorld(t, change{slack: func(o *fakeslack.Options) {
		for _, s := range fakeslack.DefaultScopes() {
			if s != "files:read" {
				o.Scopes = append(o.Scopes, s)
			}
		}
	}}), &exports{ledgers: []string{"acme"}}
	drops(t, w, e, viaSocket)
	if said := drop(t, w, ana, fakeslack.File{Name: "aging.csv", Content: []byte("fine")}); !strings.Contains(said.Text, "files:read") {
		t.Errorf("told %q", said.Text)
	}
}
