package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/bot/card"
	"arbot/desk"
)

// The buttons under the alert that a post may be in its place or not.
const (
	againAction = "post_again"
	thereAction = "post_is_there"
)

// doubtTopic begins the topic of that alert; the id of the post follows, and the nonce of
// the part in doubt, so that a second doubt about the same post is told as well.
const doubtTopic = "unconfirmed:"

func topicOfDoubt(p ar.Post) string {
	topic := []string{doubtTopic + strconv.FormatInt(int64(p.ID), 10)}
	for _, part := range p.Parts {
		if part.Sending {
			topic = append(topic, part.Nonce)
		}
	}
	return strings.Join(topic, ":")
}

// doubted is the post that an alert asks about.
func doubted(alert ar.Post) (ar.PostID, bool) {
	_, topic, _ := strings.Cut(alert.Route, "/")
	rest, ok := strings.CutPrefix(topic, doubtTopic)
	number, _, _ := strings.Cut(rest, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	return ar.PostID(id), ok && err == nil
}

// ask puts the buttons under an alert that asks about a post, while nobody has answered.
func (d *Delivery) ask(ctx context.Context, alert ar.Post, c *card.Card) error {
	id, ok := doubted(alert)
	if alert.Kind != ar.Alert || !ok {
		return nil
	}
	post, err := d.Book.Post(ctx, id)
	if errors.Is(err, ar.ErrNoPost) {
		return nil
	}
	if err != nil || post.State != ar.PostUnconfirmed {
		return err
	}
	value := strconv.FormatInt(int64(id), 10)
	c.Add(card.Buttons{
		{Label: "Post again", Action: againAction, Value: value, Confirm: "If it is there after all, it will then be there twice. Post it again?"},
		{Label: "It is there", Action: thereAction, Value: value},
	})
	return nil
}

// postAgain answers [Post again].
func (r *Router) postAgain(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.settled(ctx, actor, c, r.Desk.PostAgain)
}

// isThere answers [It is there].
func (r *Router) isThere(ctx context.Context, actor ar.Actor, c Call) (Answer, error) {
	return r.settled(ctx, actor, c, r.Desk.IsThere)
}

// settled lets an admin end the doubt about a post, and says in the place of the question
// what became of it; also to one who comes second.
func (r *Router) settled(ctx context.Context, actor ar.Actor, c Call, end func(context.Context, ar.Actor, ar.PostID) (ar.Post, bool, error)) (Answer, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err != nil {
		return Answer{}, r.outdated()
	}
	post, changed, err := end(ctx, actor, ar.PostID(id))
	if err != nil {
		return Answer{}, err
	}
	say := becameOf(post)
	if !changed {
		say = "Somebody has answered this already. " + say
	}
	return Answer{Card: card.New(say), Replace: true}, nil
}

// becameOf says what has become of a post that was in doubt.
func becameOf(p ar.Post) string {
	name := upperFirst(postName(p))
	switch {
	case headUnseen(p):
		return name + " counts as posted. I cannot edit it, and nothing goes into its thread."
	case p.State == ar.PostPlanned:
		return name + " is on its way."
	case p.State == ar.PostDone:
		return name + " is in its place."
	}
	return fmt.Sprintf("%s is %s. %s", name, p.State, p.Fault)
}

// postName is what people call a post.
func postName(p ar.Post) string {
	if p.Kind.Digest() {
		return fmt.Sprintf("the digest %s of %s", digestName(p.PostKey), p.Day.Long())
	}
	return fmt.Sprintf("the %s for %s", p.Kind, p.Route)
}

// unseen: a person says that the part is in its place.
func unseen(p ar.PostPart) bool { return p.TS == "" && p.Sum == desk.Unseen }

func headUnseen(p ar.Post) bool {
	for _, part := range p.Parts {
		if part.No == 0 {
			return unseen(part)
		}
	}
	return false
}

// upperFirst is a phrase as the beginning of a sentence.
func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
