package quickbooks

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"arbot/ar"
)

// description is what people should know of a company.
type description struct {
	title string
	home  ar.Currency
	zone  string // as QuickBooks names it; "" where it does not
}

// company asks what the company is.
func (c *Client) company(ctx context.Context) (description, error) {
	var info struct {
		QueryResponse struct {
			CompanyInfo []struct {
				CompanyName     string `json:"CompanyName"`
				LegalName       string `json:"LegalName"`
				DefaultTimeZone string `json:"DefaultTimeZone"`
			} `json:"CompanyInfo"`
		} `json:"QueryResponse"`
	}
	if err := c.get(ctx, "query", url.Values{"query": {"select * from CompanyInfo"}}, &info); err != nil {
		return description{}, err
	}
	var prefs struct {
		QueryResponse struct {
			Preferences []companyPreferences `json:"Preferences"`
		} `json:"QueryResponse"`
	}
	if err := c.get(ctx, "query", url.Values{"query": {"select * from Preferences"}}, &prefs); err != nil {
		return description{}, err
	}
	if len(info.QueryResponse.CompanyInfo) == 0 || len(prefs.QueryResponse.Preferences) == 0 {
		return description{}, errors.New("quickbooks: the company does not say what it is")
	}
	found := info.QueryResponse.CompanyInfo[0]
	d := description{title: strings.TrimSpace(found.CompanyName), zone: found.DefaultTimeZone}
	if d.title == "" {
		d.title = strings.TrimSpace(found.LegalName)
	}
	d.home = ar.Currency(prefs.QueryResponse.Preferences[0].CurrencyPrefs.HomeCurrency.Value)
	return d, nil
}
