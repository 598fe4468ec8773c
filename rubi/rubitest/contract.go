package rubitest

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
)

// Contract returns what this package and its client say about the vendor, for
// [paymenttest.Check].
func Contract() []paymenttest.Clause {
	return slices.Concat(requestClauses(), answerClauses(), basketClauses(), listClauses(), bookingClauses(), subscriptionClauses(),
		cardClauses(), refusalClauses(), invoiceClauses(), stripeClauses())
}

// FactSheet describes [Facts].
func FactSheet() *paymenttest.FactSheet {
	type words = []paymenttest.Value
	return paymenttest.NewFactSheet(Facts{},
		paymenttest.Fact{Field: "Answer", Values: words{
			{Value: AnswerText, Word: "text"}, {Value: AnswerObject, Word: "object"}, {Value: AnswerNative, Word: "native"}, {Value: AnswerSingle, Word: "single"},
			{Value: AnswerSingleText, Word: "single text"}, {Value: AnswerNested, Word: "nested"}, {Value: AnswerTexts, Word: "texts"},
		}},
		paymenttest.Fact{Field: "Booleans", Values: words{
			{Value: BooleanWord, Word: "True"}, {Value: BooleanJSON, Word: "true"}, {Value: BooleanNumber, Word: "1"}, {Value: BooleanList, Word: "[true]"},
		}},
		paymenttest.Fact{Field: "None", Values: words{{Value: NoneList, Word: "list"}, {Value: NoneText, Word: "blank text"}, {Value: NoneNull, Word: "null"}}},
		paymenttest.Fact{Field: "Amounts", Values: words{
			{Value: AmountText, Word: "text"}, {Value: AmountNumber, Word: "number"}, {Value: AmountFour, Word: "four decimals"},
			{Value: AmountGrouped, Word: "grouped"}, {Value: AmountBlank, Word: "blank"},
		}},
		paymenttest.Fact{Field: "Blanks", Values: words{{Value: BlankText, Word: "blank text"}, {Value: BlankNull, Word: "null"}, {Value: BlankMissing, Word: "missing"}}},
		paymenttest.Fact{Field: "EmailLists", Values: words{
			{Value: ListJSON, Word: "list"}, {Value: ListText, Word: "text"}, {Value: ListEmpty, Word: "blank text"}, {Value: ListNull, Word: "null"}, {Value: ListMissing, Word: "missing"},
		}},
		paymenttest.Fact{Field: "CardGUID", Values: words{{Value: CardGUIDEmpty, Word: "blank"}, {Value: CardGUIDFirst, Word: "first"}, {Value: CardGUIDJoined, Word: "joined"}}},
		paymenttest.Fact{Field: "Repeat", Values: words{{Value: RepeatSame, Word: "same answer"}, {Value: RepeatError, Word: "refused"}, {Value: RepeatMail, Word: "second mail"}}},
		paymenttest.Fact{Field: "Attendees", Values: words{{Value: AttendeesAll, Word: "all"}, {Value: AttendeesBooked, Word: "booked"}, {Value: AttendeesAbsent, Word: "absent"}}},
	)
}

// Target returns the installation that config names, for reading only: give it
// sandbox objects and allow more, see [paymenttest.Target]. The account's name is
// config.Tenant.
func Target(config rubi.Config) paymenttest.Target {
	origin := config.BaseURL
	if origin == "" {
		origin = "https://web-integration-v3.rubicrm.com"
	}
	return paymenttest.Target{
		Vendor: "rubi", Account: config.Tenant, Facts: FactSheet(), URL: strings.TrimSuffix(origin, "/"),
		Connect: func(c paymenttest.Connection) (any, error) { return rubi.New(config, c.Options...) },
		Sign:    putKey(string(config.APIKey)), Reads: onlyReads, Preflight: preflight,
		Pause: 250 * time.Millisecond, // the vendor documents no limit
	}
}

// onlyReads reports whether a request changes nothing. All calls are POSTs.
func onlyReads(r *http.Request) bool {
	if r.Method == http.MethodGet {
		return true
	}
	method := strings.TrimPrefix(strings.ToLower(r.URL.Path), apiPath)
	return slices.ContainsFunc([]string{OpUserBasket, OpPluginEventAttendees, OpPortalList, OpEmailCheck, "CalendarDetail", unknownMethod},
		func(op string) bool { return method == strings.ToLower(op) })
}

// Sandbox starts an emulator that is set to facts and made for [Contract]: with
// all sandbox objects, everything allowed, and a clock on which waiting takes no
// time. Call stop after use.
func Sandbox(facts Facts) (target paymenttest.Target, stop func()) {
	const free, reader = "eeeeeeee-0000-0000-0000-000000000002", "22222222-2222-3333-4444-555555555555"
	s := New(WithFacts(facts), WithMethod("User", 4, sampleUser), WithMethod("CalendarDetail", 3, sampleEvent(SampleEID, free)))
	s.AddEvent(Event{EID: free, Name: "Open Day", Places: 100})
	s.AddContact(Contact{UID: reader, EmailAddress: "al@example.org", FirstName: "Al", LastName: "Example"})
	s.AddItem(Item{Kind: KindBooking, UID: reader, EID: SampleEID, Details: "Annual Dinner", Contact: "Al Example", Value: amount("10.00"), Tax: amount("2.00"), TaxRate: amount("20.00")})
	s.AddItem(Item{Kind: KindSubscription, UID: reader, Details: "Full Membership", Contact: "Al Example", Value: amount("1028.75"), Tax: amount("205.75"), TaxRate: amount("20.00")})
	mailbox, close := s.mailbox()
	target = Target(s.Config())
	target.Pause, target.Budget = 0, 5000
	target.Allow = paymenttest.AllowAll(target.Account)
	target.Now, target.Sleep = virtualClock()
	target.Objects = map[string]string{
		ObjectContact: SampleUID, ObjectReader: reader, ObjectEvent: SampleEID, ObjectFreeEvent: free, ObjectService: SampleSSID,
		ObjectCounty: "West Yorkshire", ObjectCountry: "United Kingdom", ObjectEmail: "jo@example.org", ObjectPassword: "open sesame", ObjectMailbox: mailbox,
	}
	return target, func() { close(); s.Close() }
}

// virtualClock returns a clock that only its own sleep moves.
func virtualClock() (now func() time.Time, sleep func(context.Context, time.Duration) error) {
	var mu sync.Mutex
	at := time.Now().UTC()
	now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	return now, func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(d)
		return ctx.Err()
	}
}

// mailbox serves the number of mails that the emulator has sent.
func (s *Server) mailbox() (address string, stop func()) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", func() {} // clauses about mails are not decidable then
	}
	page := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(w, len(s.Mails()))
	})}
	go func() { _ = page.Serve(listener) }()
	return "http://" + listener.Addr().String() + "/mails", func() { _ = page.Close() }
}

// sampleUser answers the vendor's sample call, of which only the request is
// documented.
func sampleUser(elements []string) []map[string]string {
	return []map[string]string{{"uid": elements[0]}}
}

// sampleEvent answers CalendarDetail for the given events.
func sampleEvent(eids ...string) func([]string) []map[string]string {
	return func(elements []string) []map[string]string {
		if !slices.Contains(eids, elements[1]) {
			return nil
		}
		return []map[string]string{{"eid": elements[1]}}
	}
}

// preflight asks whether the key is good and the sandbox objects are there, as
// far as calls that only read tell.
func preflight(ctx context.Context, t *paymenttest.Trial) error {
	c := t.Client().(*rubi.Client)
	reader := t.Object(ObjectReader)
	if reader == "" {
		for _, err := range c.UserBasket(ctx, "contract-preflight", rubi.AllItems) {
			if isDown(err) {
				return err
			}
		}
	} else if err := checkReader(ctx, c, reader); err != nil {
		return err
	}
	for _, name := range []string{ObjectEvent, ObjectFreeEvent} {
		if eid := t.Object(name); eid != "" {
			message, err := c.Query(ctx, "CalendarDetail", cmp.Or(t.Object(ObjectContact), "contract-preflight"), eid)
			if said := strings.TrimSpace(string(message)); err == nil && (said == "[]" || said == `""` || said == "null" || said == "[[]]") {
				return fmt.Errorf("the sandbox object %q does not exist: there is no event %s", name, eid)
			}
		}
	}
	return checkLists(ctx, t, c)
}

// checkReader asks for one booking and one subscription.
func checkReader(ctx context.Context, c *rubi.Client, uid string) error {
	kinds := map[rubi.Item]int{}
	for item, err := range c.UserBasket(ctx, uid, rubi.AllItems) {
		if err != nil {
			return err
		}
		kinds[item.Item]++
	}
	if kinds[rubi.Bookings] != 1 || kinds[rubi.Subscriptions] != 1 {
		return fmt.Errorf("the sandbox object %q is not as it has to be: its basket holds %d bookings and %d subscriptions, not one of each",
			ObjectReader, kinds[rubi.Bookings], kinds[rubi.Subscriptions])
	}
	return nil
}

// checkLists looks for the list values. A list that cannot be read, or is empty,
// says nothing.
func checkLists(ctx context.Context, t *paymenttest.Trial, c *rubi.Client) error {
	for name, portal := range map[string]rubi.Portal{ObjectCounty: rubi.Counties, ObjectCountry: rubi.Countries, ObjectService: rubi.SubscriptionServices} {
		want, known, rows := t.Object(name), false, 0
		for value, err := range c.PortalList(ctx, portal) {
			if err == nil {
				rows++
				known = known || strings.EqualFold(value.ListValue, want)
			} else if isDown(err) {
				return err
			}
		}
		if want != "" && rows > 0 && !known {
			return fmt.Errorf("the sandbox object %q does not exist: PortalList %q has no value %s", name, portal, want)
		}
	}
	return nil
}

// isDown reports whether nothing else can work either.
func isDown(err error) bool {
	return isAny(err, payment.ErrUnauthorized, payment.ErrForbidden, payment.ErrUnavailable)
}
