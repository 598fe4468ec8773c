package spektrix_test

import (
	"errors"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestCustomPaymentTypes(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	types, err := types(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodGet, "custom-payment-types", "", "z/XgD4Ht+XhSJXBJhEKTxcw0Cr8=")
	want := []spektrix.CustomPaymentType{
		{Name: "EPOS System", ID: epos, AttributeDefinitions: []spektrix.AttributeDefinition{
			{Name: "Reference", Type: spektrix.TextField}, {Name: "Receipt Number", Type: spektrix.TextField}}},
		{Name: "Quick Donation", ID: spektrixtest.TypeQuickDonation, AttributeDefinitions: []spektrix.AttributeDefinition{
			{Name: "Reference number", Type: spektrix.TextField}}},
	}
	if !reflect.DeepEqual(types, want) {
		t.Errorf("types = %v", types)
	}
}

func TestAttributeTypeIsOpen(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", `[{"ID":"a","attributeDefinitions":[{"name":"n","type":"Date"}],"new":1},{"id":7,"name":8}]`)
	types, err := types(t.Context(), client)
	if err != nil || types[0].ID != "a" || string(types[0].Members["new"]) != "1" || types[1].ID != "7" || types[1].Name != "8" {
		t.Fatalf("%v, %v", types, err)
	}
	if word := types[0].AttributeDefinitions[0].Type; word != "Date" || word.Known() || !spektrix.TextField.Known() {
		t.Errorf("type %q", word)
	}
}

func TestTypesOfTheWrongForm(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", `[{"id":"a"},{"id":{}}]`)
	_, err := types(t.Context(), client)
	if !errors.Is(err, payment.ErrProtocol) {
		t.Fatal(err)
	}
	if want := "$[1].id at byte 0"; !contains(err, want) {
		t.Errorf("err = %v, want %s", err, want)
	}
}

// A type that cannot be read costs its own payments and no others, and what
// nobody needs of a type costs nothing.
func TestOddPaymentTypes(t *testing.T) {
	t.Parallel()
	const good = `{"name":"EPOS System","id":"` + epos + `","attributeDefinitions":[{"name":"Reference"}]}`
	for odd, reads := range map[string]bool{
		"null": false, `"EPOS"`: false, "[]": false, "{}": false, `{"name":"x"}`: false, `{"id":null}`: false, `{"id":"0"}`: false,
		`{"id":"2A","isRefund":"yes"}`: false, `{"id":"2A","attributeDefinitions":{}}`: false,
		`{"id":"2A"}`: true, `{"id":2,"name":{},"isRefund":null}`: true, `{"id":"2A","attributeDefinitions":[null,"Reference",{"name":"a","isRequired":"no","type":{}}]}`: true,
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", "["+odd+","+good+"]")
		for _, check := range []func() error{
			func() error { _, err := byReference(client).Prepare(t.Context(), sale(t, "10.40")); return err },
			func() error { return client.CheckPaymentType(t.Context(), epos, "Reference") },
		} {
			if err := check(); err != nil {
				t.Errorf("beside %s: %v", odd, err)
			}
		}
		list, err := types(t.Context(), client)
		if reads != (err == nil) || !reads && !errors.Is(err, payment.ErrProtocol) || !reads && (len(list) != 1 || list[0].ID != epos) {
			t.Errorf("%s: %v, %v", odd, list, err)
		}
		p := sale(t, "10.40")
		if p.Method = "2A"; !reads {
			if _, err = byReference(client).Prepare(t.Context(), p); !errors.Is(err, payment.ErrProtocol) {
				t.Errorf("%s: %v", odd, err)
			}
		}
	}
}

// What can be read of a definition is: its name, if it is all there is.
func TestOddAttributeDefinitions(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", `[{"id":"`+epos+`","attributeDefinitions":["Reference",{"name":"Till","isRequired":0,"type":null}]}]`)
	if err := client.CheckPaymentType(t.Context(), epos, "Reference", "Till"); err != nil {
		t.Error(err)
	}
}

// till settles a basket of one ticket over 10.40 through the mock.
func till(m *mock) {
	m.json(http.MethodGet, "baskets/"+basketID, `{"id":"20AEBCDF","total":10.4,"tickets":[{"id":"1"}]}`)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"name":"EPOS System","amount":10.4}`)
}

func TestTypesAreReadAtMostEveryFiveMinutes(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now := vectorTime
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	client, m := newMock(t, tenderkit.WithClock(func() time.Time { mu.Lock(); defer mu.Unlock(); return now }))
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	till(m)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	for _, step := range []struct {
		wait  time.Duration
		reads int
	}{{0, 1}, {time.Second, 1}, {5*time.Minute - 2*time.Second, 1}, {2 * time.Second, 2}, {-time.Hour, 3}} {
		pass(step.wait)
		if _, err := recorder.Record(t.Context(), sale(t, "10.40"), attempt()); err != nil {
			t.Fatal(err)
		}
		if n := m.count(http.MethodGet, "custom-payment-types"); n != step.reads {
			t.Errorf("after %v: %d reads, want %d", step.wait, n, step.reads)
		}
	}
}

func TestAMissingTypeIsLookedForAgain(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", "[]")
	if _, err := types(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	_, err := recorder.Prepare(t.Context(), sale(t, "10.40"))
	wantField(t, err, "CustomPayment.PaymentTypeID")
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	if _, err := recorder.Prepare(t.Context(), sale(t, "10.40")); err != nil {
		t.Error(err)
	}
}

func TestTypesFromManyGoroutines(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	till(m)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := recorder.Record(t.Context(), sale(t, "10.40"), attempt()); err != nil {
				t.Error(err)
			}
			if _, err := types(t.Context(), client); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := m.count(http.MethodPost, "baskets/"+basketID+"/custom-payments"); n != 8 {
		t.Errorf("%d payments", n)
	}
}

// A type that the venue has closed meanwhile is refused by the vendor; one that
// was renamed is read again before its echo is judged.
func TestTypesThatAreOutOfDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		changed spektrixtest.PaymentType
		want    error
	}{
		"closed":  {spektrixtest.PaymentType{ID: epos, Name: "EPOS System", Inactive: true}, payment.ErrInvalid},
		"renamed": {spektrixtest.PaymentType{ID: epos, Name: "Till"}, nil},
	} {
		client, server := emulator(t)
		if _, err := types(t.Context(), client); err != nil {
			t.Fatal(err)
		}
		server.AddPaymentType(c.changed)
		p := sale(t, "37")
		p.Target = fill(t, client)
		_, err := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos}).Record(t.Context(), p, attempt())
		var e *payment.Error
		if !errors.Is(err, c.want) || err != nil && (!errors.As(err, &e) || e.Status != http.StatusBadRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
