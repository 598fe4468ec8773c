package rubitest

import (
	"strings"
	"testing"
)

const thanks = `{"ResponseCode":200,"ResponseMessage":[{"EmailAddress":"jo@example.org","EmailSubject":"Confirmation of 2 item(s)","EmailBody":"<p>Thank you.</p>",` +
	`"EmailBCC":["office@example.org"],"EmailAttachments":[],"FirstName":"Jo","LastName":"Example"}]}`

// carded submits two bookings for a card: T-1001 over 24.00.
func carded(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, guids := booked(t, 2, opts...)
	pay(t, s, "CardPayment", guids...).accepted(t)
	return s
}

func TestStripeResult(t *testing.T) {
	t.Parallel()
	s := carded(t)
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).want(t, 200, thanks)
	got := s.Transactions()[0]
	if !got.Paid || got.StripeID != "pi_123" || got.Results != 1 || len(s.Basket(SampleUID)) != 0 {
		t.Errorf("transaction %+v", got)
	}
	if want := (Mail{To: "jo@example.org", Subject: "Confirmation of 2 item(s)", TransactionID: "T-1001", Op: OpStripeResult}); len(s.Mails()) != 1 || s.Mails()[0] != want {
		t.Errorf("mails %+v", s.Mails())
	}
}

func TestUnpaidStripeResultsChangeNothing(t *testing.T) {
	t.Parallel()
	s := carded(t, WithFacts(Facts{CardItemsLeave: true}))
	for _, status := range []string{"requires_action", "processing", "canceled", "Succeeded"} {
		call(t, s, OpStripeResult, "T-1001", `{"id":"pi_1","status":"`+status+`","amount":2400}`).want(t, 200, thanks)
	}
	if got := s.Transactions()[0]; got.Paid || got.StripeID != "" || got.Results != 4 || len(s.Mails()) != 0 || s.Items(SampleUID)[0].Status != StatusPending {
		t.Errorf("transaction %+v", got)
	}
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).want(t, 200, thanks)
	if s.Items(SampleUID)[1].Status != StatusActive {
		t.Errorf("items %+v", s.Items(SampleUID))
	}
}

func TestRepeatedStripeResults(t *testing.T) {
	t.Parallel()
	for repeat, want := range map[Repeat]struct {
		code           string
		mails, results int
	}{RepeatSame: {"200", 1, 2}, RepeatError: {"400", 1, 1}, RepeatMail: {"200", 2, 2}} {
		s := carded(t, WithFacts(Facts{Repeat: repeat}))
		call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
		again := call(t, s, OpStripeResult, "T-1001", strings.Replace(sample(t, "stripe_own.json"), "pi_123", "pi_456", 1))
		if code, _ := again.envelope(t); code != want.code || len(s.Mails()) != want.mails {
			t.Errorf("%d: code %s, %d mails", repeat, code, len(s.Mails()))
		}
		if got := s.Transactions()[0]; got.StripeID != "pi_123" || got.Results != want.results {
			t.Errorf("%d: transaction %+v", repeat, got)
		}
	}
}

func TestStripeMailSwitch(t *testing.T) {
	t.Parallel()
	s := carded(t, WithFacts(Facts{NoStripeMail: true, Repeat: RepeatMail}))
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
	if n := len(s.Mails()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestStripeAmounts(t *testing.T) {
	t.Parallel()
	free, strict := carded(t), carded(t, WithFacts(Facts{StrictAmount: true}))
	const wrong = `{"id":"pi_1","status":"succeeded","amount":24}`
	call(t, free, OpStripeResult, "T-1001", wrong).accepted(t)
	call(t, strict, OpStripeResult, "T-1001", wrong).refused(t, "400")
	call(t, strict, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
}

func TestRefusedStripeResults(t *testing.T) {
	t.Parallel()
	s := carded(t)
	invoice := s.AddItem(Item{Kind: KindBooking, UID: SampleUID})
	pay(t, s, "Invoice", invoice).accepted(t)
	for _, id := range []string{"", " ", "t-1001", "T-1002", "T-9"} {
		call(t, s, OpStripeResult, id, sample(t, "stripe_own.json")).refused(t, "400")
	}
	for _, response := range []string{"", "[]", "null", `"x"`, `{}`, `{"id":"a","status":"succeeded"}`, `{"id":"a","amount":1}`, `{"status":"succeeded","amount":1}`,
		`{"ID":"a","Status":"succeeded","Amount":1}`, `{"id":null,"status":"succeeded","amount":1}`,
		`{"id":1,"status":"succeeded","amount":1}`, `{"id":" ","status":"succeeded","amount":1}`, `{"id":"a","status":"","amount":1}`,
		`{"id":"a","status":"succeeded","amount":"1"}`, `{"id":"a","status":"succeeded","amount":1.5}`, `{"id":"a","status":"succeeded","amount":-1}`,
		`{"id":"a","status":"succeeded","amount":1e2}`, `[{"id":"a","status":"succeeded","amount":1}]`} {
		call(t, s, OpStripeResult, "T-1001", response).refused(t, "400")
	}
	if s.Transactions()[0].Results != 0 {
		t.Errorf("transactions %+v", s.Transactions())
	}
	full := `{"object":"payment_intent","id":"pi_1","status":"succeeded","amount":2400,"metadata":{}}`
	call(t, s, OpStripeResult, "T-1001", full).accepted(t)
}

func TestTwoPaidTransactionsShow(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 1)
	pay(t, s, "CardPayment", guids...).accepted(t)
	pay(t, s, "CardPayment", guids...).accepted(t)
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
	call(t, s, OpStripeResult, "T-1002", sample(t, "stripe_own.json")).accepted(t)
	if all := s.Transactions(); !all[0].Paid || !all[1].Paid || len(s.Mails()) != 2 {
		t.Errorf("transactions %+v", all)
	}
}

func TestRemovedItemsStayRemoved(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 2)
	pay(t, s, "CardPayment", guids...).accepted(t)
	call(t, s, OpBookingUpdate, SampleUID, guids[0], "Remove", "True").accepted(t)
	call(t, s, OpStripeResult, "T-1001", sample(t, "stripe_own.json")).accepted(t)
	if items := s.Items(SampleUID); items[0].Status != StatusCancelled || items[1].Status != StatusActive {
		t.Errorf("items %+v", items)
	}
}
