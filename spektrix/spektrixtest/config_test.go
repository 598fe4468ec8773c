package spektrixtest

import (
	"testing"

	"github.com/tenderkit/tenderkit/spektrix"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	s := start(t, WithClientName("iframedemo"), WithCredentials(`venue\till`, "c2VjcmV0"), WithCurrency("EUR"))
	want := spektrix.Config{ClientName: "iframedemo", Login: `venue\till`, Secret: "c2VjcmV0", Currency: "EUR", BaseURL: s.URL}
	if got := s.Config(); got != want {
		t.Errorf("%+v", got)
	}
	one, two := start(t, WithClientName(SampleClientName)).Config(), New()
	t.Cleanup(two.Close)
	if other := New(); other.Config().ClientName == two.Config().ClientName || two.Config().ClientName == one.ClientName {
		t.Error("two emulators have one name")
	} else {
		other.Close()
	}
}
