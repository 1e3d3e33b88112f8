package bot

import (
	"time"

	"arbot/bot/card"
	"arbot/desk"
)

// aged puts the age of its figures under a card, and before everything else where the
// data is older than the company tolerates. A card that says first what somebody just did
// has the footer only.
func aged(c card.Card, f desk.Fresh, zone *time.Location) card.Card {
	c.Add(footer(f, zone)...)
	return old(c, f, zone)
}
