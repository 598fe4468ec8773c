package rubitest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// paymentOf returns the elements of a UserPayment without the key.
func paymentOf(paymentType string, guids ...string) []string {
	return []string{SampleUID, paymentType, string(emulator.Encode(guids)), "1 High St", "", "", "Leeds", "West Yorkshire", "LS1 1AA", "United Kingdom",
		"jo@example.org", "", "+44", "07700900000"}
}

func pay(t testing.TB, s *Server, paymentType string, guids ...string) answered {
	t.Helper()
	return call(t, s, OpUserPayment, paymentOf(paymentType, guids...)...)
}

// with replaces one element.
func with(elements []string, at int, value string) []string {
	elements = slices.Clone(elements)
	elements[at] = value
	return elements
}

// booked puts n bookings of the sample event into the basket.
func booked(t testing.TB, n int, opts ...Option) (s *Server, guids []string) {
	t.Helper()
	s = plain(t, opts...)
	call(t, s, OpBooking, SampleUID, SampleEID, fmt.Sprint(n)).accepted(t)
	for _, i := range s.Basket(SampleUID) {
		guids = append(guids, i.GUID)
	}
	return s, guids
}

func TestCardPayment(t *testing.T) {
	t.Parallel()
	s, _ := booked(t, 2, WithAPIKey(SampleAPIKey))
	list := strings.Replace(sample(t, "userpayment_own.json"), `"KEY"`, `"`+SampleAPIKey+`"`, 1)
	send(t, s, "POST", "/api/UserPayment", formType, form(list)).want(t, 200, sample(t, "cardpayment_own.json"))
	again := send(t, s, "POST", "/api/UserPayment", formType, form(list))
	again.want(t, 200, strings.Replace(sample(t, "cardpayment_own.json"), "T-1001", "T-1002", 1))
	all := s.Transactions()
	if len(all) != 2 || all[0].ID != "T-1001" || all[0].Paid || all[0].Total.String() != "24.00" || len(all[0].Items) != 2 || all[0].UID != SampleUID {
		t.Errorf("transactions %+v", all)
	}
	if len(s.Basket(SampleUID)) != 2 || len(s.Mails()) != 0 || s.Submissions(OpUserPayment) != 2 {
		t.Errorf("%d in the basket, %d mails", len(s.Basket(SampleUID)), len(s.Mails()))
	}
}

func TestInvoiceMailsOnce(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 2)
	_, got := call(t, s, OpUserPayment, with(paymentOf("Invoice", guids...), atPO, "PO-7")...).envelope(t)
	for i, guid := range guids {
		want := `{"TransactionID":"T-1001","TransactionType":"Invoice","ItemGUID":"` + guid + `","ItemTotal":"12.00","ItemDetail":"Annual Dinner","ItemStatus":"Active",` +
			`"Address1":"1 High St","Address2":"","Address3":"","Address4":"Leeds","County":"West Yorkshire","Postcode":"LS1 1AA","Country":"United Kingdom",` +
			`"EmailAddress":"jo@example.org","PONumber":"PO-7","MobCountry":"+44","Mob":"07700900000","EmailSubject":"Confirmation of 2 item(s)",` +
			`"EmailBody":"<p>Thank you.</p>","EmailBCC":["office@example.org"],"EmailAttachments":[]}`
		if !strings.Contains(got, want) {
			t.Errorf("record %d is not %s in %s", i, want, got)
		}
	}
	pay(t, s, "Invoice", guids...).refused(t, "400")
	if want := (Mail{To: "jo@example.org", Subject: "Confirmation of 2 item(s)", TransactionID: "T-1001", Op: OpUserPayment}); !slices.Equal(s.Mails(), []Mail{want}) {
		t.Errorf("mails %+v", s.Mails())
	}
	if all := s.Transactions(); len(all) != 1 || !all[0].Paid || all[0].PONumber != "PO-7" || len(s.Basket(SampleUID)) != 0 {
		t.Errorf("transactions %+v", all)
	}
	if items := s.Items(SampleUID); len(items) != 2 || items[1].Status != StatusActive {
		t.Errorf("items %+v", items)
	}
}

func TestDoubleSubmissionShows(t *testing.T) {
	t.Parallel()
	for left, option := range []Option{WithFacts(Facts{PaidAgain: true}), WithFacts(Facts{ItemsStay: true})} {
		s, guids := booked(t, 1, option)
		pay(t, s, "Invoice", guids...).accepted(t)
		pay(t, s, "Invoice", guids...).accepted(t)
		if len(s.Mails()) != 2 || len(s.Transactions()) != 2 || len(s.Basket(SampleUID)) != left {
			t.Errorf("%d mails, %d transactions, %d items left", len(s.Mails()), len(s.Transactions()), len(s.Basket(SampleUID)))
		}
	}
	s, guids := booked(t, 1, WithFacts(Facts{PaidAgain: true}))
	call(t, s, OpBookingUpdate, SampleUID, guids[0], "Remove", "True").accepted(t)
	pay(t, s, "Invoice", guids...).refused(t, "400") // removed is not paid
}

func TestConfirmIsForNothingToPay(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 1)
	free := s.AddItem(Item{Kind: KindBooking, UID: SampleUID, Details: "Free talk"})
	pay(t, s, "Confirm", guids[0], free).refused(t, "400")
	pay(t, s, "Confirm", free).accepted(t)
	if all := s.Transactions(); len(all) != 1 || all[0].Type != "Confirm" || all[0].Total.String() != "0.00" || len(s.Mails()) != 1 {
		t.Errorf("transactions %+v", all)
	}
}

func TestRefusedPayments(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 2, WithFacts(Facts{NoInvoice: true, ListsChecked: true}))
	subscription := s.AddItem(Item{Kind: KindSubscription, UID: SampleUID})
	s.AddContact(Contact{UID: "other"})
	foreign := s.AddItem(Item{Kind: KindBooking, UID: "other"})
	good := paymentOf("CardPayment", guids...)
	check := func(name string, elements []string) {
		t.Helper()
		if code, _ := call(t, s, OpUserPayment, elements...).envelope(t); code != "400" {
			t.Errorf("%s: code %s", name, code)
		}
	}
	for at, e := range userPaymentElements() {
		if !e.blank {
			check(e.name+" blank", with(good, at, ""))
			check(e.name+" white", with(good, at, " \t"))
		}
		if e.max > 0 {
			check(e.name+" long", with(good, at, strings.Repeat("x", e.max+1)))
			check(e.name+" long in UTF-16", with(good, at, strings.Repeat("😀", e.max/2+1)))
		}
	}
	for _, items := range []string{`[]`, `{}`, `"` + guids[0] + `"`, guids[0], strings.Join(guids, ","), `[1]`, `[null]`, `["unknown"]`, `["` + foreign + `"]`,
		`["` + guids[0] + `","` + strings.ToUpper(guids[0]) + `"]`, `["` + guids[0] + `","` + subscription + `"]`, `["` + guids[0]} {
		check("items "+items, with(good, atItems, items))
	}
	check("unknown contact", with(good, atUID, "unknown"))
	check("another's basket", with(good, atUID, "other"))
	for _, kind := range []string{"Invoice", "invoice", "Card", "CARDPAYMENT"} {
		check("type "+kind, with(good, atType, kind))
	}
	check("county", with(good, atCounty, "Yorkshire"))
	check("country", with(good, atCountry, "UK"))
	if len(s.Transactions()) != 0 || len(s.Mails()) != 0 || s.Submissions(OpUserPayment) != 0 {
		t.Errorf("transactions %+v", s.Transactions())
	}
	call(t, s, OpUserPayment, good...).accepted(t)
}

func TestLimitsAreInclusive(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 1)
	elements := paymentOf("CardPayment", guids...)
	for at, e := range userPaymentElements() {
		if e.max > 0 && at > atItems {
			elements[at] = strings.Repeat("x", e.max)
		}
	}
	call(t, s, OpUserPayment, elements...).accepted(t)
}

func TestCardSwitches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		option Option
		part   string // of the answer
	}{
		{"no guid", WithFacts(Facts{CardGUID: CardGUIDEmpty}), `"ItemGUID":""`},
		{"first guid", WithFacts(Facts{CardGUID: CardGUIDFirst}), `"ItemGUID":"aaaaaaaa-0000-0000-0000-000000000001","ItemTotal"`},
		{"joined guids", WithFacts(Facts{CardGUID: CardGUIDJoined}), `"ItemGUID":"aaaaaaaa-0000-0000-0000-000000000001,aaaaaaaa-0000-0000-0000-000000000002"`},
		{"numeric id", WithFacts(Facts{NumericTransactionIDs: true}), `"TransactionID":1001,`},
		{"swapped details", WithFacts(Facts{SwappedDetails: true}), `"ItemDetails":"Card payment"`},
		{"leaving", WithFacts(Facts{CardItemsLeave: true}), `"ItemStatus":"Pending"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, guids := booked(t, 2, c.option)
			if got := pay(t, s, "CardPayment", guids...); !strings.Contains(got.body, c.part) {
				t.Errorf("answer %s", got.body)
			}
			if stay := len(s.Basket(SampleUID)) == 2; stay == (c.name == "leaving") {
				t.Errorf("basket %+v", s.Basket(SampleUID))
			}
		})
	}
}

func TestEmailLists(t *testing.T) {
	t.Parallel()
	for form, want := range map[ListForm]string{
		ListJSON:    `"EmailBCC":["office@example.org"],"EmailAttachments":[]}`,
		ListText:    `"EmailBCC":"[\"office@example.org\"]","EmailAttachments":"[]"}`,
		ListEmpty:   `"EmailBCC":"","EmailAttachments":""}`,
		ListNull:    `"EmailBCC":null,"EmailAttachments":null}`,
		ListMissing: `"EmailBody":"<p>Thank you.</p>"}`,
	} {
		s, guids := booked(t, 1, WithFacts(Facts{EmailLists: form}))
		if got := pay(t, s, "Invoice", guids...); !strings.Contains(got.body, want) {
			t.Errorf("answer %s, want %s", got.body, want)
		}
	}
}

func TestBlankAddresses(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 1, WithFacts(Facts{BlankAddresses: true}))
	elements := paymentOf("CardPayment", guids...)
	for at := atAddress1; at < len(elements); at++ {
		elements[at] = ""
	}
	call(t, s, OpUserPayment, elements...).accepted(t)
	for at := atUID; at < atAddress1; at++ {
		call(t, s, OpUserPayment, with(elements, at, "")...).refused(t, "400")
	}
}

func TestCommaItems(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 2, WithFacts(Facts{CommaItems: true}))
	pay(t, s, "CardPayment", guids...).refused(t, "400")
	call(t, s, OpUserPayment, with(paymentOf("CardPayment"), atItems, strings.Join(guids, ","))...).accepted(t)
}

func TestConcurrentSubmissionsMailOnce(t *testing.T) {
	t.Parallel()
	s, guids := booked(t, 5)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, guid := range guids {
				pay(t, s, "Invoice", guid)
				s.Basket(SampleUID)
				s.Transactions()
			}
		})
	}
	all.Wait()
	if len(s.Mails()) != 5 || len(s.Transactions()) != 5 || s.Count(OpUserPayment) != 20 || s.Submissions(OpUserPayment) != 5 {
		t.Errorf("%d mails, %d transactions, %d requests", len(s.Mails()), len(s.Transactions()), s.Count(OpUserPayment))
	}
}
