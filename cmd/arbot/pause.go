package main

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
)

// failuresToPause is after how many days in a row on which a channel could not be posted
// to its digest is paused: it is then only looked whether the channel is in order again.
const failuresToPause = 3

// planDigests plans what a route has on a day, unless it is paused. A digest that
// somebody asks for by hand is never.
func (a *app) planDigests(ctx context.Context, route desk.Route, day ar.Date) error {
	paused, err := a.paused(ctx, route, day)
	if err != nil || paused {
		return err
	}
	_, err = a.desk.PlanDigests(ctx, route, day, false)
	return err
}

func (a *app) paused(ctx context.Context, route desk.Route, day ar.Date) (bool, error) {
	if route.Channel == "" {
		return false, nil
	}
	n, _, err := a.books.FailedInARow(ctx, ar.PostKey{Kind: route.Kind, Route: route.Name, Day: day}, failuresToPause)
	if err != nil || n < failuresToPause {
		return false, err
	}
	a.talk.gate.Forget(route.Channel)
	_, err = a.talk.gate.Inspect(ctx, route.Channel)
	if refusal, ok := errors.AsType[*bot.RefusedError](err); ok {
		a.log.WarnContext(ctx, "a digest is paused: its channel cannot be posted to", "route", route.Name, "failures", n, "code", refusal.Code)
		return true, nil
	}
	return false, err // nil: the channel is in order again
}

// gaveUp marks a post as failed whose notice was tried in vain for hours, and tells the
// admins. That an alert cannot be posted they cannot be told.
func (a *app) gaveUp(ctx context.Context, n ar.Notice) {
	post, err := a.desk.Post(ctx, n.Post)
	switch {
	case err != nil || post.State != ar.PostPlanned:
	case post.Kind == ar.LedgerNote:
		err = a.noteGivenUp(ctx, post)
	default:
		err = a.desk.SetPostState(ctx, post.ID, ar.PostFailed, givenUp)
		if err == nil && post.Kind != ar.Alert {
			err = a.Alert(ctx, "given-up:"+string(post.Kind)+":"+post.Route, fmt.Sprintf("The post %s of %s: %s", post.Kind, post.Route, givenUp))
		}
	}
	if err != nil {
		a.log.ErrorContext(ctx, "a post was given up, and nobody could be told", "post", n.Post, "error", err)
	}
}

const givenUp = "It was tried again and again in vain, and is given up. The log says why (\"notice failed\"). When that is mended, `arbot digest --now` posts the digests of the day."

// told reports whether the digest before one failed of the same fault.
func (a *app) told(ctx context.Context, post ar.Post, fault string) (bool, error) {
	n, before, err := a.books.FailedInARow(ctx, post.PostKey, 1)
	return n > 0 && before == fault, err
}
