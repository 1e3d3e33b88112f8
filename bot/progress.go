package bot

import (
	"context"
	"fmt"
	"time"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// Progress is one direct message that is edited while something goes on. It is for one
// goroutine.
type Progress struct {
	gate   *Gate
	user   string
	every  time.Duration
	render blockkit.Options

	at    Placed
	shown time.Time
	said  string
}

// NewProgress tells a user (by id), by an edit in every at most; see Show.
func NewProgress(g *Gate, user string, every time.Duration, o blockkit.Options) *Progress {
	return &Progress{gate: g, user: user, every: every, render: o}
}

// Show has the message say something. What comes too soon after the last edit, or says
// the same, is left out.
func (p *Progress) Show(ctx context.Context, c card.Card) error {
	if now := p.gate.now(); p.said == c.Text || p.at.TS != "" && now.Sub(p.shown) < p.every {
		return nil
	}
	return p.End(ctx, c)
}

// End has the message say the last thing, however soon.
func (p *Progress) End(ctx context.Context, c card.Card) error {
	pages, err := Pages(c, p.render)
	if err != nil {
		return err
	}
	if p.at.TS == "" {
		channel, err := p.gate.OpenDM(ctx, p.user)
		if err != nil {
			return fmt.Errorf("bot: tell %s how it goes: %w", p.user, err)
		}
		p.at, err = p.gate.Post(ctx, channel, "", pages[0], "")
		if err != nil {
			return fmt.Errorf("bot: tell %s how it goes: %w", p.user, err)
		}
	} else if _, err := p.gate.Update(ctx, p.at.Channel, p.at.TS, pages[0]); err != nil {
		return fmt.Errorf("bot: tell %s how it goes: %w", p.user, err)
	}
	p.shown, p.said = p.gate.now(), c.Text
	return nil
}
