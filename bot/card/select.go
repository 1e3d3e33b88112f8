package card

// Select is one of up to a hundred options, changed by one tap: the press goes to
// the handler of Action with the value of the option. Of is put before each
// option's value, with a space between.
type Select struct {
	// Label says what is chosen ("Reason"); it stands before the menu.
	Label string
	// Action names the handler; no "#" in it.
	Action string
	// Of is an opaque id that comes back with the option: "12 pricing".
	Of string
	// Options are what is chosen from; Initial is the value of the one that holds
	// now.
	Options []Option
	Initial string
}

func (Select) part() {}

// Chosen is the label of the option that holds now, "" where none does.
func (s Select) Chosen() string {
	for _, o := range s.Options {
		if o.Value == s.Initial {
			return o.Label
		}
	}
	return ""
}
