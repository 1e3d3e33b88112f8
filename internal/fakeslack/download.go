package fakeslack

import (
	"net/http"
	"net/url"
	"strings"
)

// shared keeps files that a person puts into a conversation, and returns their ids; the
// caller holds the lock.
func (s *Server) shared(channel string, files []File) (ids []string) {
	for _, f := range files {
		f.ID, f.Length, f.Complete, f.Channels = s.state.next("F"), len(f.Content), true, []string{channel}
		s.state.files = append(s.state.files, &f)
		ids = append(ids, f.ID)
	}
	return ids
}

// filesInfo describes a file, with the address from which it is downloaded with the token.
func (s *Server) filesInfo(c *call) (object, error) {
	f := s.state.file(c.args["file"])
	switch {
	case f == nil || !f.Complete:
		return nil, refuse("file_not_found")
	case f.Deleted:
		return nil, refuse("file_deleted")
	}
	address := s.origin() + "/files-pri/" + f.ID + "/" + url.PathEscape(f.Name)
	file := object{
		"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Length, "mode": "hosted", "is_external": f.External,
		"url_private": address, "url_private_download": address,
	}
	if f.External {
		file["mode"], file["url_private"] = "external", "https://drive.example.com/"+f.ID
		delete(file, "url_private_download")
	}
	return object{"file": file}, nil
}

// serveDownload gives a file to who has the bot's token and the scope. Others are sent to
// the page of the sign-in, as Slack does (seen by slack-go).
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.state.file(r.PathValue("id"))
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.authorise(token, method{token: botToken, scopes: []string{"files:read"}}) != nil {
		http.Redirect(w, r, "/?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	if f == nil || f.Deleted || f.External || f.Name != r.PathValue("name") {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(f.Content) // a client that has gone away needs no file
}
