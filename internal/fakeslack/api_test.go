package fakeslack_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"arbot/internal/fakeslack"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	f := start(t)
	auth, err := f.api.AuthTestContext(within(t))
	if err != nil || auth.UserID != f.BotUser() || auth.TeamID != "T0ACME" || auth.BotID != "B0ARBOT" {
		t.Errorf("got %+v, %v", auth, err)
	}
	for token, want := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", f.AppToken(): "not_allowed_token_type"} {
		_, err := slack.New(token, slack.OptionAPIURL(f.URL())).AuthTestContext(within(t))
		wantError(t, err, want)
	}
	_, _, err = slack.New("", slack.OptionAPIURL(f.URL()), slack.OptionAppLevelToken(f.BotToken())).StartSocketModeContext(within(t))
	wantError(t, err, "not_allowed_token_type")
	f.RevokeTokens()
	_, err = f.api.AuthTestContext(within(t))
	wantError(t, err, "token_revoked")
}

func TestMissingScope(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.SetScopes("channels:read", "users:read")
	_, _, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false))
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "missing_scope" || refused.Needed != "chat:write" || refused.Provided != "channels:read,users:read" {
		t.Errorf("got %#v", err)
	}
	_, err = f.api.GetConversationHistoryContext(within(t), &slack.GetConversationHistoryParameters{ChannelID: arChannel})
	wantError(t, err, "missing_scope")
	if _, err := f.api.GetConversationInfoContext(within(t), &slack.GetConversationInfoInput{ChannelID: arChannel}); err != nil {
		t.Errorf("channels:read is enough for a public channel: %v", err)
	}
	u, err := f.api.GetUserInfoContext(within(t), ana)
	if err != nil || u.Profile.Email != "" {
		t.Errorf("without users:read.email there is no address: %+v, %v", u, err)
	}
	if err := f.Join(secret, f.BotUser()); err != nil {
		t.Fatal(err)
	}
	_, err = f.api.GetConversationInfoContext(within(t), &slack.GetConversationInfoInput{ChannelID: secret})
	wantError(t, err, "missing_scope")
}

func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	f := start(t)
	_, _, err := f.api.ListPinsContext(within(t), arChannel)
	if err == nil || !strings.Contains(err.Error(), "unknown_method") {
		t.Errorf("got %v", err)
	}
}

func TestChannelsAsTheyAreNow(t *testing.T) {
	t.Parallel()
	f := start(t)
	info := func(id string) *slack.Channel {
		ch, err := f.api.GetConversationInfoContext(within(t), &slack.GetConversationInfoInput{ChannelID: id, IncludeNumMembers: true})
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	if ch := info(arChannel); !ch.IsMember || ch.IsPrivate || ch.IsExtShared || ch.NumMembers != 3 || ch.Name != "ar" {
		t.Errorf("before: %+v", ch)
	}
	for _, err := range []error{
		f.Rename(arChannel, "ar-old"), f.ShareExternally(arChannel, "T0OTHER"), f.Leave(arChannel, f.BotUser()), f.Archive(arChannel),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ch := info(arChannel)
	if ch.IsMember || !ch.IsExtShared || !ch.IsArchived || ch.Name != "ar-old" || ch.PreviousNames[0] != "ar" || ch.SharedTeamIDs[1] != "T0OTHER" {
		t.Errorf("after: %+v", ch)
	}
	_, err := f.api.GetConversationInfoContext(within(t), &slack.GetConversationInfoInput{ChannelID: secret})
	wantError(t, err, "channel_not_found")
}

func TestListingInPages(t *testing.T) {
	t.Parallel()
	f := start(t)
	var names []string
	params := &slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}, Limit: 2, ExcludeArchived: true}
	for {
		list, next, err := f.api.GetConversationsContext(within(t), params)
		if err != nil {
			t.Fatal(err)
		}
		for _, ch := range list {
			names = append(names, ch.Name)
		}
		if params.Cursor = next; next == "" {
			break
		}
	}
	if got := strings.Join(names, " "); got != "ar sales random" {
		t.Errorf("got %s", got)
	}
	members, _, err := f.api.GetUsersInConversationContext(within(t), &slack.GetUsersInConversationParameters{ChannelID: salesChannel})
	if err != nil || strings.Join(members, " ") != "U0ANA U0ARBOT" {
		t.Errorf("members %v, %v", members, err)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	f := start(t)
	ch, _, _, err := f.api.OpenConversationContext(within(t), &slack.OpenConversationParameters{Users: []string{ana}})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{ch.ID, ana} {
		if _, _, err := f.api.PostMessageContext(within(t), target, slack.MsgOptionText("to you", false)); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.DMs(ana); len(got) != 2 || got[0].Channel != got[1].Channel {
		t.Errorf("got %+v", got)
	}
	for user, want := range map[string]string{"U0NONE": "user_not_found", "U0GONE": "user_disabled"} {
		_, _, _, err := f.api.OpenConversationContext(within(t), &slack.OpenConversationParameters{Users: []string{user}})
		wantError(t, err, want)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	f := start(t)
	u, err := f.api.GetUserByEmailContext(within(t), "ANA@acme.example")
	if err != nil || u.ID != ana || u.TZ != "America/New_York" || u.TeamID != "T0ACME" {
		t.Errorf("got %+v, %v", u, err)
	}
	_, err = f.api.GetUserByEmailContext(within(t), "gone@acme.example")
	wantError(t, err, "users_not_found")
	_, err = f.api.GetUserInfoContext(within(t), "U0NONE")
	wantError(t, err, "user_not_found")
	guest, err := f.api.GetUserInfoContext(within(t), "U0GUEST")
	if err != nil || !guest.IsRestricted {
		t.Errorf("guest %+v, %v", guest, err)
	}
	if err := f.Deactivate(ben); err != nil {
		t.Fatal(err)
	}
	gone, err := f.api.GetUserInfoContext(within(t), ben)
	if err != nil || !gone.Deleted {
		t.Errorf("deactivated %+v, %v", gone, err)
	}
	all, err := f.api.GetUsersContext(within(t))
	if err != nil || len(all) != 5 {
		t.Errorf("%d users, %v", len(all), err)
	}
	groups, err := f.api.GetUserGroupsContext(within(t), slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || groups[0].Handle != "ar-team" || groups[0].Users[0] != ana {
		t.Errorf("groups %+v, %v", groups, err)
	}
	f.PutUserGroup(fakeslack.UserGroup{ID: "S0AR", Handle: "ar-team", Members: []string{ben}})
	members, err := f.api.GetUserGroupMembersContext(within(t), "S0AR")
	if err != nil || len(members) != 1 || members[0] != ben {
		t.Errorf("members %v, %v", members, err)
	}
	_, err = f.api.GetUserGroupMembersContext(within(t), "S0OFF")
	wantError(t, err, "no_such_subteam")
}

func TestUpload(t *testing.T) {
	t.Parallel()
	f := start(t)
	const content = "customer,open\nAcme,100.00\n"
	_, err := f.api.UploadFileContext(within(t), slack.UploadFileParameters{
		Filename: "aging.csv", Title: "Aging", FileSize: len(content), Reader: strings.NewReader(content), Channel: arChannel, InitialComment: "As asked",
	})
	if err != nil {
		t.Fatal(err)
	}
	files, posted := f.Files(), f.Messages(arChannel)
	if len(files) != 1 || string(files[0].Content) != content || files[0].Title != "Aging" || len(posted) != 1 || posted[0].Files[0] != files[0].ID {
		t.Errorf("files %+v, posted %+v", files, posted)
	}
}

func TestOptionsWithoutClock(t *testing.T) {
	t.Parallel()
	if _, err := fakeslack.New(fakeslack.Options{}); err == nil {
		t.Error("a workspace without a clock was started")
	}
}
