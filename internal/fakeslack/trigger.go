package fakeslack

import "time"

// triggerLife is how long a trigger_id opens a view (docs).
const triggerLife = 3 * time.Second

// trigger is the right to open one view for one user.
type trigger struct {
	user string
	born time.Time
	used bool
}

func (s *Server) newTrigger(user string, now time.Time) string {
	id := s.state.next("trigger.")
	s.triggers[id] = &trigger{user: user, born: now}
	return id
}

// useTrigger spends a trigger and gives its user.
func (s *Server) useTrigger(id string, now time.Time) (string, error) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return "", refuse("invalid_trigger_id")
	case t.used:
		return "", refuse("exchanged_trigger_id")
	case now.Sub(t.born) > triggerLife:
		return "", refuse("expired_trigger_id")
	}
	t.used = true
	return t.user, nil
}
