package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Sent is what QuickBooks says of an invoice that it has mailed.
type Sent struct {
	// To is the address that it went to, as far as QuickBooks says.
	To string
	// Status is QuickBooks' word ("EmailSent").
	Status string
}

// SendInvoice has QuickBooks mail an invoice, as its own send button does:
// to sendTo, or for "" to the address on the invoice. once names this sending:
// however often it is asked under the same name, one mail goes out; "" takes
// a new name.
func (c *Client) SendInvoice(ctx context.Context, id, sendTo, once string) (Sent, error) {
	query := url.Values{}
	if sendTo != "" {
		query.Set("sendTo", sendTo)
	}
	if once != "" {
		query.Set("requestid", requestID("send", id, once))
	}
	var answer struct {
		Invoice struct {
			EmailStatus string `json:"EmailStatus"`
			BillEmail   struct {
				Address string `json:"Address"`
			} `json:"BillEmail"`
		} `json:"Invoice"`
	}
	if err := c.post(ctx, "invoice/"+url.PathEscape(id)+"/send", query, nil, &answer); err != nil {
		return Sent{}, err
	}
	sent := Sent{To: answer.Invoice.BillEmail.Address, Status: answer.Invoice.EmailStatus}
	if sendTo != "" {
		sent.To = sendTo
	}
	return sent, nil
}

// requestID makes a name as QuickBooks takes them: at most 50 characters.
func requestID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// PayLink returns where the customer can pay an invoice online; "" where the
// company takes no online payments or the invoice has no mail address. Lists do
// not have it: it is fetched when somebody looks at the invoice.
func (c *Client) PayLink(ctx context.Context, id string) (string, error) {
	var answer struct {
		Invoice struct {
			InvoiceLink string `json:"InvoiceLink"`
		} `json:"Invoice"`
	}
	if err := c.get(ctx, "invoice/"+url.PathEscape(id), url.Values{"include": {"invoiceLink"}}, &answer); err != nil {
		return "", err
	}
	if link := answer.Invoice.InvoiceLink; canBeOpened(link) {
		return link, nil
	}
	return "", nil
}

// canBeOpened reports whether a link may stand on a button.
func canBeOpened(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

// invoiceNote is what Annotate reads and writes of an invoice.
type invoiceNote struct {
	ID          string `json:"Id"`
	SyncToken   string `json:"SyncToken"`
	PrivateNote string `json:"PrivateNote"`
	Sparse      bool   `json:"sparse"`
}

// noteOf reads an invoice right before it is written.
func (c *Client) noteOf(ctx context.Context, id string) (invoiceNote, error) {
	var answer struct {
		Invoice json.RawMessage `json:"Invoice"`
	}
	if err := c.get(ctx, "invoice/"+url.PathEscape(id), nil, &answer); err != nil {
		return invoiceNote{}, err
	}
	var n invoiceNote
	if err := json.Unmarshal(answer.Invoice, &n); err != nil || n.ID == "" {
		return n, fmt.Errorf("quickbooks: read invoice %s: the answer holds none", id)
	}
	return n, nil
}
