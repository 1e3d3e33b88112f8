package bot

import (
	"arbot/ar"
	"arbot/desk"
)

// standIn sends the digest of a rep who is away to the deputy, with a note that
// says whose it is. Without a deputy the fallback channel gets it, and without that
// the rep finds it at the return.
func (d *Digests) standIn(p ar.Post, c Composed) Composed {
	if p.Kind != ar.RepDigest {
		return c
	}
	rep := desk.RepOf(p.PostKey)
	stand, away := d.Desk.StandIn(rep, p.Day)
	switch {
	case !away:
		return c
	case len(stand.Deputies) > 0:
		c.To.Email, c.To.Deputies = stand.Deputies[0], stand.Deputies[1:]
	case d.Fallback != "":
		c.To = Destination{Channel: d.Fallback}
	default:
		return c
	}
	who := d.ownerName(rep)
	c.Head.Text = "For " + who + ", who is away: " + lowerFirst(c.Head.Text)
	note(&c, "For "+who+", who is away until "+stand.Until.Long()+".")
	return c
}
