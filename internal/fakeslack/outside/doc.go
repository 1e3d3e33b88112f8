// Package outside proves internal/fakeslack, and the messages of the bot, by
// programs that we did not write: Slack's own clients for Node (@slack/web-api,
// @slack/bolt) talk to a running fakeslack, and the JSON Schema of Slack's own types
// (@slack/types) judges what our golden files hold. It has tests only.
//
// The map of the files:
//
//   - program_test.go: installs the packages (pinned in testdata/package-lock.json)
//     and runs the programs.
//   - workspace_test.go: the team that the programs work in, and its clock.
//   - webapi_test.go, testdata/webapi.test.mjs, testdata/paced.mjs: the Web API.
//   - bolt_test.go, testdata/bolt.mjs: an app on Bolt, over Socket Mode and over HTTP;
//     socket_test.go and http_test.go are about what is one transport's own.
//   - schema_test.go, testdata/schema.mjs, testdata/message.ts: the schema. It is
//     generated from the types when it is first needed and kept under node_modules.
//
// Where an outside program and fakeslack disagree, fakeslack is wrong.
package outside
