package spektrixtest

import (
	"context"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func probeUndefined(ctx context.Context, t *paymenttest.Trial) error {
	const name = "contract undefined"
	p, e, err := paid(ctx, t, paymentBody(t, "1.00", payment.Attribute{Name: name, Value: t.Reference()}))
	if err != nil {
		return err
	}
	_, stored := p.value(name)
	switch {
	case e.Status == http.StatusBadRequest:
		t.Fact("undefinedAttributes", RefuseUndefined)
	case stored:
		t.Fact("undefinedAttributes", StoreUndefined)
	default:
		t.Fact("undefinedAttributes", DropUndefined)
		t.Advise("leave SkipAttributeCheck off: undefined attributes are dropped")
	}
	return nil
}

func probeAttributeCase(ctx context.Context, t *paymenttest.Trial) error {
	name := t.Object(ObjectAttribute)
	capitals := strings.ToUpper(name)
	if capitals == name {
		return t.NotDecidable("the attribute has no small letters")
	}
	p, e, err := paid(ctx, t, paymentBody(t, "1.00", payment.Attribute{Name: capitals, Value: t.Reference()}))
	if err != nil {
		return err
	}
	_, asDefined := p.value(name)
	_, asSent := p.value(capitals)
	switch {
	case asDefined:
		return t.Differs(e.Place()+" attributes", "the attribute in capitals is taken for the defined one")
	case asSent:
		return t.NotDecidable("undefined attributes are stored, so it may be one")
	}
	return nil
}

func probeBlanks(ctx context.Context, t *paymenttest.Trial) error {
	ref := t.Reference()
	p, e, err := paid(ctx, t, paymentBody(t, "1.00", reference(t, " "+ref+" ")))
	if err != nil {
		return err
	}
	if err := wantDone(t, e); err != nil {
		return err
	}
	switch value, _ := p.value(t.Object(ObjectAttribute)); value {
	case " " + ref + " ":
		t.Fact("trimsValues", false)
	case ref:
		t.Fact("trimsValues", true)
		t.Advise("leave RecorderOptions.AllowOuterBlanks off: values lose white space at their ends")
	default:
		return t.Differs(e.Place()+" attributes", "the value is neither kept nor trimmed at both ends")
	}
	return nil
}

func probeNoAttributes(ctx context.Context, t *paymenttest.Trial) error {
	b, err := withTicket(ctx, t, "{}")
	if err != nil {
		return err
	}
	without := `{"PaymentTypeId":` + quote(t.Object(ObjectPaymentType)) + `,"Amount":2.00}`
	for _, body := range []string{paymentBody(t, "1.00"), without} {
		e, err := tryPayment(ctx, t, b.ID, body)
		if err != nil {
			return err
		}
		if err := wantDone(t, e); err != nil {
			return err
		}
	}
	return nil
}
