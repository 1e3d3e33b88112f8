package bot

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"

	"arbot/ar"
	"arbot/bot/card"
)

// saidField is where the figures of a digest hold its messages, compressed: a list of a
// thousand accounts repeats itself.
const saidField = "said"

// withSaid adds to the figures of a digest its messages as they are posted, so that it can
// be shown again as it was. A digest without figures stays without them; figures that are
// no object have no place for messages, which is an error.
func withSaid(figures json.RawMessage, head card.Card, thread []card.Card) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if len(figures) > 0 {
		if err := json.Unmarshal(figures, &fields); err != nil {
			return nil, fmt.Errorf("bot: figures of a digest: %w", err)
		}
	}
	if fields == nil { // none, or null
		return figures, nil
	}
	raw, err := card.Keep(append([]card.Card{head}, thread...))
	if err != nil {
		return nil, fmt.Errorf("bot: keep a digest: %w", err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(raw); err != nil {
		return nil, fmt.Errorf("bot: pack a digest: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("bot: pack a digest: %w", err)
	}
	if fields[saidField], err = json.Marshal(packed.Bytes()); err != nil {
		return nil, fmt.Errorf("bot: keep a digest: %w", err)
	}
	return json.Marshal(fields)
}

// maxSaid bounds what is unpacked.
const maxSaid = 64 << 20

// saidCards are the messages of a digest as they were posted; none of one that was posted
// before messages were kept.
func saidCards(p ar.Post) ([]card.Card, error) {
	var fields struct {
		Said []byte `json:"said"`
	}
	if err := json.Unmarshal(p.Figures, &fields); err != nil {
		return nil, fmt.Errorf("bot: figures of post %d: %w", p.ID, err)
	}
	if len(fields.Said) == 0 {
		return nil, nil
	}
	zip, err := gzip.NewReader(bytes.NewReader(fields.Said))
	if err != nil {
		return nil, fmt.Errorf("bot: unpack post %d: %w", p.ID, err)
	}
	raw, err := io.ReadAll(io.LimitReader(zip, maxSaid))
	if err != nil {
		return nil, fmt.Errorf("bot: unpack post %d: %w", p.ID, err)
	}
	return card.Kept(raw)
}
