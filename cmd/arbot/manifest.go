package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"arbot/bot"
)

// appManifest is the part of Slack's app manifest (version 2) that arbot needs.
type appManifest struct {
	Metadata struct {
		Major int `json:"major_version"`
	} `json:"_metadata"`
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Color       string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		Bot struct {
			Name   string `json:"display_name"`
			Online bool   `json:"always_online"`
		} `json:"bot_user"`
		Commands  []manifestCommand  `json:"slash_commands"`
		Shortcuts []manifestShortcut `json:"shortcuts,omitempty"`
		Domains   []string           `json:"unfurl_domains,omitempty"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `json:"request_url,omitempty"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url,omitempty"`
			Menus   string `json:"message_menu_options_url,omitempty"`
		} `json:"interactivity"`
		Org    bool `json:"org_deploy_enabled"`
		Socket bool `json:"socket_mode_enabled"`
		Rotate bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

type manifestCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

type manifestShortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // "message" or "global"
	CallbackID  string `json:"callback_id"`
	Description string `json:"description"`
}

// manifest prints the app manifest to paste into Slack.
func (p *program) manifest(_ context.Context, args []string) error {
	set := p.flags("manifest")
	path := p.configFlag(set)
	public := set.String("http", "", "the bot's public address (https://...), for http mode")
	noHistory := set.Bool("no-history", false, "do without reading channels: a message whose answer is lost is then not looked up")
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	if *public != "" && !strings.HasPrefix(*public, "https://") {
		return usageError{"Slack calls https addresses only: say --http https://arbot.example.com"}
	}
	if (*public != "") != (s.Slack.Mode == "http") {
		return usageError{"slack.mode in the config and --http must agree: http mode needs --http and the address, socket mode does without"}
	}
	encoder := json.NewEncoder(p.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(newManifest(s, strings.TrimSuffix(*public, "/"), !*noHistory)); err != nil {
		return fmt.Errorf("print the manifest: %w", err)
	}
	return nil
}

// usageHint names the commands, from the table of commands.
func usageHint() string {
	var names []string
	for _, c := range bot.Commands() {
		names = append(names, c.Name)
	}
	return strings.Join(names, " | ")
}

func newManifest(s settings, public string, history bool) appManifest {
	var m appManifest
	m.Metadata.Major = 2
	m.Display.Name = "arbot"
	m.Display.Description = "Accounts receivable and sales, one team: who owes what, since when."
	m.Display.Color = "#1f4e5f"
	m.Features.Home.Messages = true
	m.Features.Home.Home = bot.HasHome()
	m.Features.Bot.Name = "arbot"
	m.Features.Bot.Online = true
	needs := bot.Needs{Reading: history, Domains: s.ledgerDomains()}
	m.OAuth.Scopes.Bot = needs.Scopes()
	m.Settings.Events.Bot = needs.Events()
	m.Features.Domains = needs.UnfurlDomains()
	m.Features.Shortcuts = shortcuts()
	m.Settings.Interactivity.Enabled = true
	m.Settings.Socket = public == ""
	command := manifestCommand{
		Command: s.Slack.Command, Description: "Ask what customers owe", Hint: usageHint(), Escape: true,
	}
	if public != "" {
		command.URL = public + "/slack/commands"
		m.Settings.Events.URL = public + "/slack/events"
		m.Settings.Interactivity.URL = public + "/slack/interactivity"
		m.Settings.Interactivity.Menus = m.Settings.Interactivity.URL
	}
	m.Features.Commands = []manifestCommand{command}
	return m
}

// shortcuts are the entries of Slack's menus, from the table of commands.
func shortcuts() []manifestShortcut {
	var list []manifestShortcut
	for _, e := range bot.Shortcuts() {
		kind := "global"
		if e.OfMessage {
			kind = "message"
		}
		list = append(list, manifestShortcut{Name: e.Name, Type: kind, CallbackID: e.Form, Description: e.Description})
	}
	return list
}

// ledgerDomains are those whose links show what is behind them.
func (s *settings) ledgerDomains() []string {
	var domains []string
	for _, l := range s.ledgers {
		if l.QuickBooks != nil {
			domains = append(domains, "qbo.intuit.com")
			break
		}
	}
	return domains
}
