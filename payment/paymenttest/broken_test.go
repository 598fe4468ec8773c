package paymenttest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// brokenEnv says which Recorder TestRunRefusesDuplicates takes.
const brokenEnv = "TENDERKIT_PAYMENTTEST_BROKEN"

// broken is a Recorder with something wrong.
type broken struct {
	*ownRecorder
	account func(payment.Account) payment.Account
	prepare func(payment.Payment) payment.Payment
	record  recordFunc
	find    findFunc
}

type (
	recordFunc func(*ownRecorder, context.Context, payment.Payment, *payment.Attempt) (payment.Receipt, error)
	findFunc   func(*ownRecorder, context.Context, payment.Payment) ([]payment.Receipt, error)
)

func (b broken) Account() payment.Account {
	if b.account == nil {
		return b.ownRecorder.Account()
	}
	return b.account(b.ownRecorder.Account())
}

func (b broken) Prepare(ctx context.Context, p payment.Payment) (payment.Payment, error) {
	p, err := b.ownRecorder.Prepare(ctx, p)
	if b.prepare == nil || err != nil {
		return p, err
	}
	return b.prepare(p), nil
}

func (b broken) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if b.record == nil {
		return b.ownRecorder.Record(ctx, p, a)
	}
	return b.record(b.ownRecorder, ctx, p, a)
}

func (b broken) Find(ctx context.Context, p payment.Payment, a *payment.Attempt) ([]payment.Receipt, error) {
	if b.find == nil {
		return b.ownRecorder.Find(ctx, p, a)
	}
	return b.find(b.ownRecorder, ctx, p)
}

// believes404 takes a 404 for the vendor's word that nothing is recorded.
func believes404(r *ownRecorder, ctx context.Context, p payment.Payment) ([]payment.Receipt, error) {
	found, err := r.Find(ctx, p, nil)
	var e *payment.Error
	if errors.As(err, &e) && e.Status == 404 {
		return nil, nil
	}
	return found, err
}

// turned changes the error of a lost write.
func turned(into func(payment.Payment) error) recordFunc {
	return func(r *ownRecorder, ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p, a)
		if errors.Is(err, payment.ErrOutcomeUnknown) {
			err = into(p)
		}
		return receipt, err
	}
}

// wrong is what can be wrong, the part of the suite that notices, and what it
// says.
var wrong = map[string]struct {
	broken
	rules
	part, says string
}{
	"repeats a lost write": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p, a)
		if errors.Is(err, payment.ErrOutcomeUnknown) {
			return r.Record(ctx, p, a)
		}
		return receipt, err
	}}, rules{}, "faults/Record", "recorded more than once"},
	"calls a lost write unavailable": {broken{record: turned(func(p payment.Payment) error { return failure("Record", p, 0, payment.ErrUnavailable) })},
		rules{refusesDuplicates: true}, "faults/Record", "says that nothing was recorded, but it was"},
	"keeps errors to itself": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
		_, err := r.Record(ctx, p, a)
		if errors.Is(err, payment.ErrInvalid) {
			return payment.Receipt{}, err
		}
		return payment.Receipt{Vendor: "own", Reference: p.Reference, Amount: p.Amount}, nil
	}}, rules{}, "faults/Record", "the ledger does not hold this payment"},
	"gives no evidence": {broken{record: turned(func(payment.Payment) error { return payment.ErrOutcomeUnknown })},
		rules{}, "faults/Record", "no evidence"},
	"finds nothing": {broken{find: func(*ownRecorder, context.Context, payment.Payment) ([]payment.Receipt, error) {
		return nil, nil
	}}, rules{}, "kinds", "did not find what the ledger holds"},
	"finds everything": {broken{find: func(_ *ownRecorder, _ context.Context, p payment.Payment) ([]payment.Receipt, error) {
		return []payment.Receipt{{Vendor: "own", Reference: p.Reference, Amount: p.Amount}}, nil
	}}, rules{}, "faults/Find_nothing", "found what the ledger does not hold"},
	"takes another payment for this one": {broken{find: func(r *ownRecorder, ctx context.Context, p payment.Payment) ([]payment.Receipt, error) {
		found, err := r.Find(ctx, p, nil)
		for i := range found {
			found[i].Amount, found[i].Differs = p.Amount, nil
		}
		return found, err
	}}, rules{}, "conflict", "want a conflict"},
	"takes a failed lookup for none": {broken{find: func(r *ownRecorder, ctx context.Context, p payment.Payment) ([]payment.Receipt, error) {
		found, err := r.Find(ctx, p, nil)
		if errors.Is(err, payment.ErrUnavailable) {
			return nil, nil
		}
		return found, err
	}}, rules{}, "faults/Find_nothing", "although the last request was not answered"},
	"takes a 404 for an answer":                   {broken{find: believes404}, rules{}, "faults/Find", "did not find what the ledger holds"},
	"takes a 404 for an answer, and writes again": {broken{find: believes404}, rules{}, "no word/Once", "recorded more than once"},
	"records another kind": {broken{prepare: func(p payment.Payment) payment.Payment { return p },
		record: func(r *ownRecorder, ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
			if p.Kind == payment.Authorization {
				p.Kind = payment.Sale
			}
			return r.Record(ctx, p, a)
		}}, rules{}, "kinds", "want a FieldError"},
	"writes without Begin": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment, _ *payment.Attempt) (payment.Receipt, error) {
		return r.Record(ctx, p, payment.NewAttempt(nil, nil))
	}}, rules{}, "kinds", "after 0 calls of Begin"},
	"changes the payment each time": {broken{prepare: func(p payment.Payment) payment.Payment {
		p.Method += "x"
		return p
	}}, rules{}, "kinds", "prepared twice"},
	"has no account": {broken{account: func(a payment.Account) payment.Account {
		a.Tenant = ""
		return a
	}}, rules{}, "kinds", "Account.Tenant: is empty"},
	"has another account in each process": {broken{account: func(a payment.Account) payment.Account {
		a.Tenant = fmt.Sprint(os.Getpid())
		return a
	}}, rules{}, "duplicates/processes_with_a_Store", "the account is"},
}

// TestRunRefusesDuplicates runs the suite against a Recorder that is as it
// should be; in a process that TestRunNotices starts, against a broken one.
func TestRunRefusesDuplicates(t *testing.T) {
	t.Parallel()
	how, ok := wrong[os.Getenv(brokenEnv)]
	if !ok {
		how.rules = rules{refusesDuplicates: true}
	}
	paymenttest.Run(t, how.harness(func(c paymenttest.Connection, r rules) payment.Recorder {
		b := how.broken
		b.ownRecorder = &ownRecorder{r, c}
		return b
	}))
}

func TestRunNotices(t *testing.T) {
	t.Parallel()
	for name, how := range wrong {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			notices(t, name, "^TestRunRefusesDuplicates$/^"+strings.NewReplacer("/", "$/^", " ", "_").Replace(how.part), how.says)
		})
	}
}

// notices runs a part of a suite with something broken in a process of its own.
func notices(t *testing.T, broken, pattern, says string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+pattern)
	cmd.Env = append(os.Environ(), fmt.Sprint(brokenEnv, "=", broken))
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), says) {
		t.Errorf("the suite says %v, and not %q:\n%s", err, says, out[:min(len(out), 3000)])
	}
}
