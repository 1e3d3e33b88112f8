package main

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"arbot/ar"
	"arbot/sync/file/cells"
)

func (s *settings) checkLedgers(c *checker) {
	names, companies := map[string]bool{}, map[string]string{}
	for i, l := range s.Ledgers {
		path := fmt.Sprintf("ledgers.%d", i+1)
		checked := ledgerSettings{ledgerConfig: l}
		switch {
		case l.Name == "":
			c.fault(path, "a ledger needs a name: it tells its records from those of other ledgers, so never change it")
		case names[l.Name]:
			c.fault(path+".name", "there are two ledgers called %q", l.Name)
		}
		names[l.Name] = true
		s.checkKind(c, path, &checked)
		if q := l.QuickBooks; q != nil && q.Company != "" {
			if other := companies[q.Company]; other != "" {
				c.fault(path+".quickbooks.company", "the ledger %s has this company already: a company is one ledger", other)
			}
			companies[q.Company] = l.Name
		}
		if l.Every != "" {
			var err error
			if checked.every, err = time.ParseDuration(l.Every); err != nil || checked.every < time.Minute {
				c.fault(path+".every", "%q is not a time of at least a minute, such as 15m or 1h", l.Every)
			}
		}
		s.ledgers = append(s.ledgers, checked)
	}
}

// checkKind looks whether a ledger is of exactly one kind, and at what that needs.
func (s *settings) checkKind(c *checker, path string, l *ledgerSettings) {
	kinds := 0
	for _, is := range []bool{l.Bundle != "", l.Table != "", l.Export != nil, l.QuickBooks != nil} {
		if is {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		c.fault(path, "a ledger has one of bundle: (a folder, see docs/bundle.md), table: (a file, with mapping:), export: (a report, see docs/exports.md) or quickbooks: (a company, see docs/quickbooks.md; {} is enough)")
	case l.Table != "" && l.Mapping == nil:
		c.fault(path, "a table needs mapping: which column is what (see docs/table.md)")
	case l.Mapping != nil && l.Table == "":
		c.fault(path+".mapping", "goes with table: which column of it is what")
	case l.Mapping != nil:
		c.mapping(path+".mapping", *l.Mapping)
	case l.Export != nil:
		s.checkExport(c, path+".export", *l.Export)
	case l.QuickBooks != nil:
		s.checkQuickBooks(c, path+".quickbooks", l)
	}
}

func (s *settings) checkExport(c *checker, path string, e exportConfig) {
	if _, err := cells.ParseOrder(e.Dates); err != nil {
		c.fault(path+".dates", "%v", err)
	}
	if e.MostClosed < 0 || e.MostClosed > 100 {
		c.fault(path+".most_closed", "%d is not a percentage from 1 to 100", e.MostClosed)
	}
	if e.File != "" && e.Folder != "" {
		c.fault(path+".folder", "goes without file: a ledger is read from one file, or from what is put into a folder")
	}
	if e.Decimal != "" && e.Decimal != "." && e.Decimal != "," {
		c.fault(path+".decimal", "%q is not a point or a comma", e.Decimal)
	}
	if e.Currency != "" {
		_, err := ar.ParseCurrency(e.Currency)
		c.note(path+".currency", err)
	}
}

func (s *settings) checkQuickBooks(c *checker, path string, l *ledgerSettings) {
	q := *l.QuickBooks
	l.every = quickbooksEvery
	if q.Company != "" && strings.Trim(q.Company, "0123456789") != "" {
		c.fault(path+".company", "%q is not the id of a company: write the digits that QuickBooks shows as Company ID (Ctrl-Alt-?), in quotes, or leave it out", q.Company)
	}
	if q.TieOut == "" {
		q.TieOut = quickbooksTie
	}
	l.tieOut = c.clock(path+".tie_out", q.TieOut)
	for name, list := range map[string][]string{"bad_debt_items": q.BadDebtItems, "bad_debt_accounts": q.BadDebtAccounts} {
		for i, text := range list {
			if strings.TrimSpace(text) == "" {
				c.fault(fmt.Sprintf("%s.%s.%d", path, name, i+1), "is empty: write the name, the number or the id as QuickBooks has it")
			}
		}
	}
}

// checkPublic looks at the address at which the program can be reached from
// outside: Intuit takes no other than https for a real company.
func (s *settings) checkPublic(c *checker) {
	if s.Public == "" {
		return
	}
	u, err := url.Parse(s.Public)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		c.fault("public_url", "%q is not an address such as https://arbot.example.com", s.Public)
	case u.Scheme == "http" && !local(u.Hostname()):
		c.fault("public_url", "%q is not https: what comes over http can be read and changed on its way", s.Public)
	}
	s.Public = strings.TrimSuffix(s.Public, "/")
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
