package backendpaytest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// referenceClauses are about what the vendor does with a reference.
func referenceClauses() []paymenttest.Clause {
	const unknown = paymenttest.Unknown
	return []paymenttest.Clause{
		with(creating("reference.duplicate", "A second payment with the same ourReference is accepted.", unknown, nowhere, 2, "records 0.40 twice with one reference", probeDuplicate, "refusesDuplicates"), func(c *paymenttest.Clause) {
			c.Option = "NewPayment.CheckReference"
		}),
		creating("reference.length", "200 characters of ourReference are kept.", unknown, nowhere, 2, "records 0.40 with a reference of 200 characters and reads it", probeReferenceLength, "referenceLength"),
		with(creating("reference.case", "ourReference keeps its letters.", unknown, nowhere, 2, "records 0.40 and reads it", probeReferenceCase, "foldsReference"), func(c *paymenttest.Clause) {
			c.Option = "a reference in capitals"
		}),
	}
}

// showClauses are about when a new payment shows in lists, and by which clock.
func showClauses() []paymenttest.Clause {
	const inferred, unknown = paymenttest.Inferred, paymenttest.Unknown
	return []paymenttest.Clause{
		creating("show.lag", "A list shows a new payment at once.", unknown, nowhere, 40, "records 0.40 and lists the customer's payments until it shows", probeLag, "indexLag"),
		creating("show.clock", "createdSince goes by the clock of the Date header.", inferred, reasoned, 40, "records 0.40 and lists since that second, and since ten seconds later", probeClock),
		creating("show.no-zone", "A datetime without a zone is UTC.", unknown, nowhere, 40, "records 0.40 and lists since half an hour before and after, without a zone", probeNoZone),
	}
}

func probeDuplicate(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	e, id, err := post(ctx, t, made.sent)
	if err != nil {
		return err
	}
	if id == "" {
		if err := wantRefused(t, e, http.StatusConflict); err != nil {
			return err
		}
		t.Fact("refusesDuplicates", true)
		return nil
	}
	t.Fact("refusesDuplicates", false)
	return t.WantStatus(e, http.StatusCreated, http.StatusOK)
}

func probeReferenceLength(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	sent := fmt.Sprint(fields["ourReference"], "-")
	for i := 0; len(sent) < 200; i++ {
		sent += string(rune('a' + i%26))
	}
	fields["ourReference"] = sent
	made, err := record(ctx, t, fields)
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	kept := stands.text("ourReference")
	switch {
	case kept == "" || len(kept) > len(sent) || !strings.EqualFold(kept, sent[:len(kept)]):
		return t.Differs(t.Last().Place()+" $.ourReference", "neither the reference nor its beginning")
	case len(kept) < len(sent):
		t.Fact("referenceLength", len(kept))
		t.Advise("keep references to %d characters", len(kept))
	default:
		t.Fact("referenceLength", 0)
	}
	return nil
}

func probeReferenceCase(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	sent, kept := made.sent["ourReference"].(string), stands.text("ourReference")
	switch {
	case kept != "" && strings.HasPrefix(sent, kept):
		t.Fact("foldsReference", false)
	case kept != "" && strings.HasPrefix(strings.ToUpper(sent), kept):
		t.Fact("foldsReference", true)
		t.Advise("write references in capitals: others are not kept as they are")
	default:
		return t.Differs(t.Last().Place()+" $.ourReference", "the reference is neither as it was sent nor in capitals")
	}
	return nil
}

func customerPath(t *paymenttest.Trial) string {
	return path("customers", t.Object(ObjectCustomer), "payments")
}

func probeLag(ctx context.Context, t *paymenttest.Trial) error {
	before := t.Now()
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	done, unseen := t.Now(), time.Duration(0)
	seen, err := t.Await(ctx, func() (bool, error) {
		asked := t.Now()
		_, found, err := findRow(ctx, t, customerPath(t), sameDay(made.shown), made.id())
		if err == nil && !found {
			unseen = asked.Sub(done)
		}
		return found, err
	})
	if err != nil {
		return err
	}
	if !seen {
		return t.NotDecidable("the payment did not show in the list")
	}
	after := t.Now().Sub(before)
	t.Between("indexLag", unseen, after)
	t.See("shown after %s to %s", unseen, after)
	if unseen > 0 {
		t.Advise("use payment.WithPatience so that looks go on for longer than %s", after)
	}
	return nil
}

// awaitShown records a payment, waits until a list shows it, and returns the
// second in which it was made.
func awaitShown(ctx context.Context, t *paymenttest.Trial) (made created, second time.Time, err error) {
	if made, err = record(ctx, t, newPayment(t)); err != nil {
		return made, second, err
	}
	if second, err = made.second(); err != nil {
		return made, second, t.NotDecidable("the answer has no Date header")
	}
	seen, err := t.Await(ctx, func() (bool, error) {
		_, found, err := findRow(ctx, t, customerPath(t), sameDay(made.shown), made.id())
		return found, err
	})
	if err == nil && !seen {
		err = t.NotDecidable("the payment did not show in the list")
	}
	return made, second, err
}

// wantSince returns nil if createdSince shows the payment for one time, and not
// for another.
func wantSince(ctx context.Context, t *paymenttest.Trial, made created, shows, hides string) error {
	for _, since := range []string{shows, hides} {
		_, found, err := findRow(ctx, t, customerPath(t), sameDay(made.shown)+"&createdSince="+since, made.id())
		if err != nil {
			return err
		}
		if found != (since == shows) {
			return t.Differs(t.Last().Place()+" createdSince", "the payment is shown: %t", found)
		}
	}
	return nil
}

func probeClock(ctx context.Context, t *paymenttest.Trial) error {
	made, second, err := awaitShown(ctx, t)
	if err != nil {
		return err
	}
	return wantSince(ctx, t, made, stampOf(second), stampOf(second.Add(10*time.Second)))
}

func probeNotCollected(ctx context.Context, t *paymenttest.Trial) error {
	made, _, err := awaitShown(ctx, t)
	if err != nil {
		return err
	}
	_, found, err := findRow(ctx, t, customerPath(t), "includeReversed=true&"+sameDay(made.shown)+"&collectedSince="+sinceAlways, made.id())
	if err == nil && found {
		err = t.Differs(t.Last().Place(), "a payment that was only created is collected")
	}
	return err
}

func probeNoZone(ctx context.Context, t *paymenttest.Trial) error {
	made, second, err := awaitShown(ctx, t)
	if err != nil {
		return err
	}
	bare := func(at time.Time) string { return strings.TrimSuffix(stampOf(at), "Z") }
	return wantSince(ctx, t, made, bare(second.Add(-30*time.Minute)), bare(second.Add(30*time.Minute)))
}
