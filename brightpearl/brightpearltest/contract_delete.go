package brightpearltest

import (
	"context"
	"net/http"
	"strconv"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// deleteClauses are about the DELETE of a customer payment.
func deleteClauses() []paymenttest.Clause {
	deletes := func(id, statement string, evidence paymenttest.Evidence, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, decides ...string) paymenttest.Clause {
		return paymenttest.Clause{
			ID: id, Statement: statement, Evidence: evidence, Source: "customer-payment DELETE page", Requests: requests, Plan: "records a receipt of 1.10, deletes it, " + plan,
			Probe: probe, Decides: decides, Needs: []paymenttest.Need{paymenttest.Write, paymenttest.Delete}, Objects: []string{ObjectOrder, ObjectMethod, ObjectCurrency},
		}
	}
	return []paymenttest.Clause{
		deletes("delete.answer", "A deletion is answered with 200, and the payment leaves the search.", paymenttest.Observed, 32, "and searches it until it is gone", probeDelete),
		deletes("delete.again", "A second deletion is 404 with code CMNC-404.", paymenttest.Inferred, 3, "and deletes it again", probeDeleteAgain),
		deletes("delete.frees-reference", "The reference of a deleted payment stays taken.", paymenttest.Unknown, 3, "and records it again", probeFreed, "refsFreedByDelete"),
	}
}

// deleted records a receipt and deletes it with a raw request.
func deleted(ctx context.Context, t *paymenttest.Trial) (p brightpearl.CustomerPayment, id int64, err error) {
	p = paymentOf(t, brightpearl.TypeReceipt, "1.10")
	if id, err = recordNew(ctx, t, p); err != nil {
		return p, id, err
	}
	e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodDelete, Path: accountingPath + "customer-payment/" + strconv.FormatInt(id, 10)})
	if err == nil {
		err = t.Want(e, http.StatusOK, `"object"`)
	}
	return p, id, err
}

func probeDelete(ctx context.Context, t *paymenttest.Trial) error {
	_, id, err := deleted(ctx, t)
	if err != nil {
		return err
	}
	gone, err := t.Await(ctx, func() (bool, error) {
		f, err := searchRaw(ctx, t, byOrder(t))
		return f.row(id) == nil, err
	})
	if err == nil && !gone {
		return t.Differs(t.Last().Place(), "the deleted payment stays in the search")
	}
	return err
}

func probeDeleteAgain(ctx context.Context, t *paymenttest.Trial) error {
	_, id, err := deleted(ctx, t)
	if err != nil {
		return err
	}
	e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodDelete, Path: accountingPath + "customer-payment/" + strconv.FormatInt(id, 10)})
	if err != nil {
		return err
	}
	return wantCode(t, e, http.StatusNotFound, "CMNC-404")
}

func probeFreed(ctx context.Context, t *paymenttest.Trial) error {
	p, _, err := deleted(ctx, t)
	if err != nil {
		return err
	}
	e, _, err := postRaw(ctx, t, p, nil)
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Fact("refsFreedByDelete", true)
		t.Advise("keep a durable payment.Store: the vendor takes the reference of a deleted payment again")
		return t.Want(e, http.StatusOK, idForm)
	}
	if err := wantRefused(t, e, "the reference"); err != nil {
		return err
	}
	t.Fact("refsFreedByDelete", false)
	return nil
}
