package bot

import (
	"context"
	"strings"

	"arbot/ar"
)

// AddFormCommand adds a command that opens the form of its name where something is typed
// behind it, with that as its value, and says a sentence where nothing is.
func (r *Router) AddFormCommand(name string) {
	r.commands = append(r.commands, command{
		name: name,
		run: func(context.Context, *Router, ar.Actor, arguments) (Answer, error) {
			return Answer{}, ar.Refuse("Type a name as well.")
		},
		form: func(a arguments) (form, value string, ok bool) {
			return name, strings.Join(a.words, " "), len(a.words) > 0
		},
	})
}

// WithSaid adds to figures what a digest says, as delivery does.
var WithSaid = withSaid
