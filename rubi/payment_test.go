package rubi

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestCardRecord(t *testing.T) {
	t.Parallel()
	items, err := recordsOf(answering(t, sample(t, "user_payment_card.response")).client.UserPaymentUnchecked(t.Context(), validPayment()))
	if err != nil || len(items) != 1 {
		t.Fatalf("%v, %v", items, err)
	}
	i := items[0]
	if i.TransactionID != "T-1001" || i.TransactionType != CardPayment || i.ItemGUID != "" || i.ItemTotal.String() != "25.00" ||
		i.ItemTotalText != "25.00" || i.ItemDetail != "Card payment" || i.ItemStatus != "In Basket" || !i.Readable() {
		t.Errorf("record %#v is not the sample's", struct{ PaymentItem }{i})
	}
}

func TestDetailsInEitherSpelling(t *testing.T) {
	t.Parallel()
	basket, err := all(answering(t, message(`{"ItemDetail":"x"}`)).client.UserBasket(t.Context(), testUID, AllItems))
	if err != nil || basket[0].ItemDetails != "x" {
		t.Errorf("%v, %v", basket, err)
	}
	paid, err := recordsOf(answering(t, message(`{"TransactionID":"T","ItemDetails":"x"}`)).client.UserPaymentUnchecked(t.Context(), validPayment()))
	if err != nil || paid[0].ItemDetail != "x" {
		t.Errorf("%v, %v", paid, err)
	}
}

// A card payment answers with one record; with any other number nobody can say
// what to charge, but the records are handed over.
func TestCardAnswersThatCannotBeCharged(t *testing.T) {
	t.Parallel()
	for body, records := range map[string]int{
		message("[]"): 0,
		`{"ResponseCode":200,"ResponseMessage":null}`:                                                      0,
		message(`[{"TransactionID":"T-1","ItemTotal":"1.00"},{"TransactionID":"T-2","ItemTotal":"1.00"}]`): 2,
		message(`[{"TransactionID":" ","ItemTotal":"1.00"}]`):                                              1,
	} {
		items, err := recordsOf(answering(t, body).client.UserPaymentUnchecked(t.Context(), validPayment()))
		if !errors.Is(err, payment.ErrOutcomeUnknown) || len(items) != records {
			t.Errorf("%s: %v, %v", body, items, err)
		}
	}
	p := validPayment()
	p.PaymentType = Invoice
	if _, err := answering(t, message("[]")).client.UserPaymentUnchecked(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("an invoice without a record: %v", err)
	}
}

func TestCardTotalAgainstTheBasket(t *testing.T) {
	t.Parallel()
	p := validPayment()
	p.BasketItems = []BasketItem{{ItemGUID: itemA, ItemTotal: amount(t, "10.00")}, {ItemGUID: itemB, ItemTotal: amount(t, "15")}, {ItemGUID: "other"}}
	other := p
	other.AllowOtherTotal = true
	for _, c := range []struct {
		p     UserPayment
		total string
		ok    bool
	}{
		{p, "25.00", true}, {p, "25.0000", true}, {p, "25.01", false}, {p, "", false}, {p, "1,025.00", false}, {p, "-25.00", false},
		{other, "26.00", true}, {other, "26.001", false}, {other, "", false}, {other, "0.00", false},
	} {
		items, err := recordsOf(answering(t, message(`[{"TransactionID":"T-1","ItemTotal":"`+c.total+`"}]`)).client.UserPayment(t.Context(), c.p))
		if len(items) != 1 || (err == nil) != c.ok || err != nil && (!errors.Is(err, ErrTotalDiffers) || errors.Is(err, payment.ErrOutcomeUnknown)) {
			t.Errorf("%q: %v, %v", c.total, items, err)
		}
	}
}

// An answer is a success only if it shows this payment.
func TestAnswersOfAnotherPayment(t *testing.T) {
	t.Parallel()
	invoice := validPayment()
	invoice.PaymentType = Invoice
	confirm := invoice
	confirm.PaymentType = Confirm
	for body, p := range map[string]UserPayment{
		message("{}"):                         invoice,
		message("[{}]"):                       invoice,
		message(`[{"TransactionID":" "}]`):    confirm,
		message(`[{"TransactionID":0}]`):      invoice,
		message(`[{"TransactionID":"0"}]`):    validPayment(),
		message(`[{"TransactionID":"null"}]`): validPayment(),
		message(`[{"TransactionID":"-1"}]`):   confirm,
		message(`[{"TransactionID":"00000000-0000-0000-0000-000000000000"}]`):  validPayment(),
		message(`[{"ItemStatus":"Active"}]`):                                   confirm,
		message("[[{}]]"):                                                      validPayment(),
		message(`[{"ItemGUID":"another"}]`):                                    invoice,
		message(`[{"Errors":["Unknown uid"]}]`):                                invoice,
		message(`[{"TransactionID":"T-1","ItemGUID":"another"}]`):              invoice,
		message(`[{"TransactionID":"T-1","TransactionType":"CardPayment"}]`):   invoice,
		message(`[{"TransactionID":"T-1","TransactionType":"Invoice"}]`):       validPayment(),
		message(`[{"ItemGUID":"` + itemA + `"},{}]`):                           invoice,
		message(`[{"ItemGUID":"` + itemA + `"}]`):                              invoice,
		message(`{"ItemGUID":"` + itemB + `","TransactionID":"T-1"}`):          confirm,
		message(`[{"ItemGUID":"` + itemA + `"},{"ItemGUID":"` + itemA + `"}]`): invoice,
		message(`[{"TransactionID":false}]`):                                   invoice,
		message("null"):                                                        validPayment(), message(`[null]`): invoice, message(`""`): confirm, message(`[[],[]]`): invoice,
		message("[" + strings.Repeat(`{"TransactionID":"T-1"},`, 100) + `{"TransactionID":"T-1"}]`): invoice,
	} {
		s, err := answering(t, body).client.UserPaymentUnchecked(t.Context(), p)
		if !errors.Is(err, payment.ErrOutcomeUnknown) || len(s.Items) > 18 {
			t.Errorf("%s of %s: %d records, %v", body, p.PaymentType, len(s.Items), err)
		}
	}
	for _, body := range []string{
		message(`[{"ItemGUID":"` + strings.ToUpper(itemA) + `"},{"ItemGUID":"` + itemB + `","TransactionType":"INVOICE"}]`), message(`{"TransactionID":1001}`),
		message(`[{"ItemGUID":"` + itemA + `"},{"TransactionID":"T-1"}]`),
	} {
		if s, err := answering(t, body).client.UserPaymentUnchecked(t.Context(), invoice); err != nil || len(s.Items) == 0 {
			t.Errorf("%s: %v, %v", body, s, err)
		}
	}
}

// An invoice over another total stands, and is not what was asked for.
func TestInvoiceTotalAgainstTheBasket(t *testing.T) {
	t.Parallel()
	p := validPayment()
	p.PaymentType = Invoice
	p.BasketItems = []BasketItem{{ItemGUID: strings.ToUpper(itemA), ItemTotal: amount(t, "10.00")}, {ItemGUID: itemB, ItemTotal: amount(t, "15")}}
	other := p
	other.AllowOtherTotal = true
	for _, c := range []struct {
		p     UserPayment
		total string
		ok    bool
	}{
		{p, "10.00", true}, {p, "10.0", true}, {p, "", true}, {p, "1,000.00", true}, {p, "1.00", false}, {p, "10.01", false}, {other, "1.00", true},
	} {
		body := message(`[{"TransactionID":"T-1","ItemGUID":"` + itemA + `","ItemTotal":"` + c.total + `"},{"TransactionID":"T-1","ItemGUID":"` + itemB + `","ItemTotal":15}]`)
		s, err := answering(t, body).client.UserPayment(t.Context(), c.p)
		told := errors.Is(err, ErrTotalDiffers) && errors.Is(err, payment.ErrConflict) && !errors.Is(err, payment.ErrOutcomeUnknown)
		if len(s.Items) != 2 || (err == nil) != c.ok || !c.ok && !told {
			t.Errorf("%q: %v, %v", c.total, s, err)
		}
	}
}

// A record that names no item is compared by what it adds up to.
func TestTotalsWithoutItems(t *testing.T) {
	t.Parallel()
	p := validPayment()
	p.PaymentType = Invoice
	p.BasketItems = []BasketItem{{ItemGUID: itemA, ItemTotal: amount(t, "10.00")}, {ItemGUID: itemB, ItemTotal: amount(t, "15")}}
	for records, ok := range map[string]bool{
		`{"TransactionID":"T-1","ItemTotal":"25.00"}`: true, `{"TransactionID":"T-1"}`: true, `{"TransactionID":"T-1","ItemTotal":"1,000.00"}`: true,
		`{"TransactionID":"T-1","ItemTotal":"15"},{"TransactionID":"T-1","ItemTotal":10}`: true,
		`{"TransactionID":"T-1","ItemTotal":"2.50"}`:                                      false, `{"TransactionID":"T-1","ItemTotal":2500}`: false,
		`{"TransactionID":"T-1","ItemTotal":"15"},{"TransactionID":"T-1","ItemTotal":1}`: false,
	} {
		s, err := answering(t, message("["+records+"]")).client.UserPayment(t.Context(), p)
		if told := errors.Is(err, ErrTotalDiffers) && errors.Is(err, payment.ErrConflict); (err == nil) != ok || !ok && !told || len(s.Items) == 0 {
			t.Errorf("%s: %v, %v", records, s, err)
		}
	}
}

// GUIDs are compared by value, in either letter case; other ids too. A form that
// only a lenient parser takes for a GUID is another id.
func TestIDsAreCompared(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{itemA, strings.ToUpper(itemA), true}, {itemA, itemB, false}, {"T-1", "t-1", true}, {"a", "b", false}, {"", "", true},
		{itemA, "{" + itemA + "}", false}, {itemA, "urn:uuid:" + itemA, false}, {itemA, strings.ReplaceAll(itemA, "-", ""), false}, {itemA, itemA + " ", false},
	} {
		if same := guid(c.a) == guid(c.b); same != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, same)
		}
	}
}

func TestStripeRecord(t *testing.T) {
	t.Parallel()
	body := message(`[{"EmailAddress":"jo@example.org","EmailSubject":"S","EmailBody":"B","EmailBCC":["a@b.c"],"EmailAttachments":["x.pdf"],"FirstName":"Jo","LastName":"Ex"}]`)
	p := StripePayment{ID: "pi_1", Status: Succeeded, Amount: 2500, Total: amount(t, "25.00")}
	r, err := answering(t, body).client.StripeResult(t.Context(), "T-1", p)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join([]string{r.EmailAddress, r.EmailSubject, r.EmailBody, string(r.EmailBCC.Raw), string(r.EmailAttachments.Raw), r.FirstName, r.LastName}, "|")
	if got != `jo@example.org|S|B|["a@b.c"]|["x.pdf"]|Jo|Ex` || r.Raw == nil {
		t.Errorf("got %s", got)
	}
	for _, none := range []string{message("[]"), `{"ResponseCode":200,"ResponseMessage":""}`} {
		if r, err := answering(t, none).client.StripeResult(t.Context(), "T-1", p); err != nil || r.Raw != nil {
			t.Errorf("%s: %v, %v", none, r, err)
		}
	}
	p = StripePayment{ID: "pi_1", Status: "processing", AllowStatus: true, Amount: 1, Total: amount(t, "25.00"), AllowOtherTotal: true}
	m := answering(t, message("[]"))
	if _, err := m.client.StripeResult(t.Context(), "T-1", p); err != nil || m.elements(t, 0)[1] != `{"id":"pi_1","status":"processing","amount":1}` {
		t.Errorf("with permission: %v", err)
	}
}

func TestBookingRecords(t *testing.T) {
	t.Parallel()
	body := message(`[[{"BookingGUID":"b1","BookingStatus":"In Basket","SavingApplied":"0.00","PotentialSaving":2.50}],[{"BookingGUID":"b2"}]]`)
	booked, err := answering(t, body).client.Booking(t.Context(), Booking{UID: testUID, EID: "e1", BookingPlaces: 2})
	places := booked.Places
	if err != nil || len(places) != 2 || places[1].BookingGUID != "b2" {
		t.Fatalf("%+v, %v", places, err)
	}
	if p := places[0]; p.BookingGUID+string(p.BookingStatus)+p.SavingApplied+p.PotentialSaving != "b1In Basket0.002.50" {
		t.Errorf("first place %+v", p)
	}
	for _, body := range []string{message("[]"), message("[{}]"), message(`[{"BookingGUID":"b1"}]`), message(`[{"BookingGUID":"b1"},{"BookingGUID":""}]`),
		message(`[{"BookingGUID":"b1"},{"BookingGUID":"b2"},{"BookingGUID":"b3"}]`), `{"ResponseCode":200,"ResponseMessage":null}`} {
		if _, err := answering(t, body).client.Booking(t.Context(), Booking{UID: testUID, EID: "e1", BookingPlaces: 2}); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
