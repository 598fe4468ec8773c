package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// resolve lists what is missing on the right, and then records it there. It
// returns how many payments it has handed over.
//
// A payment is handed over only if it is plainly missing: its reference stands
// in no other finding, and the Store does not hold that it is recorded already.
// payment.Resume is payment.Once that asks the vendor in any case, because
// somebody may have recorded the payment since the comparison, or without this
// Store.
func (p *pair) resolve(ctx context.Context, r *report, out io.Writer) (handed int, err error) {
	missing := r.missing()
	fmt.Fprintf(out, "\n%s can be recorded in %s:\n", plural(len(missing), "missing payment"), p.right.name)
	if len(missing) == 0 {
		return 0, nil
	}
	if p.right.recorder == nil || p.left.payments == nil {
		return 0, errors.New("-resolve needs payments on the left and a vendor on the right")
	}
	var payments []payment.Payment
	for one, err := range p.left.payments(ctx) {
		if err != nil {
			return 0, err
		}
		if missing[one.Reference] {
			missing[one.Reference] = false // the first stands for it
			payments = append(payments, one)
			fmt.Fprintf(out, "  %s %s of %v for %s\n", plain(one.Reference), one.Kind, one.Amount, plain(one.Target))
		}
	}
	fmt.Fprintln(out)
	for _, one := range payments {
		was, err := p.record(ctx, one)
		if err != nil && ctx.Err() != nil {
			return handed, err
		}
		if err != nil {
			was = "not recorded: " + err.Error()
		} else {
			handed++
		}
		fmt.Fprintf(out, "  %s %s\n", plain(one.Reference), was)
	}
	return handed, nil
}

// missing returns the references that are plainly missing. A reference that
// stands in another finding too is ambiguous.
func (r *report) missing() map[string]bool {
	missing := map[string]bool{}
	for _, f := range r.findings {
		if f.Verdict == reconcile.Missing && f.Left[0].Reference != "" {
			missing[r.fold(f.Left[0].Reference)] = true
		}
	}
	for _, f := range r.findings {
		if f.Verdict == reconcile.Missing {
			continue
		}
		for _, list := range [...][]reconcile.Record{f.Left, f.Right} {
			for _, record := range list {
				delete(missing, r.fold(record.Reference))
			}
		}
	}
	exact := map[string]bool{}
	for _, f := range r.findings {
		if f.Verdict == reconcile.Missing && missing[r.fold(f.Left[0].Reference)] {
			exact[f.Left[0].Reference] = true
		}
	}
	return exact
}

func (r *report) fold(reference string) string {
	if r.right.fold == nil {
		return reference
	}
	return r.right.fold(reference)
}

var errRecorded = errors.New("the Store holds it as recorded, and the vendor does not show it: a person has to decide")

// record hands one payment over, and says what became of it.
func (p *pair) record(ctx context.Context, one payment.Payment) (string, error) {
	if p.right.adapt != nil {
		if err := p.right.adapt(ctx, &one); err != nil {
			return "", err
		}
	}
	switch known, err := payment.Inspect(ctx, p.store, payment.KeyOf(p.right.recorder, one)); {
	case err == nil && known.Status == payment.Recorded:
		return "", errRecorded
	case err != nil && !errors.Is(err, payment.ErrNotFound):
		return "", err
	}
	receipt, err := payment.Resume(ctx, p.right.recorder, one, append([]payment.OnceOption{payment.WithStore(p.store)}, p.patience...)...)
	switch {
	case err != nil:
		return "", err
	case receipt.AlreadyRecorded:
		return "was recorded meanwhile, as " + receipt.ID, nil
	}
	return "recorded as " + receipt.ID, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
