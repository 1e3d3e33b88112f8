package cells

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf16"
)

// compound begins the files of the old Office, and those that new ones lock with a
// password.
const compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// largestCompound is how far such a file is looked through for what it is.
const largestCompound = 64 << 20

// oldWorkbook says which of the two it is: a locked workbook has a stream that is called
// EncryptedPackage, in UTF-16.
func oldWorkbook(r io.Reader) *TextError {
	if contains(io.LimitReader(r, largestCompound), wide("EncryptedPackage")) {
		return &TextError{Wrong: "it is locked with a password", Mend: "Open it in your spreadsheet program, take the password away, and save it as XLSX or CSV"}
	}
	return &TextError{Wrong: "it is a workbook of the old kind (XLS), or one with a password", Mend: "Open it in your spreadsheet program and save it as XLSX or as CSV, without a password"}
}

// wide writes a text in UTF-16, little-endian.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// contains reports whether what is read holds some bytes.
func contains(r io.Reader, what []byte) bool {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], what) {
			return true
		}
		if err != nil {
			return false
		}
		end := kept + n
		kept = copy(buf, buf[max(0, end-len(what)):end])
	}
}

// kinds are files that people take for exports, by how they begin behind a byte order mark
// and spaces, whatever the case.
var kinds = []struct{ begins, wrong, mend string }{
	{"%pdf", "it is a PDF", "Export the report as CSV or XLSX"},
	{"\x1f\x8b", "it is packed (gzip)", "Unpack it and give the file in it"},
	{"7z\xbc\xaf", "it is an archive (7z)", "Unpack it and give the file in it"},
	{"rar!", "it is an archive (RAR)", "Unpack it and give the file in it"},
	{"{\\rtf", "it is a text document (RTF)", "Export the report as CSV or XLSX"},
	{"mime-version:", webPage, saveAsWorkbook},
	{"<!doctype html", webPage, saveAsWorkbook},
	{"<html", webPage, saveAsWorkbook},
	{"<table", webPage, saveAsWorkbook},
	{"<meta", webPage, saveAsWorkbook},
	{"<style", webPage, saveAsWorkbook},
	{"<?xml", "it is XML", saveAsWorkbook},
	{"{\"", "it is JSON", "Export the report as CSV or XLSX"},
	{"[{", "it is JSON", "Export the report as CSV or XLSX"},
}

const (
	webPage        = "it is a web page, whatever its name says"
	saveAsWorkbook = "Open it in your spreadsheet program and save it as XLSX or CSV, or export it as one of them"
)

// otherKind says what a file is that is no text with cells, nil where it may be one.
func otherKind(start []byte) *TextError {
	begin := string(bytes.TrimSpace(bytes.TrimPrefix(start, []byte(mark))))
	for _, k := range kinds {
		if len(begin) >= len(k.begins) && strings.EqualFold(begin[:len(k.begins)], k.begins) {
			return &TextError{Wrong: k.wrong, Mend: k.mend}
		}
	}
	return nil
}

// checkKind says what an archive is that is no workbook.
func checkKind(archive *zip.ReadCloser) error {
	var names []string
	for _, f := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		switch {
		case name == "xl/workbook.bin":
			return &TextError{Wrong: "it is a binary workbook (XLSB)", Mend: "Open it in your spreadsheet program and save it as XLSX"}
		case strings.HasPrefix(name, "xl/"):
			return nil
		case name == "mimetype" && strings.Contains(head(f), "opendocument"):
			return &TextError{Wrong: "it is a document of OpenDocument (ODS)", Mend: "Open it in your spreadsheet program and save it as XLSX or CSV"}
		case strings.HasPrefix(name, "index/") && strings.HasSuffix(name, ".iwa"):
			return &TextError{Wrong: "it is a document of Numbers", Mend: "Export it from Numbers as Excel or CSV"}
		}
		if base := path.Base(name); !strings.HasSuffix(name, "/") && !strings.HasPrefix(name, "__macosx/") && !strings.HasPrefix(base, ".") {
			names = append(names, f.Name)
		}
	}
	return &TextError{Wrong: "it is an archive (ZIP) with " + several(names) + " in it, and no workbook", Mend: "Unpack it and give the file itself"}
}

// shownNames is how many names are told.
const shownNames = 5

func several(names []string) string {
	slices.Sort(names)
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n > shownNames:
		return fmt.Sprintf("%s and %d more files", strings.Join(names[:shownNames], ", "), n-shownNames)
	}
	return strings.Join(names, ", ")
}

// head is the beginning of a file in an archive, "" where it cannot be read.
func head(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text := make([]byte, 128)
	n, err := io.ReadFull(r, text)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	return string(text[:n])
}
