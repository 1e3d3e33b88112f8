package bot

import (
	"context"
	"fmt"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

func noiseCommand() command {
	return command{
		name:     "noise",
		summary:  "how much was posted in a week, and how much was done about it (admins)",
		examples: []string{"noise"},
		run: func(ctx context.Context, r *Router, actor ar.Actor, _ arguments) (Answer, error) {
			n, err := r.Desk.Noise(ctx, actor)
			return Answer{Card: noiseCard(n)}, err
		},
	}
}

// noiseCard says how loud a week was. A channel is named by its id, as the config has it.
func noiseCard(n desk.Noise) card.Card {
	posts := n.Direct
	for _, c := range n.Channels {
		posts += c.Posts
	}
	says := fmt.Sprintf("From %s to %s there were %s and %s of people.", n.From.Short(), n.To.Short(), count(posts, "post"), count(n.Acts, "act"))
	c := card.New(says, card.Heading("Noise"), card.Paragraph{card.T(says)})
	if len(n.Channels) > 0 {
		table := card.Table{Columns: []card.Column{{Title: "Channel"}, {Title: "Posts", Align: card.Right}, {Title: "Most a day", Align: card.Right}}}
		for _, one := range n.Channels {
			table.Rows = append(table.Rows, []string{one.Channel, grouped(one.Posts), grouped(one.Most)})
		}
		c.Add(table)
	}
	budget := "none"
	if n.Budget > 0 {
		budget = fmt.Sprintf("%d a day and channel, the rest goes into threads", n.Budget)
	}
	c.Add(card.Fields{
		{Label: "Direct messages", Value: grouped(n.Direct)},
		{Label: "Acts for each post", Value: fmt.Sprintf("%d.%d", n.PerPost()/10, n.PerPost()%10)},
		{Label: "Acts from a post", Value: fmt.Sprintf("%s of %s", grouped(n.OnPosts), grouped(n.Acts))},
		{Label: "Without news", Value: grouped(n.Muted)},
		{Label: "With own quiet hours", Value: grouped(n.Quiet)},
		{Label: "Message budget", Value: budget},
	})
	return c
}

// noiseReport is the week's report for an admin.
func (d *Digests) noiseReport(ctx context.Context, p ar.Post) (Composed, error) {
	n, user, err := d.Desk.NoiseReport(ctx, p)
	if err != nil {
		return Composed{}, err
	}
	head := noiseCard(n)
	head.Add(card.Note{card.T("It comes on Monday mornings. "), card.Code(d.Slash + " noise"), card.T(" shows it at any time.")})
	return Composed{To: Destination{User: user}, Head: head, Open: true}, nil
}
