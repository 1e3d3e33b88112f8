package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

// OpenModal opens a modal, or puts it on top of the one that is open. The trigger of a
// click is good for three seconds and one use.
func (g *Gate) OpenModal(ctx context.Context, trigger string, m card.Modal, o blockkit.Options, onTop bool) (View, error) {
	view, err := blockkit.Modal(m, o)
	if err != nil {
		return View{}, fmt.Errorf("bot: render a modal: %w", err)
	}
	method, open := "views.open", g.client.OpenViewContext
	if onTop {
		method, open = "views.push", g.client.PushViewContext
	}
	return g.view(ctx, method, func(ctx context.Context) (*slack.ViewResponse, error) { return open(ctx, trigger, view) })
}

// UpdateModal changes an open modal, if nobody has changed it since: a *RefusedError
// with hash_conflict says that somebody has, and with not_found that it was closed.
func (g *Gate) UpdateModal(ctx context.Context, v View, m card.Modal, o blockkit.Options) (View, error) {
	view, err := blockkit.Modal(m, o)
	if err != nil {
		return View{}, fmt.Errorf("bot: render a modal: %w", err)
	}
	return g.view(ctx, "views.update", func(ctx context.Context) (*slack.ViewResponse, error) {
		return g.client.UpdateViewContext(ctx, view, "", v.Hash, v.ID)
	})
}

// PublishHome shows a card in a person's home tab. With the hash of the tab that it
// is made for, a newer one stays.
func (g *Gate) PublishHome(ctx context.Context, user, hash string, c card.Card, o blockkit.Options) (View, error) {
	view, err := blockkit.Home(c, o)
	if err != nil {
		return View{}, fmt.Errorf("bot: render a home tab: %w", err)
	}
	request := slack.PublishViewContextRequest{UserID: user, View: view}
	if hash != "" {
		request.Hash = &hash
	}
	return g.view(ctx, "views.publish", func(ctx context.Context) (*slack.ViewResponse, error) {
		return g.client.PublishViewContext(ctx, request)
	})
}

// view makes one call that shows a view.
func (g *Gate) view(ctx context.Context, method string, do func(context.Context) (*slack.ViewResponse, error)) (View, error) {
	var shown *slack.ViewResponse
	err := g.call(ctx, method, "", func(ctx context.Context) (err error) {
		shown, err = do(ctx)
		return err
	})
	if err != nil {
		return View{}, fmt.Errorf("bot: show a view: %w", err)
	}
	return View{ID: shown.ID, Hash: shown.Hash, Home: shown.Type == slack.VTHomeTab}, nil
}
