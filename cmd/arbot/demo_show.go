package main

import (
	"fmt"
	"slices"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/internal/fakeslack/screen"
)

func (d *demo) draw(m fakeslack.Message) {
	err := screen.Draw(d.out, m, screen.Options{
		Width: d.width, Color: isTerminal(d.out), Location: d.zone, Name: screen.Names(d.slack),
	})
	if err != nil {
		d.app.log.Error("draw a message", "error", err)
	}
	fmt.Fprintln(d.out)
}

// drawDigest draws the messages of a day's digest to AR and tells where the
// others are.
func (d *demo) drawDigest(day ar.Date, messages []fakeslack.Message) {
	fmt.Fprintf(d.out, "════ #ar-team, %s ════\n\n", day.Long())
	if len(messages) == 0 {
		fmt.Fprintln(d.out, "Nothing was posted: there is nothing to say.")
		return
	}
	replies := 0
	for _, m := range messages {
		if m.ThreadTS != "" {
			replies++
			continue
		}
		d.draw(m)
	}
	fmt.Fprintf(d.out, "%d replies are in its thread. #sales got a digest by sales owner, and each rep a direct message.\n", replies)
}

// showPlace draws what stands in a place: the newest message with its thread.
func (d *demo) showPlace(s *seat, place string) {
	var messages []fakeslack.Message
	switch place {
	case "ar", "thread":
		messages = d.slack.Messages(arChannel)
	case "sales":
		messages = d.slack.Messages(salesChannel)
	case "me", "dm":
		messages = d.slack.DMs(s.user.ID)
	default:
		fmt.Fprintln(d.out, "Show what? ar, thread, sales or me.")
		return
	}
	head := newestPost(messages)
	if head == nil {
		fmt.Fprintln(d.out, "Nothing was posted here.")
		return
	}
	if place != "thread" {
		d.draw(*head)
	}
	if place == "ar" {
		return
	}
	for _, m := range messages {
		if m.ThreadTS == head.TS && !m.Deleted {
			d.draw(m)
		}
	}
}

// newestPost is the newest message that the bot posted for all to see.
func newestPost(messages []fakeslack.Message) *fakeslack.Message {
	for _, m := range slices.Backward(messages) {
		if m.ThreadTS == "" && m.EphemeralTo == "" && m.Via == "chat.postMessage" && !m.Deleted {
			return &m
		}
	}
	return nil
}
