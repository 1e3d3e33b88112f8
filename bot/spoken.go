package bot

import (
	"regexp"

	"arbot/bot/card"
)

// slackName is a mention as Slack writes it, of a person or a channel.
var slackName = regexp.MustCompile(`<([@#][A-Z][A-Z0-9]{4,})(?:\|[^<>]*)?>`)

// spoken is what somebody wrote, with the people and channels in it by their ids alone:
// what they are called changes (case SL-03).
func spoken(text string) string { return slackName.ReplaceAllString(text, "$1") }

// withPeople is a text with the people in it by name.
func withPeople(text string) []card.Span {
	var spans []card.Span
	for {
		at := aPerson.FindStringSubmatchIndex(text)
		if at == nil {
			return append(spans, card.T(text))
		}
		spans = append(spans, card.T(text[:at[0]]), card.User(text[at[2]:at[3]]))
		text = text[at[1]:]
	}
}
