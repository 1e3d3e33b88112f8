// Package outside proves internal/fakeqbo by clients of QuickBooks Online that we did
// not write, from npm: Intuit's own intuit-oauth, and node-quickbooks, which many
// integrations are built on. It has tests only.
//
// The map of the files:
//
//   - program_test.go: installs the packages (pinned in testdata/package-lock.json)
//     and runs the programs.
//   - company_test.go: the company that the programs work on.
//   - signin_test.go, testdata/signin.test.mjs: intuit-oauth connects, refreshes,
//     calls, meets refusals and gives its tokens back.
//   - books_test.go, testdata/books.test.mjs: node-quickbooks reads and changes the
//     books.
//   - recorded_test.go, testdata/recorded.mjs: node-quickbooks reads a recorded
//     company that lies beside the checkout, where there is one.
//
// Where an outside program and fakeqbo disagree, fakeqbo is wrong.
package outside
