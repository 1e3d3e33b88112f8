// Package quickbooks reads companies of QuickBooks Online through its
// Accounting API v3: it connects them, and each is a source.
//
// A map of its files:
//
//	connect.go          App: our app at Intuit; links, callbacks, pasted tokens
//	connect_page.go     Callback: what the browser sees that comes back
//	connect_company.go  what a company is: title, currency, zone
//
//	client.go           Client: one company's API
//	client_call.go      one call: limits, retries, what an answer means
//	limit.go            how many calls at a time, and when there are too many
//	fault.go            Fault: what QuickBooks says when it does not do it
//
//	source.go           Source: a company as the engine reads it
//	full.go             everything, in pages
//	ahead.go            the next page, while the one before is written
//	versions.go         which objects it has read
//	changes.go          what changed, by change data capture
//	fetch.go            what a webhook named
//	missing.go    a record that the books lack, read by its id
//	poison.go           a record that spoils its page
//	unread.go           what is not gone, though it was not seen
//	query.go            questions to the API
//	entity.go           objects as the API spells them
//	frame.go            what is read around the objects: accounts, terms, preferences
//	map.go, map_*.go    objects become records
//	owner_field.go      the custom field that names sales owners
//	tieout.go           the company's own total, and its list of what is open
//	report.go           the reports behind it
//	report_list.go      the long one, section by section
//
//	webhook.go          Webhook: what Intuit tells by itself
//	webhook_event.go    the two shapes of it
//
//	send.go             an invoice by mail, and where it can be paid
//	annotate.go         a line in an invoice's private note
package quickbooks
