package quickbooks

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// caller is the API of one company, as Client has it. What goes wrong is a
// *Fault or an *arsync.TroubleError.
type caller interface {
	get(ctx context.Context, path string, query url.Values, into any) error
	post(ctx context.Context, path string, query url.Values, body, into any) error
}

// pageSize is the most that a query returns; it returns 100 unless it is asked
// for more.
const pageSize = 1000

// selection asks for objects of one entity, in the order of their ids: without
// an order pages shift while others write.
func selection(e entity, where string, start, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "select * from %s", e)
	if where != "" {
		b.WriteString(" where " + where)
	}
	if start > 0 {
		fmt.Fprintf(&b, " orderby Id startposition %d maxresults %d", start, rows)
	}
	return b.String()
}

// and joins conditions; the language knows no other way.
func and(conditions ...string) string {
	var given []string
	for _, c := range conditions {
		if c != "" {
			given = append(given, c)
		}
	}
	return strings.Join(given, " and ")
}

// query runs one query and returns its objects, and the server's time.
func (s *Source) query(ctx context.Context, statement string) (*rows, string, error) {
	var answer struct {
		QueryResponse rows   `json:"QueryResponse"`
		Time          string `json:"time"`
	}
	err := tolerant(s.api.get(ctx, "query", url.Values{"query": {statement}}, &answer))
	if err != nil {
		return nil, "", fmt.Errorf("quickbooks: %s: %w", statement, err)
	}
	return &answer.QueryResponse, answer.Time, nil
}

// count asks how many objects of an entity there are.
func (s *Source) count(ctx context.Context, e entity) (int, error) {
	statement := fmt.Sprintf("select count(*) from %s", e)
	if where := e.where(); where != "" {
		statement += " where " + where
	}
	var answer struct {
		QueryResponse struct {
			TotalCount *int `json:"totalCount"`
		} `json:"QueryResponse"`
	}
	if err := s.api.get(ctx, "query", url.Values{"query": {statement}}, &answer); err != nil {
		return 0, fmt.Errorf("quickbooks: %s: %w", statement, err)
	}
	if answer.QueryResponse.TotalCount == nil {
		return 0, fmt.Errorf("quickbooks: %s: the answer has no number", statement)
	}
	return *answer.QueryResponse.TotalCount, nil
}

// read reads one object by its id. Its error is an arsync.ErrGone where
// QuickBooks has no such object.
func (s *Source) read(ctx context.Context, e entity, id string) (*rows, error) {
	var answer object
	err := tolerant(s.api.get(ctx, e.path()+"/"+url.PathEscape(id), nil, &answer))
	if err != nil {
		return nil, fmt.Errorf("quickbooks: read %s %s: %w", e.word(), id, err)
	}
	got := answer.rows()
	if got.len() == 0 {
		return nil, fmt.Errorf("quickbooks: read %s %s: the answer has none", e.word(), id)
	}
	return got, nil
}

// changedSince asks change data capture for what was written since a time. It
// has no pages: a list of mostChanges is one that was cut.
func (s *Source) changedSince(ctx context.Context, since time.Time, of ...entity) (*rows, string, error) {
	names := make([]string, len(of))
	for i, e := range of {
		names[i] = string(e)
	}
	var answer struct {
		CDCResponse []struct {
			QueryResponse []rows `json:"QueryResponse"`
		} `json:"CDCResponse"`
		Time string `json:"time"`
	}
	query := url.Values{"entities": {strings.Join(names, ",")}, "changedSince": {stamp(since)}}
	if err := tolerant(s.api.get(ctx, "cdc", query, &answer)); err != nil {
		return nil, "", fmt.Errorf("quickbooks: changes since %s: %w", stamp(since), err)
	}
	all := &rows{}
	for _, response := range answer.CDCResponse {
		for i := range response.QueryResponse {
			all.add(&response.QueryResponse[i])
		}
	}
	return all, answer.Time, nil
}

// mostChanges is what change data capture returns at most.
const mostChanges = 1000

// stamp writes an instant as QuickBooks reads it, with an offset.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05-07:00") }

// serverTime reads the time that an answer states: RFC 3339, with or without a
// fraction.
func serverTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}
