package ar

// Notice is something that must be told to somebody: it is enqueued in the
// transaction of the facts that cause it and carried out later, at least once.
// What must happen only once is guarded by the post that it names.
type Notice struct {
	// Post is the post to bring to its place.
	Post PostID `json:"post"`
	// ByHand: somebody waits for it, so that no quiet hours hold it back.
	ByHand bool `json:"by_hand,omitempty"`
}

// Kind is the name under which the queue files a notice.
func (Notice) Kind() string { return "notice" }
