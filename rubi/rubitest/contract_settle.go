package rubitest

import (
	"context"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// mailing returns a clause whose writes nobody can undo, and after which Rubi
// mails the sandbox address.
func mailing(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
	return irreversible(id, statement, evidence, source, requests, plan, p, append(more, needs(paymenttest.Notifies))...)
}

// settled is a place that was paid for by Invoice or Confirm.
type settled struct {
	places []*place
	answer told
	stayed bool // in the basket
	mailed bool // as far as the mailbox shows it
}

// settleBy pays for a place, once in a run for each type. It may be refused.
func settleBy(ctx context.Context, t *paymenttest.Trial, kind string) (settled, error) {
	return paymenttest.Share(t, kind, func() (s settled, err error) {
		event, n := t.Object(ObjectEvent), 2
		if kind == typeConfirm {
			event, n = t.Object(ObjectFreeEvent), 1
		}
		if _, s.places, err = book(ctx, t, event, n); err != nil {
			return s, err
		}
		before, err := mails(ctx, t)
		if err != nil {
			return s, err
		}
		if s.answer, _, err = pays(ctx, t, kind, guidsIn(s.places), nil); err != nil || !s.answer.succeeded() {
			return s, err
		}
		for _, p := range s.places {
			p.paid = true
		}
		if s.mailed, err = moreMails(ctx, t, before); err != nil {
			return s, err
		}
		n, err = inBasket(ctx, t, s.places)
		s.stayed = n > 0
		return s, err
	})
}

// settledBy is settleBy for what needs a payment that was accepted.
func settledBy(ctx context.Context, t *paymenttest.Trial, kind string) (settled, error) {
	s, err := settleBy(ctx, t, kind)
	if err == nil && !s.answer.succeeded() {
		err = t.NotDecidable("%s is refused with code %s", kind, s.answer.word())
	}
	return s, err
}

// mails returns how many mails the sandbox address has got, or 0 without a
// mailbox.
func mails(ctx context.Context, t *paymenttest.Trial) (int, error) {
	address := t.Object(ObjectMailbox)
	if address == "" {
		return 0, nil
	}
	e, err := t.Get(ctx, address)
	if err == nil {
		err = t.WantStatus(e, 200)
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(e.Body)))
	if err != nil {
		return 0, t.Inconclusive("the mailbox does not tell a number")
	}
	return n, nil
}

// moreMails waits for a mail.
func moreMails(ctx context.Context, t *paymenttest.Trial, before int) (bool, error) {
	if t.Object(ObjectMailbox) == "" {
		return false, nil
	}
	return t.Await(ctx, func() (bool, error) {
		n, err := mails(ctx, t)
		return n > before, err
	})
}

// noteEmailLists notes the form of EmailBCC and EmailAttachments.
func noteEmailLists(t *paymenttest.Trial, a told, row shown) error {
	bcc, ok1 := listForm(row, "EmailBCC")
	files, ok2 := listForm(row, "EmailAttachments")
	if !ok1 || !ok2 || bcc != files {
		return t.Differs(a.place("[].EmailBCC"), "it and EmailAttachments are not lists of one known form")
	}
	t.Fact("emailLists", bcc)
	return nil
}

func listForm(row shown, name string) (ListForm, bool) {
	member, there := row[name]
	text, isText := member.(string)
	switch {
	case !there:
		return ListMissing, true
	case member == nil:
		return ListNull, true
	case text == "" && isText:
		return ListEmpty, true
	}
	_, isList := unlayer(member).([]any)
	if isText {
		return ListText, isList
	}
	return ListJSON, isList
}
