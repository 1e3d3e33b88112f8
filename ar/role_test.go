package ar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	own := ar.Scope{Owners: []string{"ann@x.test", "ann lee"}, Unowned: true}
	tests := []struct {
		name    string
		roles   []ar.Role
		outside bool
		policy  ar.RepsSee
		want    *ar.Scope // nil where it is forbidden
	}{
		{"a rep: own accounts and nobody's", []ar.Role{ar.Rep}, false, ar.RepsSeeOwn, &own},
		{"a rep where all see all", []ar.Role{ar.Rep}, false, ar.RepsSeeAll, &ar.Scope{All: true}},
		{"a rep where nothing is said", []ar.Role{ar.Rep}, false, "", &own},
		{"AR", []ar.Role{ar.ARClerk}, false, ar.RepsSeeOwn, &ar.Scope{All: true}},
		{"a manager", []ar.Role{ar.Manager}, false, ar.RepsSeeOwn, &ar.Scope{All: true}},
		{"an admin", []ar.Role{ar.Admin}, false, ar.RepsSeeOwn, &ar.Scope{All: true}},
		{"a rep who is a manager, too", []ar.Role{ar.Rep, ar.Manager}, false, ar.RepsSeeOwn, &ar.Scope{All: true}},
		{"no role", nil, false, ar.RepsSeeAll, nil},
		{"an unknown role", []ar.Role{"guest"}, false, ar.RepsSeeAll, nil},
		{"an admin of another company", []ar.Role{ar.Admin}, true, ar.RepsSeeAll, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			actor := ar.Actor{User: "U1", Email: "Ann@X.test", Names: []string{" Ann Lee ", ""}, Roles: tt.roles, Outside: tt.outside}
			got, err := actor.Sees(tt.policy)
			if tt.want == nil {
				if ar.KindOf(err) != ar.Forbidden || !cmp.Equal(got, ar.Scope{}) {
					t.Errorf("got %+v, %v; want a refusal", got, err)
				}
				return
			}
			if diff := cmp.Diff(*tt.want, got); err != nil || diff != "" {
				t.Errorf("%v, scope (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestScopeCovers(t *testing.T) {
	t.Parallel()
	ann := ar.OwnedBy("Ann@X.test ", "")
	annAndNobody := ann
	annAndNobody.Unowned = true
	for _, tt := range []struct {
		name               string
		scope              ar.Scope
		ann, other, nobody bool
	}{
		{"everything", ar.Everything(), true, true, true},
		{"Ann's", ann, true, false, false},
		{"Ann's and nobody's", annAndNobody, true, false, true},
		{"nothing", ar.Scope{}, false, false, false},
		{"of a person without a name", ar.Actor{}.Own(), false, false, false},
	} {
		if tt.scope.Covers("ann@x.test") != tt.ann || tt.scope.Covers("bob@x.test") != tt.other || tt.scope.Covers("") != tt.nobody {
			t.Errorf("%s: covers Ann %v, Bob %v, nobody %v", tt.name,
				tt.scope.Covers("ann@x.test"), tt.scope.Covers("bob@x.test"), tt.scope.Covers(""))
		}
	}
}
