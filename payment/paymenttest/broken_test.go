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
	record, find func(*ownRecorder, context.Context, payment.Payment) (payment.Receipt, error)
}

func (b broken) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	if b.record == nil {
		return b.ownRecorder.Record(ctx, p)
	}
	return b.record(b.ownRecorder, ctx, p)
}

func (b broken) Find(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	if b.find == nil {
		return b.ownRecorder.Find(ctx, p)
	}
	return b.find(b.ownRecorder, ctx, p)
}

// believes404 takes a 404 for the vendor's word that nothing is recorded.
func believes404(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	receipt, err := r.Find(ctx, p)
	var e *payment.Error
	if errors.As(err, &e) && e.Status == 404 {
		e.Err = payment.ErrNotFound
	}
	return receipt, err
}

// wrong is what can be wrong, the part of the suite that notices, and what it
// says.
var wrong = map[string]struct {
	broken
	rules
	part, says string
}{
	"repeats a lost write": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p)
		if errors.Is(err, payment.ErrOutcomeUnknown) {
			return r.Record(ctx, p)
		}
		return receipt, err
	}}, rules{}, "faults/Record", "recorded more than once"},
	"calls a lost write unavailable": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p)
		if errors.Is(err, payment.ErrOutcomeUnknown) {
			err = failure("Record", p, 0, payment.ErrUnavailable)
		}
		return receipt, err
	}}, rules{refusesDuplicates: true}, "faults/Record", "says that nothing was recorded, but it was"},
	"keeps errors to itself": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		_, err := r.Record(ctx, p)
		if errors.Is(err, payment.ErrInvalid) {
			return payment.Receipt{}, err
		}
		return payment.Receipt{Vendor: "own", Reference: p.Reference, Amount: p.Amount}, nil
	}}, rules{}, "faults/Record", "the ledger does not hold this payment"},
	"gives no evidence": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p)
		if errors.Is(err, payment.ErrOutcomeUnknown) {
			err = payment.ErrOutcomeUnknown
		}
		return receipt, err
	}}, rules{}, "faults/Record", "no evidence"},
	"says that it wrote what it found": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		receipt, err := r.Record(ctx, p)
		receipt.AlreadyRecorded = false
		return receipt, err
	}}, rules{refusesDuplicates: true}, "duplicates/one", "stood before, and the receipt does not say so"},
	"finds nothing": {broken{find: func(_ *ownRecorder, _ context.Context, p payment.Payment) (payment.Receipt, error) {
		return payment.Receipt{}, failure("Find", p, 200, payment.ErrNotFound)
	}}, rules{}, "kinds", "did not find what the ledger holds"},
	"finds everything": {broken{find: func(_ *ownRecorder, _ context.Context, p payment.Payment) (payment.Receipt, error) {
		return payment.Receipt{Vendor: "own", Reference: p.Reference, Amount: p.Amount, AlreadyRecorded: true}, nil
	}}, rules{}, "faults/Find_nothing", "found what the ledger does not hold"},
	"takes another payment for this one": {broken{find: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		receipt, err := r.Find(ctx, p)
		if isConflict(err) {
			receipt.Amount, err = p.Amount, nil
		}
		return receipt, err
	}}, rules{}, "conflict", "want a conflict"},
	"takes a 404 for an answer":                   {broken{find: believes404}, rules{}, "faults/Find", "did not find what the ledger holds"},
	"takes a 404 for an answer, and writes again": {broken{find: believes404}, rules{}, "no word/Once", "recorded more than once"},
	"records another kind": {broken{record: func(r *ownRecorder, ctx context.Context, p payment.Payment) (payment.Receipt, error) {
		if p.Kind == payment.Authorization {
			p.Kind = payment.Sale
		}
		return r.Record(ctx, p)
	}}, rules{}, "kinds", "want a FieldError"},
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
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunRefusesDuplicates$/^"+strings.NewReplacer("/", "$/^", " ", "_").Replace(how.part))
			cmd.Env = append(os.Environ(), fmt.Sprint(brokenEnv, "=", name))
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), how.says) {
				t.Errorf("the suite says %v, and not %q:\n%s", err, how.says, out[:min(len(out), 3000)])
			}
		})
	}
}
