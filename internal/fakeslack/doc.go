// Package fakeslack is a Slack workspace on the loopback interface: a real
// HTTP and WebSocket server that answers the Web API, sends an app its slash
// commands, clicks and events, and enforces Slack's limits. The tests of the
// bot and "arbot demo" run against it, so what passes here has passed the
// rules that Slack documents.
//
// The map of the files:
//
//   - server.go, options.go: the listener, its life, the routes.
//   - workspace.go: the values that describe a workspace; mutate.go changes
//     them at run time.
//   - state.go, message.go: what the workspace remembers; look.go and roster.go read it
//     and wait for it to change.
//   - announce.go: the events that tell the app of such changes, if it has asked for
//     them, and of the end of its installation.
//   - api.go, args.go, errors.go, methods.go: one Web API call from the request
//     to the answer; api_*.go hold the methods by family.
//   - limits.go: pacing per channel and method tiers; fault.go: trouble on demand.
//   - blocks*.go: Block Kit as tables (shape, limits) and the walk over them;
//     view.go: modals and the home tab.
//   - socket.go: Socket Mode; signed.go: signed HTTP requests; delivery.go:
//     one thing sent to the app over either of them, and its acknowledgement.
//   - tick.go: what comes due by the clock; retry.go: events sent again;
//     rotate.go: connections that are retired; freeze.go: half-open ones.
//   - act.go, click.go, submit.go, suggest.go: what people do (type a command, press a
//     button, send a modal, type into a menu); picks.go: what they have chosen so far;
//     event.go: what the workspace tells by itself.
//   - unfurl.go: addresses of the app's domains, and what it shows under them.
//   - download.go: files that people share, and their download.
//   - responseurl.go, trigger.go: the short-lived rights that go with them.
//
// screen/ draws a message in a terminal, web/ serves the workspace as a page; outside/
// has the proofs by clients that we did not write.
//
// The server has no clock of its own: Options.Now gives every time stamp, age
// and pace. Ids are counted, not random, so that a run can be repeated.
//
// Rules are marked in comments by where they are from: "docs" for
// docs.slack.dev, "types" for the @slack/types package 3.2.0, "seen" for what
// was observed and is not written down. Where Slack says nothing the stricter
// reading was taken.
package fakeslack
