package bot

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/slack-go/slack"
)

// File is something to be put into a conversation.
type File struct {
	// Name is with its ending; Title is shown, and is the name where it is "".
	Name, Title string
	// Alt says what a picture shows, for who doesn't see it; "" for other files.
	Alt     string
	Content []byte
}

const (
	methodUpload   = "files.getUploadURLExternal"
	methodComplete = "files.completeUploadExternal"
)

// Upload puts a file into a conversation, or into a thread of it. A *AmbiguousError says
// that the file may be there.
func (g *Gate) Upload(ctx context.Context, channel, thread string, f File) error {
	id, err := g.SendFile(ctx, channel, f)
	if err != nil {
		return err
	}
	return g.ShowFile(ctx, channel, thread, id, f)
}

// SendFile brings a file to Slack, which gives an address and takes the bytes there
// (docs.slack.dev, "Working with files"). Nobody sees it before ShowFile. It returns the
// file's id.
func (g *Gate) SendFile(ctx context.Context, channel string, f File) (id string, err error) {
	if err := g.admit(ctx, channel); err != nil {
		return "", err
	}
	var to *slack.GetUploadURLExternalResponse
	err = g.call(ctx, methodUpload, channel, func(ctx context.Context) (err error) {
		to, err = g.client.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			FileName: f.Name, FileSize: len(f.Content), AltTxt: f.Alt,
		})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("bot: ask where to put %s: %w", f.Name, err)
	}
	if err := g.putFile(ctx, to.UploadURL, f); err != nil {
		return "", fmt.Errorf("bot: send %s: %w", f.Name, err)
	}
	return to.FileID, nil
}

// ShowFile shows a file that was sent. A *AmbiguousError says that it may be there: see
// FindFile.
func (g *Gate) ShowFile(ctx context.Context, channel, thread, id string, f File) error {
	if err := g.admit(ctx, channel); err != nil {
		return err
	}
	if err := g.wait(ctx, g.channelPace.reserve(channel, g.now())); err != nil { // it is a message like any other
		return fmt.Errorf("bot: wait for the pace of %s: %w", channel, err)
	}
	err := g.call(ctx, methodComplete, channel, mayBeThere(methodComplete, channel, func(ctx context.Context) error {
		_, err := g.client.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: id, Title: cmp.Or(f.Title, f.Name)}}, Channel: channel, ThreadTimestamp: thread,
		})
		return err
	}))
	if err != nil {
		return fmt.Errorf("bot: show %s in %s: %w", f.Name, channel, err)
	}
	return nil
}

// DeleteFile takes a file of the bot away, wherever it is shown. It is no error if it is
// gone already.
func (g *Gate) DeleteFile(ctx context.Context, channel, id string) error {
	err := g.call(ctx, "files.delete", channel, func(ctx context.Context) error { return g.client.DeleteFileContext(ctx, id) })
	if err != nil && !refused(err, "file_not_found", "file_deleted") {
		return fmt.Errorf("bot: delete file %s in %s: %w", id, channel, err)
	}
	return nil
}

// putFile sends the bytes as they are: slack-go's multipart form ends twice, which
// strict readers refuse. The address is a right to write and stays out of errors.
func (g *Gate) putFile(ctx context.Context, address string, f File) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(f.Content))
	if err != nil {
		return withoutURL(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := g.http.Do(req)
	if err != nil {
		return withoutURL(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, maxReplyAnswer)); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	}
	return nil
}
