package card

import (
	"encoding/json"
	"fmt"
)

// keptPart is a part as it is kept: its kind tells what it is.
type keptPart struct {
	Kind string          `json:"kind"`
	Part json.RawMessage `json:"part"`
}

type keptCard struct {
	Text  string     `json:"text"`
	Parts []keptPart `json:"parts,omitempty"`
}

// Keep writes cards down as they were said, to be read by Kept. What can be pressed is left
// out, for it was meant for then; the text of rows with menus stays.
func Keep(cards []Card) ([]byte, error) {
	kept := make([]keptCard, len(cards))
	for i, c := range cards {
		kept[i].Text = c.Text
		for _, p := range c.Parts {
			kind, said := sayable(p)
			if kind == "" {
				continue
			}
			raw, err := json.Marshal(said)
			if err != nil {
				return nil, fmt.Errorf("card: keep a %s: %w", kind, err)
			}
			kept[i].Parts = append(kept[i].Parts, keptPart{kind, raw})
		}
	}
	return json.Marshal(kept)
}

// sayable is a part without what can be pressed, and the kind that it is kept as; "" for a
// part that is nothing but that.
func sayable(p Part) (kind string, said Part) {
	switch part := p.(type) {
	case Heading:
		return "heading", part
	case Paragraph:
		return "paragraph", part
	case Fields:
		return "fields", part
	case Table:
		return "table", part
	case List:
		return "list", part
	case Note:
		return "note", part
	case Divider:
		return "divider", part
	case Rows:
		var list List
		for _, row := range part {
			list = append(list, []Span{T(row.Text)})
		}
		return "list", list
	}
	return "", nil
}

// Kept reads what Keep wrote.
func Kept(raw []byte) ([]Card, error) {
	var kept []keptCard
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("card: read what was kept: %w", err)
	}
	cards := make([]Card, len(kept))
	for i, k := range kept {
		cards[i].Text = k.Text
		for _, p := range k.Parts {
			part, err := p.read()
			if err != nil {
				return nil, fmt.Errorf("card: read a kept %s: %w", p.Kind, err)
			}
			cards[i].Add(part)
		}
	}
	return cards, nil
}

func (p keptPart) read() (Part, error) {
	switch p.Kind {
	case "heading":
		return readPart[Heading](p.Part)
	case "paragraph":
		return readPart[Paragraph](p.Part)
	case "fields":
		return readPart[Fields](p.Part)
	case "table":
		return readPart[Table](p.Part)
	case "list":
		return readPart[List](p.Part)
	case "note":
		return readPart[Note](p.Part)
	case "divider":
		return Divider{}, nil
	}
	return nil, fmt.Errorf("no part is called %q", p.Kind)
}

func readPart[P Part](raw json.RawMessage) (Part, error) {
	var part P
	err := json.Unmarshal(raw, &part)
	return part, err
}
