package backendpay

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// documents are the names of the vendor's pages, by the declaration that holds
// them. Error bodies are not documented: their names are those that are tried.
// Paths are in TestDocumentedRoutes. No page tells a limit.
var documents = []struct {
	document, declaration, names string
	check                        func(t *testing.T, name string)
}{
	{"payments", "Payment.member", "id ourReference customerReference paymentDate paymentReversedDate status paymentAmount paymentMethod invoiceID invoiceIDReversed", isRead[Payment]},
	{"payments", "paymentBody", writable, isSent},
	{"payments", "PaymentUpdate", writable, isTakenFromJSON},
	{"payments", "PaymentFilter.query", "reversed includeReversed minDate maxDate minReversedDate maxReversedDate createdSince updatedSince " +
		"reversedSince reinstatedSince collectedSince cancelledSince", isAsked[PaymentFilter]},
	{"payments", "pager.ask", "limit offset idAfter", isPaged},
	{"parts", "PaymentPart.member", "id paymentPartAmount", isRead[PaymentPart]},
	{"parts", "PaymentPart", "id paymentPartAmount", isMarshaled[PaymentPart]},
	{"parts", "Client.AllPaymentParts", "createdSince updatedSince", isAskedOfParts},
	{"types", "PaymentType.member", "id " + typeNames, isRead[PaymentType]},
	{"types", "PaymentType", "id " + typeNames, isMarshaled[PaymentType]},
	{"types", "PaymentTypeFields", typeNames, isSentOfType},
	{"types", "Headline", "Headline", isAvailability},
	{"types", "Standard", "Standard", isAvailability},
	{"types", "Historic", "Historic", isAvailability},
	{"customers", "Customer.member", "id", isRead[Customer]},
	{"customers", "CustomerFilter.query", "accountNumber CRMReference active dropped finalBill excludeFinalBill createdSince updatedSince droppedSince reinstatedSince", isAsked[CustomerFilter]},
	{"errors", "readFault", "code message error errors", isTold},
	{"errors", "checkWritten", "error errors", isNoSuccess},
	{"keys", "bearer.RoundTrip", "Authorization", isSigned},
}

const (
	writable  = "ourReference customerReference paymentDate paymentAmount paymentMethod invoiceID"
	typeNames = "paymentTypeName paymentTypeDisplayName paymentTypeShortName paymentTypeDisplayClass paymentTypeDisplayPosition availability " +
		"paymentTypeUseFor paymentTypeUseForPaymentCardProviders paymentTypeCode displayOnInvoice"
)

// Each documented name is read or sent where it should be, and nowhere else.
func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	for _, d := range documents {
		for _, name := range strings.Fields(d.names) {
			t.Run(d.document+"/"+d.declaration+"/"+name, func(t *testing.T) {
				t.Parallel()
				d.check(t, name)
			})
		}
	}
}

// goName returns the field of a name.
func goName(name string) string {
	if name == "id" {
		return "ID"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// samples are values by the Go type of a field: how it comes, and how it is set.
var samples = map[reflect.Type]struct {
	text string
	set  any
}{
	reflect.TypeFor[string]():                {`"4711"`, "4711"},
	reflect.TypeFor[payment.Date]():          {`"2024-11-25"`, payment.Date{Year: 2024, Month: 11, Day: 25}},
	reflect.TypeFor[[]Status]():              {`["Valid"]`, []Status{"Valid"}},
	reflect.TypeFor[payment.Amount]():        {`10.40`, amountOf("10.40")},
	reflect.TypeFor[json.Number]():           {`7`, json.Number("7")},
	reflect.TypeFor[Availability]():          {`"Standard"`, Standard},
	reflect.TypeFor[[]string]():              {`["Payments"]`, []string{"Payments"}},
	reflect.TypeFor[bool]():                  {`true`, true},
	reflect.TypeFor[time.Time]():             {`2024-11-25T08:30:00Z`, time.Date(2024, 11, 25, 8, 30, 0, 0, time.UTC)},
	reflect.TypeFor[Field[string]]():         {`"4711"`, Value("4711")},
	reflect.TypeFor[Field[int]]():            {`7`, Value(7)},
	reflect.TypeFor[Field[[]string]]():       {`["Payments"]`, Value([]string{"Payments"})},
	reflect.TypeFor[Field[Availability]]():   {`"Standard"`, Value(Standard)},
	reflect.TypeFor[Field[payment.Date]]():   {`"2024-11-25"`, Value(payment.Date{Year: 2024, Month: 11, Day: 25})},
	reflect.TypeFor[Field[payment.Amount]](): {`10.40`, Value(amountOf("10.40"))},
}

func amountOf(s string) payment.Amount {
	a, _ := payment.ParseAmount(s)
	return a
}

// with returns a T in which only the field of a name is set, and how that field
// is written.
func with[T any](t *testing.T, name string) (v T, text string) {
	t.Helper()
	field := reflect.ValueOf(&v).Elem().FieldByName(goName(name))
	if !field.IsValid() || samples[field.Type()].set == nil {
		t.Fatalf("%T has no field %s", v, goName(name))
	}
	field.Set(reflect.ValueOf(samples[field.Type()].set))
	return v, samples[field.Type()].text
}

// isRead: the name sets the field of that name and no other, and no other
// spelling does.
func isRead[T any, R record[T]](t *testing.T, name string) {
	want, value := with[T](t, name)
	for _, key := range []string{name, name + "x", goName(name)} {
		text := `{"` + key + `":` + value + `}`
		r := &reader{Walker: wire.Walk(jsontext.Value(text)), text: jsontext.Value(text)}
		var got, none T
		err := r.open('{', "is not an object")
		if err == nil {
			err = readMember(r, R(&got))
		}
		if err != nil || !reflect.DeepEqual(got, want) == (key == name) || key != name && !reflect.DeepEqual(got, none) {
			t.Errorf("%s read as %+v, error %v", text, got, err)
		}
	}
}

// isSent: a create and an update send the field under its name, and Extra
// cannot hold it too.
func isSent(t *testing.T, name string) {
	u, value := with[PaymentUpdate](t, name)
	if body, err := u.Body(); err != nil || string(body) != `{"`+name+`":`+value+`}` {
		t.Errorf("sent %s, error %v", body, err)
	}
	extra := PaymentUpdate{Extra: map[string]json.RawMessage{name: []byte(`1`)}}
	wantField(t, extra.Validate(), "PaymentUpdate.Extra")
}

func isTakenFromJSON(t *testing.T, name string) {
	want, value := with[PaymentUpdate](t, name)
	var got PaymentUpdate
	if err := json.Unmarshal([]byte(`{"`+name+`":`+value+`}`), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, error %v", got, err)
	}
}

func isSentOfType(t *testing.T, name string) {
	f, value := with[PaymentTypeFields](t, name)
	if body, err := wire.Marshal(f.body()); err != nil || string(body) != `{"`+name+`":`+value+`}` {
		t.Errorf("sent %s, error %v", body, err)
	}
	extra := PaymentTypeFields{Extra: map[string]json.RawMessage{name: []byte(`1`)}}
	wantField(t, extra.Validate(), "PaymentTypeFields.Extra")
}

// isMarshaled: encoding/json writes the field under its name.
func isMarshaled[T any](t *testing.T, name string) {
	v, value := with[T](t, name)
	text, err := json.Marshal(v)
	var members map[string]json.RawMessage
	if err = errors.Join(err, json.Unmarshal(text, &members)); err != nil || string(members[name]) != value {
		t.Errorf("written as %s, error %v", text, err)
	}
}

// isAsked: the filter sends the parameter and no other.
func isAsked[F interface{ query() (url.Values, error) }](t *testing.T, name string) {
	filter, value := with[F](t, name)
	got, err := filter.query()
	if want := (url.Values{name: {strings.Trim(value, `"`)}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("asked for %v, want %v, error %v", got, want, err)
	}
}

func isAskedOfParts(t *testing.T, name string) {
	filter, value := with[PaymentPartFilter](t, name)
	client, mock := mocked(t)
	seen := answers(t, mock, `[]`)
	_, err := collect(client.AllPaymentParts(t.Context(), filter))
	asked, _ := url.Parse(urls(*seen)[0])
	if err != nil || asked.Query().Get(name) != value || len(asked.Query()) != 2 { // one is the pager's
		t.Errorf("asked for %v, error %v", asked, err)
	}
}

// isPaged: a list asks for its part by the parameter.
func isPaged(t *testing.T, name string) {
	filter := map[string]PaymentFilter{"limit": {PageSize: 7}, "offset": {Offset: 7}, "idAfter": {IDAfter: 7}}[name]
	client, mock := mocked(t)
	seen := answers(t, mock, `[]`)
	_, err := collect(client.Payments(t.Context(), filter))
	asked, _ := url.Parse(urls(*seen)[0])
	if err != nil || asked.Query().Get(name) != "7" {
		t.Errorf("asked for %v, error %v", asked, err)
	}
}

func isAvailability(t *testing.T, name string) {
	if !Availability(name).Known() {
		t.Error("not known")
	}
}

// isTold: what an error's body says under the name is in the error.
func isTold(t *testing.T, name string) {
	body := `{"` + name + `":"told"}`
	if name == "errors" {
		body = `{"errors":["told"]}`
	}
	client, _ := scripted(t, answer(http.StatusUnprocessableEntity, body))
	_, err := client.Payment(t.Context(), "7")
	var told *payment.Error
	if !errors.As(err, &told) || (told.Message != "told") != (name == "code") || (told.Code != "told") != (name != "code") {
		t.Errorf("error %v", err)
	}
}

// isNoSuccess: a success that names errors is none.
func isNoSuccess(t *testing.T, name string) {
	var refused *wire.DecodeError
	if err := checkWritten(json.RawMessage(`{"id":"7","` + name + `":["x"]}`)); !errors.As(err, &refused) || refused.Path != "$."+name {
		t.Errorf("error %v", err)
	}
}

func isSigned(t *testing.T, name string) {
	client, mock := mocked(t)
	seen := answers(t, mock, `[]`)
	_, _ = client.Payment(t.Context(), "7") // what is answered does not matter here
	if got := (*seen)[0].header[name]; len(got) != 1 || got[0] != "Bearer key-1" {
		t.Errorf("sent %v", (*seen)[0].header)
	}
}
