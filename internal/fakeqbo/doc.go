// Package fakeqbo is QuickBooks Online on the loopback interface: a real HTTP server
// with companies that keep books, Intuit's sign-in with its rotating tokens, the
// limits of the service, its faults, and the sender of its webhooks. The tests of the
// QuickBooks source and "arbot demo --quickbooks" run against it.
//
// The map of the files:
//
//   - server.go, options.go: the listener, its life, the way of a call through it;
//     clock.go: a clock that a test moves; call.go: the log of what was asked.
//   - oauth.go: the token endpoint; oauth_grant.go: what tokens are alive;
//     oauth_authorize.go: the page of consent and the discovery document;
//     oauth_bearer.go: who may call which company.
//   - throttle.go: the limits, and what went over them.
//   - fault.go: trouble on demand; fault_reply.go: how a refusal looks in JSON, XML
//     and HTML; fault_wire.go: what befalls a connection.
//   - webhook.go: what is told to the app, and how it can go wrong;
//     webhook_payload.go: both shapes and the signature; webhook_retry.go: what is
//     sent again, and when.
//   - company.go: the books of a company, its settings, and how a change is stamped
//     and told; http.go: its API, behind [Company.ServeHTTP].
//   - record.go, txn.go, customer.go, lists.go, single.go: the records and how they
//     look; decode.go reads them; jsonout.go writes JSON; money.go: minor units.
//   - ledger.go: what is open, and what settles it; insert.go: new transactions,
//     and those that go.
//   - post.go, edit.go: what people do in QuickBooks, for tests; load.go takes
//     recorded documents; grow.go, step.go: books and changes by a seed; truth.go: what
//     it all comes to, to compare with.
//   - query_parse.go, query_run.go, property.go: the query language.
//   - write.go: creates, sparse updates, voids, deletes; batch.go; cdc.go; refusal.go:
//     what is refused, and with which code.
//   - report.go, report_summary.go, report_detail.go: the two reports of what is open.
//
// The server has no clock of its own: Options.Now gives every age, pace and time
// stamp. Ids and tokens are counted, not random, so that a run can be repeated.
//
// Rules are marked in comments by where they are from: "docs" for
// developer.intuit.com and Intuit's blog, "seen" for what real answers or reports of
// other integrations show. Where neither says anything the stricter reading was taken.
package fakeqbo
