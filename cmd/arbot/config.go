package main

import (
	"math/big"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/sync/file"
	"arbot/sync/file/export"
	"arbot/sync/quickbooks"
)

// config is arbot.yaml. Secrets are not in it: they come from the environment.
type config struct {
	Company     companyConfig     `yaml:"company"`
	Database    string            `yaml:"database"`
	Public      string            `yaml:"public_url"`
	Slack       slackConfig       `yaml:"slack"`
	Roles       rolesConfig       `yaml:"roles"`
	RepsSee     string            `yaml:"reps_see"`
	People      []personConfig    `yaml:"people"`
	Owners      []ownerConfig     `yaml:"owners"`
	Ledgers     []ledgerConfig    `yaml:"ledgers"`
	Digests     []digestConfig    `yaml:"digests"`
	Promises    promisesConfig    `yaml:"promises"`
	Disputes    disputesConfig    `yaml:"disputes"`
	Escalations escalationsConfig `yaml:"escalations"`
	Ladder      ladderConfig      `yaml:"ladder"`
	Worklist    worklistConfig    `yaml:"worklist"`
	// LossRates are what percent of each aging bucket is taken to be lost.
	LossRates []string     `yaml:"loss_rates"`
	Limits    limitsConfig `yaml:"limits"`
}

type companyConfig struct {
	Name     string   `yaml:"name"`
	Zone     string   `yaml:"zone"`
	Currency string   `yaml:"currency"`
	Locale   string   `yaml:"locale"`
	WorkWeek []string `yaml:"work_week"`
	// Calendar names the holidays of a country, Works those among them on which
	// the company works all the same; Holidays are dates of its own.
	Calendar string      `yaml:"calendar"`
	Works    []string    `yaml:"works_on"`
	Holidays []string    `yaml:"holidays"`
	Quiet    quietConfig `yaml:"quiet"`
}

// quietConfig are two times of the day.
type quietConfig struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

type slackConfig struct {
	Command       string   `yaml:"command"`
	Mode          string   `yaml:"mode"`
	Listen        string   `yaml:"listen"`
	ShareChannels []string `yaml:"share_channels"`
	AllowShared   []string `yaml:"allow_shared_channels"`
	Fallback      string   `yaml:"fallback_channel"`
	Tables        *bool    `yaml:"tables"`
}

type rolesConfig struct {
	Reps     []string `yaml:"reps"`
	AR       []string `yaml:"ar"`
	Managers []string `yaml:"managers"`
	Admins   []string `yaml:"admins"`
}

type personConfig struct {
	Email string   `yaml:"email"`
	Name  string   `yaml:"name"`
	Names []string `yaml:"also"`
	// At is when the person's own digest comes, by the clock of Zone; "" and ""
	// are the digest's time and the company's zone.
	At   string `yaml:"at"`
	Zone string `yaml:"zone"`
	// Deputy reads the digest while the person is away.
	Deputy string       `yaml:"deputy"`
	Away   []awayConfig `yaml:"away"`
}

// awayConfig is an absence: both days are part of it.
type awayConfig struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// ownerConfig is one owner rule: exactly one of the matches is set.
type ownerConfig struct {
	Customer string `yaml:"customer"`
	Parent   string `yaml:"parent"`
	Class    string `yaml:"class"`
	Region   string `yaml:"region"`
	Field    string `yaml:"field"`
	Value    string `yaml:"value"`
	Default  bool   `yaml:"default"`
	Owner    string `yaml:"owner"`
}

// ledgerConfig is one source: a bundle directory, a table with its mapping, an export of
// an accounting program, or a company of QuickBooks Online.
type ledgerConfig struct {
	Name       string            `yaml:"name"`
	Bundle     string            `yaml:"bundle"`
	Table      string            `yaml:"table"`
	Mapping    *file.Mapping     `yaml:"mapping"`
	Export     *exportConfig     `yaml:"export"`
	QuickBooks *quickbooksConfig `yaml:"quickbooks"`
	Every      string            `yaml:"every"`
}

// exportConfig says how the exports of an accounting program are read.
type exportConfig struct {
	// File is where the newest one is; "" where each is named to `arbot import`.
	File string `yaml:"file"`
	// Folder is watched: what is put there is read once, and moved away.
	Folder string `yaml:"folder"`
	// Currency is that of amounts that name none; "" is the company's.
	Currency string `yaml:"currency"`
	// Dates and Decimal settle what nothing in a file proves.
	Dates   string `yaml:"dates"`
	Decimal string `yaml:"decimal"`
	// MostClosed is the largest part of what is open that one file may close, in percent;
	// 0 is the usual one.
	MostClosed int `yaml:"most_closed"`
}

// quickbooksConfig says how a company of QuickBooks Online is read. Which company
// it is says the connection: see `arbot connect`.
type quickbooksConfig struct {
	// Company, where set, is the only realm that may be connected.
	Company string `yaml:"company"`
	// Sandbox: the keys are those for development, the company is a made-up one.
	Sandbox bool `yaml:"sandbox"`
	// SalesRep is the custom field that names the sales owner.
	SalesRep        string   `yaml:"sales_rep"`
	BadDebtItems    []string `yaml:"bad_debt_items"`
	BadDebtAccounts []string `yaml:"bad_debt_accounts"`
	// Expenses reads all checks and expenses for those on A/R.
	Expenses bool `yaml:"expenses"`
	// TieOut is when, by the company's clock, the books are held against the
	// ledger's own aging report each night.
	TieOut string `yaml:"tie_out"`
	// Remind allows the button that has QuickBooks mail an invoice, WriteNotes a
	// line in an invoice's private note.
	Remind     bool `yaml:"remind"`
	WriteNotes bool `yaml:"write_notes"`
}

type digestConfig struct {
	Name    string `yaml:"name"`
	Kind    string `yaml:"kind"`
	Channel string `yaml:"channel"`
	// To are the e-mail addresses of those who get a weekly digest as a direct message.
	To    []string `yaml:"to"`
	At    string   `yaml:"at"`
	Days  []string `yaml:"days"`
	Show  []string `yaml:"show"`
	Empty bool     `yaml:"post_when_empty"`
}

type limitsConfig struct {
	Stale   string `yaml:"stale_after"`
	Wait    string `yaml:"wait_for_import"`
	CatchUp string `yaml:"catch_up"`
}

// settings are a config that was checked: every text is read.
type settings struct {
	config

	zone    *time.Location
	locale  ar.Locale
	home    ar.Currency
	repsSee ar.RepsSee
	week    []time.Weekday
	calendar
	quiet   ar.Quiet
	people  []personSettings
	rules   ar.OwnerRules
	digests []digestSettings
	ledgers []ledgerSettings
	stale   time.Duration
	wait    time.Duration
	catchUp time.Duration

	disputeRoutes ar.DisputeRoutes
	disputesAt    ar.Clock
	lossRates     []*big.Rat // from 0 to 1
	worklistAt    ar.Clock
	escalations   desk.EscalationSettings
	ladder        desk.LadderSettings
	ladderAt      ar.Clock
}

type personSettings struct {
	personConfig

	own  bool // has a time of the own
	at   ar.Clock
	zone *time.Location
	away []desk.Absence
}

type digestSettings struct {
	name, channel string
	kind          ar.PostKind
	at            ar.Clock
	days          []time.Weekday
	show          []desk.Column
	empty         bool
	to            []string
}

// weekly are the days on which a weekly digest is due; none of another, which is due each
// day that it comes.
func (g digestSettings) weekly() []time.Weekday {
	if g.kind != ar.WeeklyDigest {
		return nil
	}
	return g.days
}

type ledgerSettings struct {
	ledgerConfig

	every  time.Duration
	tieOut ar.Clock // of a QuickBooks company
}

// kind is the kind of ledger, as its sources have it.
func (l ledgerConfig) kind() string {
	switch {
	case l.QuickBooks != nil:
		return quickbooks.Kind
	case l.Bundle != "":
		return file.BundleKind
	case l.Export != nil:
		return export.Kind
	}
	return file.TableKind
}

const (
	// quickbooksEvery is how often the changes of a QuickBooks company are read:
	// under 9,000 calls a month, of the 500,000 that Intuit gives for nothing.
	quickbooksEvery = 5 * time.Minute
	quickbooksTie   = "04:00"
)

// defaults are what a company gets that says nothing: it needs its zone, two
// channels and a ledger.
func defaults() config {
	return config{
		Company:     companyConfig{Name: "our company", Currency: "USD", Locale: "en-US", WorkWeek: []string{"mon", "tue", "wed", "thu", "fri"}},
		Database:    "arbot.db",
		Slack:       slackConfig{Command: "/ar", Mode: "socket", Listen: "127.0.0.1:8080"},
		RepsSee:     string(ar.RepsSeeOwn),
		Promises:    promisesConfig{Grace: graceDays},
		Disputes:    disputesConfig{At: remindAt},
		Escalations: defaultEscalations(),
		Ladder:      ladderConfig{At: ladderAt, Pause: ladderPause},
		Worklist:    worklistConfig{At: reviewAt, Snooze: ar.SnoozeDays, Messages: messagesADay},
		Limits:      limitsConfig{Stale: "26h", Wait: "2h", CatchUp: "6h"},
	}
}
