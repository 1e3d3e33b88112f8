package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
)

// maxChoices is how many choices are offered: more is not a choice.
const maxChoices = 10

// explain makes an answer of an error and logs what is for the log.
func (b *Bot) explain(ctx context.Context, c Call, err error, again string) Answer {
	known, ok := errors.AsType[*ar.Error](err)
	if !ok {
		b.Logger.ErrorContext(ctx, "call failed", "id", c.ID, "kind", c.Kind, "user", c.User, "error", err)
		return Answer{Card: card.New(fmt.Sprintf(
			"Something went wrong (id %s). Try again; if it happens again, give the id to your admin.", c.ID))}
	}
	if known.Err != nil {
		b.Logger.WarnContext(ctx, "call refused", "id", c.ID, "kind", c.Kind, "user", c.User, "why", known.Kind, "error", known.Err)
	}
	answer := card.New(known.Say)
	if len(known.Choices) > 0 {
		answer.Add(card.Paragraph{card.T(known.Say)}, choices(known.Choices, repeatable(c, again)))
		if more := len(known.Choices) - maxChoices; more > 0 {
			answer.Add(card.Note{card.T(fmt.Sprintf("and %d more: type more of the name", more))})
		}
	}
	return Answer{Card: answer}
}

// repeatable is the command to run with a choice in place of "%s". What has no
// place for the choice goes behind it.
func repeatable(c Call, again string) string {
	if strings.Contains(again, "%s") {
		return again
	}
	text := c.Text
	if c.Kind == Action {
		text = c.Value
	}
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return word + " %s" + again
}

func choices(list []ar.Choice, again string) card.Buttons {
	var buttons card.Buttons
	for _, choice := range list[:min(len(list), maxChoices)] {
		buttons = append(buttons, card.Button{
			Label: choice.Label, Action: pickAction, Value: strings.Replace(again, "%s", PickID(choice), 1),
		})
	}
	return buttons
}

// PickID is how a choice is written in the text of a command: "c12" for a
// customer, "d345" for a document.
func PickID(c ar.Choice) string {
	if c.Document != 0 {
		return fmt.Sprintf("d%d", c.Document)
	}
	return fmt.Sprintf("c%d", c.Customer)
}
