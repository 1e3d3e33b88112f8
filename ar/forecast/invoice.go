package forecast

import "arbot/ar"

// Invoice is an invoice of the history to learn from, or of the book to foretell.
type Invoice = ar.Receivable
