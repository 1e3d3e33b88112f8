package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

func TestNoServerTimeoutIsZero(t *testing.T) {
	t.Parallel()
	s := newServer(http.NotFoundHandler())
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("a limit is left at zero: %+v", s)
	}
	wires := newWires()
	if wires.TLSHandshakeTimeout <= 0 || wires.IdleConnTimeout <= 0 || wires.DialContext == nil {
		t.Errorf("a limit of the connections is left at zero: %+v", wires)
	}
}

// Each client of the program ends a call that does not end, and no server is made but by
// newServer. In withLimit of package bot the limit is set right after; the fakes bear
// whatever a test does to them, and are ended by it.
func TestHTTPLimitsAreSetEverywhere(t *testing.T) {
	t.Parallel()
	made := map[string]int{}
	for _, folder := range []string{"bot", "cmd", "desk", "jobs", "store", "sync"} {
		err := filepath.WalkDir(filepath.Join("..", "..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for what, n := range unlimited(file) {
				made[filepath.ToSlash(strings.TrimPrefix(path, filepath.Join("..", "..")+string(filepath.Separator)))+" "+what] += n
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	allowed := map[string]int{"cmd/arbot/serve.go Server": 1, "bot/client.go Client": 1}
	for what, n := range made {
		if n != allowed[what] {
			t.Errorf("%s: %d without a limit, or past newServer", what, n)
		}
	}
	if len(made) != len(allowed) {
		t.Errorf("found %v, want %v", made, allowed)
	}
}

// unlimited counts in a file the servers that are made, the clients without a Timeout, and
// the uses of what net/http has without any.
func unlimited(file *ast.File) map[string]int {
	found := map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && isHTTP(s) {
			switch s.Sel.Name {
			case "DefaultClient", "ListenAndServe", "ListenAndServeTLS", "Get", "Head", "Post", "PostForm":
				found[s.Sel.Name]++
			}
		}
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		of, ok := literal.Type.(*ast.SelectorExpr)
		if !ok || !isHTTP(of) {
			return true
		}
		switch name := of.Sel.Name; {
		case name == "Server", name == "Client" && !sets(literal, "Timeout"):
			found[name]++
		}
		return true
	})
	return found
}

func isHTTP(s *ast.SelectorExpr) bool {
	of, ok := s.X.(*ast.Ident)
	return ok && of.Name == "http"
}

func sets(literal *ast.CompositeLit, field string) bool {
	for _, e := range literal.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == field {
			return true
		}
	}
	return false
}
