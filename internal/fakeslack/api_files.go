package fakeslack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// File is an upload in the three steps of files.getUploadURLExternal.
type File struct {
	ID       string
	Name     string
	Title    string
	Alt      string // the image's description
	Length   int    // as announced, in bytes
	Content  []byte
	Channels []string
	Complete bool
	Deleted  bool
	// External: it lies elsewhere, and Slack only links it.
	External bool
}

// maxAlt is how many characters the description of an image may have.
const maxAlt = 2000

func (s *Server) filesGetUploadURL(c *call) (object, error) {
	length := c.args.number("length", 0)
	if c.args["filename"] == "" || length == 0 {
		return nil, refuse("invalid_arguments", "[ERROR] filename and length are required")
	}
	if n := utf8.RuneCountInString(c.args["alt_txt"]); n > maxAlt {
		return nil, refuse("invalid_arguments", fmt.Sprintf("[ERROR] alt_txt has %d characters, more than %d", n, maxAlt))
	}
	f := &File{ID: s.state.next("F"), Name: c.args["filename"], Alt: c.args["alt_txt"], Length: length}
	s.state.files = append(s.state.files, f)
	return object{"upload_url": s.origin() + "/upload/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes the content, as a form file or as raw bytes.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	content, err := uploaded(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.state.file(r.PathValue("id"))
	if f == nil || f.Complete || len(content) != f.Length {
		http.Error(w, "the upload does not match what was announced", http.StatusBadRequest)
		return
	}
	f.Content = content
	s.touch()
	_, _ = io.WriteString(w, "OK") // a client that has gone away needs no answer
}

func uploaded(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return io.ReadAll(r.Body)
	}
	if err := r.ParseMultipartForm(maxBody); err != nil { //nolint:gosec // G120: Server.routes has put a MaxBytesReader around the body
		return nil, err
	}
	for _, sent := range r.MultipartForm.File {
		return readPart(sent[0])
	}
	return nil, errors.New("the form holds no file")
}

// readPart reads a form's file, whatever the field's name: clients differ in it (seen).
func readPart(header *multipart.FileHeader) ([]byte, error) {
	part, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = part.Close() }() // it is in memory or a temporary file that was read
	return io.ReadAll(part)
}

func (st *State) file(id string) *File {
	for _, f := range st.files {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// filesCompleteUpload shares uploaded files, as one message in each channel.
func (s *Server) filesCompleteUpload(c *call) (object, error) {
	var wanted []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal(c.args.raw("files"), &wanted) != nil || len(wanted) == 0 {
		return nil, refuse("invalid_arguments", "[ERROR] files must be a list of {id, title}")
	}
	targets, err := s.shareTargets(c.args)
	if err != nil {
		return nil, err
	}
	if err := s.threadOf(targets, c.args["thread_ts"]); err != nil {
		return nil, err
	}
	list, ids := make([]object, 0, len(wanted)), make([]string, 0, len(wanted))
	for _, want := range wanted {
		f := s.state.file(want.ID)
		if f == nil || f.Content == nil || f.Deleted {
			return nil, refuse("file_not_found")
		}
		f.Complete, f.Title = true, want.Title
		for _, ch := range targets {
			f.Channels = append(f.Channels, ch.ID)
		}
		list, ids = append(list, object{"id": f.ID, "title": f.Title}), append(ids, f.ID)
	}
	for _, ch := range targets {
		s.state.add(&Message{
			Channel: ch.ID, User: s.state.bot.UserID, BotID: s.state.bot.BotID, Text: c.args["initial_comment"],
			ThreadTS: c.args["thread_ts"], Files: ids, Via: c.method,
		}, c.now)
	}
	return object{"files": list}, nil
}

// threadOf refuses a thread that is not there, and one for files that go to several
// channels.
func (s *Server) threadOf(targets []*Channel, ts string) error {
	switch {
	case ts == "":
		return nil
	case len(targets) != 1:
		return refuse("invalid_arguments", "[ERROR] thread_ts goes with one channel")
	case s.state.find(targets[0].ID, ts) == nil:
		return refuse("thread_not_found")
	}
	return nil
}

// filesDelete takes a file of the bot away. A message that is nothing but the file goes
// with it.
func (s *Server) filesDelete(c *call) (object, error) {
	f := s.state.file(c.args["file"])
	switch {
	case f == nil:
		return nil, refuse("file_not_found")
	case f.Deleted:
		return nil, refuse("file_deleted")
	}
	f.Deleted = true
	for _, ch := range f.Channels {
		for _, m := range s.state.messages[ch] {
			had := len(m.Files)
			m.Files = slices.DeleteFunc(m.Files, func(id string) bool { return id == f.ID })
			if had > 0 && len(m.Files) == 0 && m.Text == "" && len(m.Blocks) == 0 {
				m.Deleted = true
			}
		}
	}
	return object{}, nil
}

func (s *Server) shareTargets(a args) ([]*Channel, error) {
	names := a.list("channels")
	if id := a["channel_id"]; id != "" {
		names = append(names, id)
	}
	targets := make([]*Channel, 0, len(names))
	for _, name := range names {
		if isUserID(name) {
			return nil, refuse("channel_not_found")
		}
		ch, err := s.postTarget(name)
		if err != nil {
			return nil, err
		}
		targets = append(targets, ch)
	}
	return targets, nil
}

// wireFiles are files as a message shows them.
func (st *State) wireFiles(ids []string) []object {
	list := make([]object, 0, len(ids))
	for _, id := range ids {
		if f := st.file(id); f != nil {
			list = append(list, object{"id": f.ID, "name": f.Name, "title": f.Title, "alt_txt": f.Alt, "size": f.Length})
		}
	}
	return list
}
