package bot

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// Private brings what is too much for an answer into the direct message with one person.
type Private interface {
	// Bring posts the first card there, the others into its thread, and the files behind
	// them; without a card the files stand by themselves. An *ar.Error says what Slack did
	// not take.
	Bring(ctx context.Context, user string, cards []card.Card, files ...File) error
}

// Courier is Private by a gate.
type Courier struct {
	Gate   *Gate
	Render blockkit.Options
}

// Bring is that of Private.
func (c Courier) Bring(ctx context.Context, user string, cards []card.Card, files ...File) error {
	err := c.bring(ctx, user, cards, files)
	if e, ok := errors.AsType[*RefusedError](err); ok {
		return &ar.Error{Kind: ar.Unavailable, Say: "Slack did not take it: " + e.Say, Err: err}
	}
	return err
}

func (c Courier) bring(ctx context.Context, user string, cards []card.Card, files []File) error {
	dm, err := c.Gate.OpenDM(ctx, user)
	if err != nil {
		return err
	}
	thread := ""
	for _, one := range cards {
		pages, err := Pages(one, c.Render)
		if err != nil {
			return err
		}
		for _, p := range pages {
			placed, err := c.Gate.Post(ctx, dm, thread, p, "")
			if err != nil {
				return fmt.Errorf("bot: bring a message to %s: %w", user, err)
			}
			if thread == "" {
				thread = placed.TS
			}
		}
	}
	for _, f := range files {
		if err := c.Gate.Upload(ctx, dm, thread, f); err != nil {
			return err
		}
	}
	return nil
}
