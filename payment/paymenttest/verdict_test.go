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
	tried := &payment.UnresolvedError{Payment: p, Looks: 1, Seen: payment.ErrNotFound, Err: lost("r")}
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
	stands, good := []Entry{{"r", payment.Sale, p.Amount}}, payment.Receipt{Reference: "r", Amount: p.Amount}
	for name, c := range map[string]struct {
		receipt  payment.Receipt
		err      error
		ledger   []Entry
		noLookup bool
		wrong    bool
	}{
		"found":             {good, nil, stands, false, false},
		"found nothing":     {good, nil, nil, false, true},
		"found another":     {payment.Receipt{Reference: "s", Amount: p.Amount}, nil, stands, false, true},
		"not there":         {payment.Receipt{}, payment.ErrNotFound, nil, false, false},
		"there":             {payment.Receipt{}, payment.ErrNotFound, stands, false, true},
		"cannot":            {payment.Receipt{}, payment.ErrNoLookup, stands, true, false},
		"could":             {payment.Receipt{}, payment.ErrNoLookup, stands, false, true},
		"failed":            {payment.Receipt{}, payment.ErrUnavailable, stands, false, false},
		"foreign error":     {payment.Receipt{}, errors.New("x"), stands, false, true},
		"an unknown lookup": {payment.Receipt{}, lost("r"), stands, false, true},
	} {
		if err := lookup(p, c.receipt, c.err, c.ledger, c.noLookup); (err != nil) != c.wrong {
			t.Errorf("%s: %v", name, err)
		}
	}
}
