package brightpearltest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// duplicateClauses are about a reference that is taken.
func duplicateClauses() []paymenttest.Clause {
	writes := func(id, statement string, evidence paymenttest.Evidence, requests int, plan string, probe func(context.Context, *paymenttest.Trial) error, decides ...string) paymenttest.Clause {
		return paymenttest.Clause{
			ID: id, Statement: statement, Evidence: evidence, Source: "customer-payment POST page: the pair of reference and method is checked", Requests: requests, Plan: plan, Probe: probe,
			Decides: decides, Needs: []paymenttest.Need{paymenttest.Write}, Objects: []string{ObjectOrder, ObjectMethod, ObjectCurrency},
		}
	}
	unknownMethod := advise(writes("duplicate.unknown-method", "A payment under an unknown method is recorded without a journal, and its reference is checked too.", paymenttest.Inferred, 20,
		"records a receipt of 1.10 under the method CONTRACT_NONE, twice, and searches it", probeUnknownMethod, "uncheckedUnknownMethods"), "RecorderOptions.AllowUnknownMethod")
	return []paymenttest.Clause{
		writes("duplicate.answer", "A reference that is taken under the same method is refused with 400.", paymenttest.Unknown, 3,
			"records a receipt of 1.10 and sends it again", probeDuplicate, "duplicateStatus", "duplicateCode"),
		writes("duplicate.method-case", "The letter case of the method does not make a reference free.", paymenttest.Documented, 2,
			"records a receipt of 1.10 and sends it again with its method in small letters", probeTaken(func(p *brightpearl.CustomerPayment) {
				p.PaymentMethodCode = strings.ToLower(p.PaymentMethodCode)
			})),
		writes("duplicate.other-type", "A reference is taken for every payment type.", paymenttest.Inferred, 2,
			"records a receipt of 1.10 and sends a PAYMENT under its reference", probeTaken(func(p *brightpearl.CustomerPayment) { p.PaymentType = brightpearl.TypePayment })),
		unknownMethod,
		writes("duplicate.reference-case", "A reference in other letter case is another reference, and each is shown as it was sent.", paymenttest.Unknown, 21,
			"records two receipts of 1.10 under references that end in -case and -CASE, and searches them", probeReferenceCase),
	}
}

// twice records a receipt and sends it again, changed by edit.
func twice(ctx context.Context, t *paymenttest.Trial, edit func(*brightpearl.CustomerPayment)) (paymenttest.Exchange, error) {
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	if _, err := recordNew(ctx, t, p); err != nil {
		return paymenttest.Exchange{}, err
	}
	if edit != nil {
		edit(&p)
	}
	e, _, err := postRaw(ctx, t, p, nil)
	return e, err
}

func probeDuplicate(ctx context.Context, t *paymenttest.Trial) error {
	e, err := twice(ctx, t, nil)
	if err != nil {
		return err
	}
	if e.Status >= 200 && e.Status < 300 {
		t.Advise("nothing at this vendor keeps a payment from being recorded twice: use a durable payment.Store")
		return t.Differs(e.Place(), "recorded a second time with status %d", e.Status)
	}
	if e.Status == http.StatusForbidden || e.Status == http.StatusTooManyRequests || e.Status >= 500 {
		return t.WantStatus(e, http.StatusBadRequest)
	}
	var answer struct {
		Errors []json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(e.Body, &answer)
	t.See("status %d, code %s, %d errors", e.Status, codeOf(e), len(answer.Errors))
	if err := t.Want(e, e.Status, errorsForm); err != nil {
		return err
	}
	t.Fact("duplicateStatus", e.Status)
	t.Fact("duplicateCode", codeOf(e))
	return nil
}

func probeTaken(edit func(*brightpearl.CustomerPayment)) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, err := twice(ctx, t, edit)
		if err != nil {
			return err
		}
		return wantRefused(t, e, "the taken reference")
	}
}

func probeReferenceCase(ctx context.Context, t *paymenttest.Trial) error {
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	var ids [2]int64
	refs := [2]string{p.TransactionRef + "-case", p.TransactionRef + "-CASE"}
	for i, ref := range refs {
		var err error
		p.TransactionRef = ref
		if ids[i], err = recordNew(ctx, t, p); err != nil {
			return err
		}
	}
	f, err := shown(ctx, t, ids[:]...)
	if err != nil {
		return err
	}
	for i, ref := range refs {
		if got := f.cell(f.row(ids[i]), "transactionRef"); got != ref {
			return t.Differs(f.exchange.Place()+" column transactionRef", "a reference is not shown as it was sent")
		}
	}
	return nil
}

func probeUnknownMethod(ctx context.Context, t *paymenttest.Trial) error {
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	p.PaymentMethodCode = "CONTRACT_NONE"
	id, err := recordNew(ctx, t, p)
	if err != nil {
		return err
	}
	f, err := shown(ctx, t, id)
	if err != nil {
		return err
	}
	if f.cell(f.row(id), "journalId") != nil {
		return t.Differs(f.exchange.Place()+" column journalId", "the payment under an unknown method has a journal")
	}
	e, _, err := postRaw(ctx, t, p, nil)
	if err != nil {
		return err
	}
	if e.Status == http.StatusOK {
		t.Fact("uncheckedUnknownMethods", true)
		t.Advise("leave RecorderOptions.AllowUnknownMethod off: nothing keeps such payments from being recorded twice")
		return t.Want(e, http.StatusOK, idForm)
	}
	if err := wantRefused(t, e, "the taken reference"); err != nil {
		return err
	}
	t.Fact("uncheckedUnknownMethods", false)
	return nil
}
