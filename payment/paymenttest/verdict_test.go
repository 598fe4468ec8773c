package paymenttest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func tenPounds(t *testing.T) payment.Payment {
	t.Helper()
	money, err := payment.ParseMoney("10.00", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{Reference: "r", Kind: payment.Sale, Amount: money, Date: time.Unix(1, 0)}
}

func lost(reference string) *payment.Error {
	return &payment.Error{Vendor: "v", Op: "Record", Reference: reference, Err: payment.ErrOutcomeUnknown}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	p := tenPounds(t)
	entry := Entry{"r", payment.Sale, p.Amount}
	good := payment.Receipt{Vendor: "v", Reference: "r", Amount: p.Amount}
	found := good
	found.AlreadyRecorded = true
	tried := &payment.UnresolvedError{Payment: p, Looks: 1, Err: lost("r")}
	unsaved := &payment.UnresolvedError{Payment: p, Receipt: &good, Err: lost("r")}
	key := payment.Key{Account: payment.Account{Vendor: "v", Tenant: "t", Host: "h"}, Op: "payment", Reference: "r"}
	both := &payment.ConflictError{Want: p, Got: []payment.Receipt{good}}
	untried := &payment.UnresolvedError{Payment: p, Err: lost("r")}
	refusal := &payment.Error{Vendor: "v", Op: "Record", Status: 400, Err: payment.ErrInvalid}
	for name, c := range map[string]struct {
		call   call
		ledger []Entry
		want   string // "" if nothing is wrong
	}{
		"recorded":              {call{receipt: good}, []Entry{entry}, ""},
		"found":                 {call{receipt: found, before: 1}, []Entry{entry}, ""},
		"found after a fault":   {call{receipt: found, disturbed: true}, []Entry{entry}, ""},
		"recorded nothing":      {call{receipt: good}, nil, "does not hold this payment"},
		"another amount":        {call{receipt: good}, []Entry{{"r", payment.Sale, payment.Money{}}}, "does not hold this payment"},
		"another kind":          {call{receipt: good}, []Entry{{"r", payment.Refund, p.Amount}}, "does not hold this payment"},
		"twice":                 {call{receipt: good}, []Entry{entry, entry}, "more than once"},
		"empty receipt":         {call{}, []Entry{entry}, "not one of this payment"},
		"stood, not told":       {call{receipt: good, before: 1}, []Entry{entry}, "stood before"},
		"did not stand, told":   {call{receipt: found}, []Entry{entry}, "it did not"},
		"unknown":               {call{err: lost("r")}, []Entry{entry}, ""},
		"unknown after a look":  {call{err: tried}, nil, ""},
		"unknown, not tried":    {call{err: untried}, nil, "what was tried"},
		"unknown, not saved":    {call{err: unsaved}, []Entry{entry}, ""},
		"held":                  {call{err: &payment.HeldError{Key: key}}, []Entry{entry}, ""},
		"held, whatever":        {call{err: &payment.HeldError{}}, nil, "which payment is held"},
		"a conflict, written":   {call{err: both}, []Entry{entry}, ""},
		"a conflict, unshown":   {call{err: &payment.ConflictError{Want: p}}, []Entry{entry}, "but it was"},
		"unknown, bare":         {call{err: payment.ErrOutcomeUnknown}, nil, "no evidence"},
		"unknown, of another":   {call{err: lost("s")}, nil, "does not tell reference"},
		"unknown, and also not": {call{err: fmt.Errorf("%w %w", lost("r"), payment.ErrNotFound)}, nil, "a clear answer"},
		"unknown, twice":        {call{err: lost("r")}, []Entry{entry, entry}, "more than once"},
		"refused":               {call{err: refusal}, nil, ""},
		"refused, but recorded": {call{err: refusal}, []Entry{entry}, "but it was"},
		"refused again":         {call{err: refusal, before: 1}, []Entry{entry}, ""},
		"foreign error":         {call{err: errors.New("x")}, nil, "none of package payment"},
		"conflict":              {call{err: &payment.ConflictError{Want: p}, before: 1}, []Entry{entry}, ""},
		"bare conflict":         {call{err: payment.ErrConflict, before: 1}, []Entry{entry}, "both sides"},
	} {
		c.call.payment = p
		err := c.call.verdict(append(c.ledger, Entry{Reference: "another"}))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
}

func TestLookupVerdict(t *testing.T) {
	t.Parallel()
	p := tenPounds(t)
	entry, good := Entry{"r", payment.Sale, p.Amount}, payment.Receipt{Vendor: "v", Reference: "r", Amount: p.Amount}
	stands, of := []Entry{entry}, func(list ...payment.Receipt) []payment.Receipt { return list }
	differs := good
	differs.Differs = []string{"Kind"}
	for name, c := range map[string]struct {
		shown    []payment.Receipt
		err      error
		ledger   []Entry
		noLookup bool
		struck   bool
		wrong    bool
	}{
		"found":             {of(good), nil, stands, false, false, false},
		"found two":         {of(good, good), nil, []Entry{entry, entry}, false, false, false},
		"found one of two":  {of(good), nil, []Entry{entry, entry}, false, false, true},
		"found nothing":     {of(good), nil, nil, false, false, true},
		"found another":     {of(payment.Receipt{Vendor: "v", Reference: "s", Amount: p.Amount}), nil, stands, false, false, true},
		"said to differ":    {of(differs), nil, stands, false, false, true},
		"another kind":      {of(differs), nil, []Entry{{"r", payment.Refund, p.Amount}}, false, false, false},
		"not said":          {of(good), nil, []Entry{{"r", payment.Refund, p.Amount}}, false, false, true},
		"of no vendor":      {of(payment.Receipt{Reference: "r", Amount: p.Amount}), nil, stands, false, false, true},
		"not there":         {nil, nil, nil, false, false, false},
		"there":             {nil, nil, stands, false, false, true},
		"not answered":      {nil, nil, nil, false, true, true},
		"cannot":            {nil, payment.ErrNoLookup, stands, true, false, false},
		"could":             {nil, payment.ErrNoLookup, stands, false, false, true},
		"failed":            {nil, payment.ErrUnavailable, stands, false, true, false},
		"foreign error":     {nil, errors.New("x"), stands, false, false, true},
		"an unknown lookup": {nil, lost("r"), stands, false, false, true},
	} {
		if err := lookup(p, c.shown, c.err, c.ledger, c.noLookup, c.struck); (err != nil) != c.wrong {
			t.Errorf("%s: %v", name, err)
		}
	}
}
