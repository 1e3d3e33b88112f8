package quickbooks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFaultsOfAllShapes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   *Fault
	}{
		"JSON": {
			400, `{"Fault":{"Error":[{"Message":"Object Not Found","Detail":"It is gone","code":"610","element":"Id"}],"type":"ValidationFault"}}`,
			&Fault{Status: 400, Code: "610", Message: "Object Not Found", Detail: "It is gone", Element: "Id", Type: "ValidationFault", TID: "t"},
		},
		"authentication": {
			401, `{"fault":{"error":[{"message":"message=X; errorCode=003200; statusCode=401","detail":null,"code":"003200"}],"type":"AUTHENTICATION"}}`,
			&Fault{Status: 401, Code: "3200", Message: "message=X; errorCode=003200; statusCode=401", Type: "AUTHENTICATION", TID: "t"},
		},
		"code in words only": {
			401, `{"fault":{"error":[{"message":"errorCode=003202"}]}}`,
			&Fault{Status: 401, Code: "3202", Message: "errorCode=003202", TID: "t"},
		},
		"XML": {
			403, xmlThrottle,
			&Fault{Status: 403, Code: "3001", Message: "message=ThrottleExceeded; errorCode=003001; statusCode=429", Detail: "Later.", Type: "SERVICE", TID: "t"},
		},
		"XML, bare": {
			400, `<Fault type="V"><Error code="2050" element="n"><Message>Long</Message></Error><Error code="2080"/></Fault>`,
			&Fault{Status: 400, Code: "2050", Message: "Long", Element: "n", Type: "V", TID: "t"},
		},
		"page":            {502, "\ufeff \n<!DOCTYPE html><html><p>Bad", &Fault{Status: 502, Message: "a page came instead of data", TID: "t"}},
		"nothing":         {500, "", &Fault{Status: 500, TID: "t"}},
		"a fault as 200":  {200, `{"time":"t","Fault":{"Error":[{"code":"4002"}]}}`, &Fault{Status: 200, Code: "4002", TID: "t"}},
		"no errors in it": {400, `{"Fault":{"type":"x"}}`, &Fault{Status: 400, Type: "x", TID: "t"}},
		"data":            {200, `{"Invoice":{"Id":"1"}}`, nil},
		"data that says so": {
			200, `{"Invoice":{"PrivateNote":"\"Fault\"","DocNumber":"Fault"}}`, nil,
		},
		"faults of a batch's items": {200, `{"BatchItemResponse":[{"Fault":{"Error":[{"code":"610"}]}}]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, findFault(tt.status, "t", []byte(tt.body))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFaultIsOneLine(t *testing.T) {
	t.Parallel()
	f := &Fault{Status: 400, Code: "6000", Message: "A\nbusiness\r\nerror", Detail: strings.Repeat("long ", 100), Element: "Line", TID: "1-2"}
	got := f.Error()
	if strings.ContainsAny(got, "\r\n") || len(got) > 400 || !strings.HasPrefix(got, "QuickBooks answered fault 6000: A business error: long") {
		t.Errorf("%s", got)
	}
}

// Recorded answers of QuickBooks, where they are at hand.
func TestRecordedFaults(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "..", "shared", "fixtures", "quickbooks-xml")
	for name, want := range map[string]string{
		"fault.xml": "2050", "generic_error.xml": codeSystem, "query_validation_error.xml": "4001",
		"throttle_exceeded_error.xml": codeThrottled, "too_many_requests_error.xml": codeThrottled, "customer_duplicate_error.xml": "6240",
	} {
		body, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Skip("no recorded answers here")
		}
		if f := findFault(400, "", body); f == nil || f.Code != want {
			t.Errorf("%s: %+v, want code %s", name, f, want)
		}
	}
}

func FuzzFault(f *testing.F) {
	f.Add(400, []byte(xmlThrottle))
	f.Add(200, []byte(`{"Fault":{"Error":[{"code":"610"}]}}`))
	f.Add(401, []byte(`{"fault":{"error":null}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := findFault(status, "t", body)
		if status >= 300 && got == nil {
			t.Fatal("a failure is no fault")
		}
		if got != nil && strings.Contains(got.Error(), "\n") {
			t.Fatalf("%q", got.Error())
		}
	})
}
