package main

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func TestEntriesAndDecide(t *testing.T) {
	t.Parallel()
	server, env := billing(t, 2)
	args := real(t, many(2), "-to", "backendpay", "-workers", "1")
	kept := []string{"-store", args[5]}
	server.Faults().On(server.Is(backendpaytest.OpCreatePayment), paymenttest.DropBefore())
	if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.out, "1 recorded, 0 already recorded, 1 unknown") {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	list := try(t, nil, append(kept, "-entries")...)
	if list.code != 0 || !strings.Contains(list.out, "begun") || !strings.Contains(list.out, firstReference) || !strings.HasSuffix(list.out, "1 entry is not recorded\n") {
		t.Errorf("exit %d\n%s%s", list.code, list.out, list.err)
	}
	decide := func(code int, want string, more ...string) {
		t.Helper()
		got := try(t, nil, append(append(kept[:2:2], "-by", "Jo"), more...)...)
		if got.code != code || !strings.Contains(got.out+got.err, want) {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	decide(1, "has no payment with the reference", "-decide", strings.ToUpper(firstReference)+" ", "-as", "recorded")
	decide(1, "is not recorded, not-recorded or open", "-decide", firstReference, "-as", "Recorded")
	decide(1, "-decide names no payment", "-decide", "", "-as", "recorded")
	decide(1, "-decide names no payment", "-decide", " ", "-as", "recorded")
	decide(1, "-decide names no payment", "-as", "recorded")
	decide(1, "-decide names no payment", "-id", "7")
	decide(1, "-decide names no payment")
	decide(1, "-as \"\" is not", "-decide", firstReference)
	decide(1, "-as \"recorded \" is not", "-decide", firstReference, "-as", "recorded ")
	decide(1, "-by is needed", "-decide", firstReference, "-as", "recorded", "-by", " ")
	decide(1, "-id is not an id", "-decide", firstReference, "-as", "recorded", "-id", "7\n8")
	decide(1, "-id is not an id", "-decide", firstReference, "-as", "recorded", "-id", " ")
	decide(1, "-id is for", "-decide", firstReference, "-as", "not-recorded", "-id", "7")
	decide(1, "-entries and -decide", "-decide", firstReference, "-as", "recorded", "-entries")
	decide(1, "has no payment with the reference", "-decide", "no-such", "-as", "recorded")
	if after := try(t, nil, append(kept, "-entries")...); after.out != list.out || server.Count(backendpaytest.OpCreatePayment) != 2 {
		t.Errorf("what was refused has changed something:\n%s%s", after.out, after.err)
	}
	decide(1, "it is not closed", "-decide", firstReference, "-as", "open")
	decide(0, "now closed", "-decide", firstReference, "-as", "not-recorded", "-note", "looked")
	if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.err, "was closed as not recorded") || len(server.Payments()) != 1 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
	decide(0, "now open", "-decide", firstReference, "-as", "open")
	if got := try(t, env, args...); got.code != 0 || len(server.Payments()) != 2 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
}

// A person may edit the database, as they edited a file: what no longer holds
// together is an error that names the payment, nothing is sent for it, and the
// others are recorded.
func TestEditedRows(t *testing.T) {
	t.Parallel()
	const (
		broken = "its row is broken"
		begun  = `status = 'begun', writes = 1, progress = '{"Status":"begun","Writes":1}'`
	)
	for change, want := range map[string]string{
		`payload = ''`:         "",
		`status = 'what'`:      broken,
		`status = 'RECORDED'`:  broken,
		`status = ' recorded'`: broken,
		`status = ''`:          broken,
		`status = 'open'`:      broken,
		`progress = ''`:        broken,
		`progress = 'null'`:    broken,
		`progress = '{}'`:      broken,
		`progress = substr(progress, 1, length(progress) - 2)`:                   broken,
		`progress = progress || 'x'`:                                             broken,
		`progress = replace(progress, 'recorded', 'unknown')`:                    broken,
		`progress = replace(progress, 'recorded', 'what'), status = 'what'`:      broken,
		`progress = '{"Status":"begun"}', status = 'begun'`:                      "its count of writes does not fit its status",
		`progress = '{"Status":"recorded","Writes":-1}'`:                         "its count of writes does not fit its status",
		`payload = 'x', ` + begun:                                                "its payload is not a payment",
		`payload = 'null', ` + begun:                                             "different in",
		`payload = '{}', ` + begun:                                               "different in",
		`payload = replace(payload, '-000000000000', '-000000000009'), ` + begun: "different in Reference",
		`payload = replace(payload, '"1.00', '"7.00')`:                           "different in Amount",
		`payload = replace(payload, '"CARD"', '"CASH"')`:                         "different in Method",
		`payload = replace(payload, '"sale"', '"refund"')`:                       "different in Kind",
		`payload = replace(payload, '"1000"', '"1001"')`:                         "different in Target",
	} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			server, env := account(t)
			args := real(t, many(2), "-lease", "2s") // the claim on what only package payment can see is over then
			if got := try(t, env, args...); got.code != 0 {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			edit(t, args[5], `UPDATE tenderkit_entries SET `+change+` WHERE reference = '`+firstReference+`'`)
			for range 2 {
				got := try(t, env, args...)
				if got.code != 1 || !strings.Contains(got.out, "1 already recorded") || !strings.Contains(got.err, firstReference) || !strings.Contains(got.err, want) || strings.Contains(got.err, "as it is") {
					t.Errorf("exit %d, want %q\n%s%s", got.code, want, got.out, got.err)
				}
			}
			if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 2 {
				t.Errorf("%d writes", n)
			}
		})
	}
}

// A broken row hides no other from the list.
func TestEntriesWithABrokenRow(t *testing.T) {
	t.Parallel()
	_, env := account(t)
	args := real(t, many(3))
	if got := try(t, env, args...); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	const begun = `status = 'begun', writes = 1, progress = '{"Status":"begun","Writes":1}'`
	edit(t, args[5], `UPDATE tenderkit_entries SET `+begun)
	edit(t, args[5], `UPDATE tenderkit_entries SET progress = 'x' WHERE reference = '`+firstReference+`'`)
	list := try(t, nil, "-entries", "-store", args[5])
	if list.code != 1 || strings.Count(list.out, "begun") != 2 || !strings.Contains(list.err, firstReference) || !strings.Contains(list.err, "its row is broken") {
		t.Errorf("exit %d\n%s%s", list.code, list.out, list.err)
	}
}

// edit changes a store as a person with the database's own tool does.
func edit(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err == nil {
		_, err = db.Exec(statement)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestStoresThatAreNone(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	later := real(t, many(1))
	if got := try(t, env, later...); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	edit(t, later[5], `UPDATE tenderkit_meta SET version = 99`)
	path := write(t, "text", strings.Repeat("hello\n", 1000))
	for want, args := range map[string][]string{
		"the tables are of version 99": later,
		"store " + path:                real(t, many(1), "-store", path),
		"store " + t.TempDir()[:4]:     real(t, many(1), "-store", t.TempDir()),
	} {
		if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.err, want) || server.Count(brightpearltest.OpCreateCustomerPayment) != 1 {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
}

// A person may be wrong: what the vendor contradicts is a conflict, and is not
// written.
func TestAWrongDecision(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  paymenttest.Fault
		as, id string
		want   string
	}{
		"recorded under another id": {paymenttest.DropAfter(), "recorded", "999", "1 in conflict"},
		"recorded, and it is not":   {paymenttest.DropBefore(), "recorded", "", "1 in conflict"},
		"not recorded, and it is":   {paymenttest.DropAfter(), "not-recorded", "", "1 in conflict"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, env := billing(t, 1)
			args := real(t, many(1), "-to", "backendpay")
			server.Faults().On(server.Is(backendpaytest.OpCreatePayment), c.fault)
			server.Faults().On(server.Is(backendpaytest.OpCustomerPayments), paymenttest.ServerErrorJSON(500, false))
			if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.out, "1 unknown") {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			server.Faults().Clear()
			decided := try(t, nil, "-store", args[5], "-decide", firstReference, "-as", c.as, "-id", c.id, "-by", "Jo", "-note", "two\nlines")
			if decided.code != 0 {
				t.Fatalf("exit %d\n%s%s", decided.code, decided.out, decided.err)
			}
			for range 2 {
				got := try(t, env, args...)
				if got.code != 1 || !strings.Contains(got.out, c.want) || server.Count(backendpaytest.OpCreatePayment) != 1 {
					t.Errorf("exit %d, %d writes\n%s%s", got.code, server.Count(backendpaytest.OpCreatePayment), got.out, got.err)
				}
			}
			if n := strings.Count(try(t, nil, "-store", args[5], "-entries").out, "\n"); n != 3 {
				t.Errorf("an entry takes %d lines", n)
			}
		})
	}
}
