package bot

import (
	"context"
	"fmt"
	"io"

	"github.com/slack-go/slack"

	"arbot/ar"
)

// SharedFile is a file that somebody put into a conversation.
type SharedFile struct {
	ID, Name string
	Size     int64
	// Copy writes the content; it can be asked for again.
	Copy func(ctx context.Context, to io.Writer) error
}

// SharedFile finds a file by its id. One that lies elsewhere (Google Drive, say) or is gone
// is refused with a sentence.
func (g *Gate) SharedFile(ctx context.Context, channel, id string) (SharedFile, error) {
	var info *slack.File
	err := g.call(ctx, "files.info", channel, func(ctx context.Context) (err error) {
		info, _, _, err = g.client.GetFileInfoContext(ctx, id, 0, 0)
		return err
	})
	switch {
	case refused(err, "file_not_found", "file_deleted"):
		return SharedFile{}, &ar.Error{Kind: ar.NotFound, Say: "The file is not there any more. Put it here again.", Err: err}
	case refused(err, "missing_scope"):
		return SharedFile{}, &ar.Error{
			Kind: ar.Unavailable, Err: err,
			Say: "I may not read files here. An admin adds the permission files:read (arbot manifest prints it) and installs the app again.",
		}
	case err != nil:
		return SharedFile{}, fmt.Errorf("bot: look at file %s: %w", id, err)
	case info.IsExternal || info.URLPrivateDownload == "":
		return SharedFile{}, ar.Refuse("%s lies outside of Slack, where I cannot read it. Download it, and put the file itself here.", info.Name)
	}
	f := SharedFile{ID: info.ID, Name: info.Name, Size: int64(info.Size)}
	f.Copy = func(ctx context.Context, to io.Writer) error {
		// The library sends the token to Slack's own addresses only.
		if err := g.client.GetFileContext(ctx, info.URLPrivateDownload, to); err != nil {
			return fmt.Errorf("bot: download file %s: %w", info.ID, withoutURL(err))
		}
		return nil
	}
	return f, nil
}
