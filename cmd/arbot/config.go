package main

import (
	"time"

	"arbot/ar"
	"arbot/sync/file"
)

// config is arbot.yaml. Secrets are not in it: they come from the environment.
type config struct {
	Company  companyConfig  `yaml:"company"`
	Database string         `yaml:"database"`
	Slack    slackConfig    `yaml:"slack"`
	Roles    rolesConfig    `yaml:"roles"`
	RepsSee  string         `yaml:"reps_see"`
	People   []personConfig `yaml:"people"`
	Owners   []ownerConfig  `yaml:"owners"`
	Ledgers  []ledgerConfig `yaml:"ledgers"`
	Digests  []digestConfig `yaml:"digests"`
	Limits   limitsConfig   `yaml:"limits"`
}

type companyConfig struct {
	Name     string   `yaml:"name"`
	Zone     string   `yaml:"zone"`
	Currency string   `yaml:"currency"`
	Locale   string   `yaml:"locale"`
	WorkWeek []string `yaml:"work_week"`
	Holidays []string `yaml:"holidays"`
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

// ledgerConfig is one source: a bundle directory, or a table with its mapping.
type ledgerConfig struct {
	Name    string        `yaml:"name"`
	Bundle  string        `yaml:"bundle"`
	Table   string        `yaml:"table"`
	Mapping *file.Mapping `yaml:"mapping"`
	Every   string        `yaml:"every"`
}

type digestConfig struct {
	Name    string   `yaml:"name"`
	Kind    string   `yaml:"kind"`
	Channel string   `yaml:"channel"`
	At      string   `yaml:"at"`
	Days    []string `yaml:"days"`
	Empty   bool     `yaml:"post_when_empty"`
}

type limitsConfig struct {
	Stale   string `yaml:"stale_after"`
	Wait    string `yaml:"wait_for_import"`
	CatchUp string `yaml:"catch_up"`
}

// settings are a config that was checked: every text is read.
type settings struct {
	config

	zone     *time.Location
	locale   ar.Locale
	home     ar.Currency
	repsSee  ar.RepsSee
	week     []time.Weekday
	holidays []ar.Date
	rules    ar.OwnerRules
	digests  []digestSettings
	ledgers  []ledgerSettings
	stale    time.Duration
	wait     time.Duration
	catchUp  time.Duration
}

type digestSettings struct {
	name, channel string
	kind          ar.PostKind
	hour, minute  int
	days          []time.Weekday
	empty         bool
}

type ledgerSettings struct {
	ledgerConfig

	every time.Duration
}

// defaults are what a company gets that says nothing: it needs its zone, two
// channels and a ledger.
func defaults() config {
	return config{
		Company:  companyConfig{Name: "our company", Currency: "USD", Locale: "en-US", WorkWeek: []string{"mon", "tue", "wed", "thu", "fri"}},
		Database: "arbot.db",
		Slack:    slackConfig{Command: "/ar", Mode: "socket", Listen: "127.0.0.1:8080"},
		RepsSee:  string(ar.RepsSeeOwn),
		Limits:   limitsConfig{Stale: "26h", Wait: "2h", CatchUp: "6h"},
	}
}
