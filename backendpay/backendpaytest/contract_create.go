package backendpaytest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// createClauses are about what a creation takes and answers.
func createClauses() []paymenttest.Clause {
	const doc, inferred, unknown = paymenttest.Documented, paymenttest.Inferred, paymenttest.Unknown
	without := func(id, field string) paymenttest.Clause {
		return creating("create.without-"+id, "A creation without "+field+" is refused with 400.", unknown, nowhere, 2, "tries to record 0.40 without "+field, probeWithout(field))
	}
	return []paymenttest.Clause{
		creating("create.record", "A creation takes a JSON object and returns the new payment, as GET by id shows it.", doc, paymentsPage+"; that the body is JSON is inferred",
			2, "records 0.40 and reads it", probeCreated),
		creating("create.fields", "The payment shows what was sent.", inferred, reasoned, 2, "records 0.40 with all fields that can be written, and reads it", probeEcho),
		creating("create.status", "The status of a creation is 201.", unknown, nowhere, 1, "records 0.40", probeCreateStatus, "createStatus"),
		with(creating("create.amount-form", "Amounts may be sent as numbers and as texts.", unknown, nowhere, 2, "records 0.40 twice, as number and as text", probeAmountsSent, "amountsSent"), func(c *paymenttest.Clause) {
			c.Option = "Config.AmountAsText"
		}),
		creating("create.refund", "A negative amount is a refund.", doc, "working with payments page", 1, "records -0.40", probeRefund),
		creating("create.collects-nothing", "A creation moves no money: the payment is not collected.", inferred, reasoned, 40, "records 0.40 and lists the collected payments of the day", probeNotCollected),
		without("date", "paymentDate"), without("amount", "paymentAmount"), without("method", "paymentMethod"),
		creating("create.any-method", "A method that is not the name of a payment type is refused.", unknown, nowhere, 1, "tries to record 0.40 by an invented method", probeAnyMethod, "anyMethod"),
		with(creating("create.customer-default", `"Customer Default" is refused as a method.`, unknown, "a choice of the user interface; "+nowhere, 1, "tries to record 0.40 by it", probeCustomerDefault), func(c *paymenttest.Clause) {
			c.Depends = []string{"anyMethod"}
		}),
		creating("create.unknown-field", "A field that cannot be written is refused with 400.", inferred, reasoned, 2, "tries to record 0.40 as reversed", probeUnknownField),
		with(creating("create.customer-only", "A payment cannot be created without a customer in the path.", doc, paymentsPage+", by omission", 1, "tries to record 0.40 without a customer", probeNoCustomer), func(c *paymenttest.Clause) {
			c.Objects = []string{ObjectMethod}
		}),
		creating("create.unknown-customer", "A payment of a customer that does not exist is refused with 404.", inferred, reasoned, 1, "tries to record 0.40 for such a customer", probeNobody),
		with(creating("create.read-only", "A key without the right to write is refused with 403.", inferred, reasoned, 1, "tries to record 0.40 with the read-only key", probeReadOnly), func(c *paymenttest.Clause) {
			c.Objects = append(c.Objects, ObjectReadOnlyKey)
		}),
	}
}

func probeCreated(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	return wantSame(t, made.exchange.Place()+" $", made.shown, stands)
}

func probeEcho(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	fields["customerReference"], fields["paymentAmount"] = "contract 1/2", amountFor(t, "120.10")
	made, err := record(ctx, t, fields)
	if err != nil {
		return err
	}
	stands, err := itemOf(ctx, t, path("payments", made.id()), "", paymentForm)
	if err != nil {
		return err
	}
	day, _ := stands.on("paymentDate")
	for _, field := range []struct{ name, got, want string }{
		{"customerReference", stands.text("customerReference"), "contract 1/2"}, {"paymentAmount", stands.text("paymentAmount"), "120.10"},
		{"paymentMethod", stands.text("paymentMethod"), t.Object(ObjectMethod)}, {"paymentDate", dayOf(day), dayOf(t.Began())},
	} {
		if field.got != field.want {
			return t.Differs(t.Last().Place()+" $."+field.name, "%q, not %q", field.got, field.want)
		}
	}
	return nil
}

func probeCreateStatus(ctx context.Context, t *paymenttest.Trial) error {
	made, err := record(ctx, t, newPayment(t))
	if err == nil {
		t.Fact("createStatus", made.exchange.Status)
	}
	return err
}

func probeAmountsSent(ctx context.Context, t *paymenttest.Trial) error {
	var taken [2]bool
	for i, amount := range []any{json.Number("0.40"), "0.40"} {
		fields := newPayment(t)
		fields["paymentAmount"] = amount
		e, id, err := post(ctx, t, fields)
		if err != nil {
			return err
		}
		if err := t.WantStatus(e, http.StatusCreated, http.StatusOK, http.StatusBadRequest); err != nil {
			return err
		}
		if taken[i] = id != ""; !taken[i] {
			if err := wantRefused(t, e, http.StatusBadRequest); err != nil {
				return err
			}
		}
	}
	t.See("taken as number %t, as text %t", taken[0], taken[1])
	switch taken {
	case [2]bool{true, true}:
		t.Fact("amountsSent", AmountAny)
	case [2]bool{true, false}:
		t.Fact("amountsSent", AmountNumber)
	case [2]bool{false, true}:
		t.Fact("amountsSent", AmountString)
		t.Advise("set Config.AmountAsText: amounts are refused as numbers")
	default:
		return t.Differs(t.Last().Place(), "a payment is refused, whatever the form of its amount")
	}
	return nil
}

func probeRefund(ctx context.Context, t *paymenttest.Trial) error {
	fields := newPayment(t)
	fields["paymentAmount"] = amountFor(t, "-0.40")
	made, err := record(ctx, t, fields)
	if err == nil && made.text("paymentAmount") != "-0.40" {
		err = t.Differs(made.exchange.Place()+" $.paymentAmount", "not the negative amount that was sent")
	}
	return err
}

func probeWithout(field string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		if err := wantAmountForm(ctx, t); err != nil {
			return err
		}
		fields := newPayment(t)
		delete(fields, field)
		return tryRefused(ctx, t, fields, "a payment without "+field)
	}
}

func probeUnknownField(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentReversedDate"] = dayOf(t.Began())
	return tryRefused(ctx, t, fields, "a payment with paymentReversedDate")
}

func probeAnyMethod(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentMethod"] = "contract-no-such-method"
	e, id, err := post(ctx, t, fields)
	if err != nil {
		return err
	}
	if id == "" {
		err = wantRefused(t, e, http.StatusBadRequest)
	}
	if err == nil {
		t.Fact("anyMethod", id != "")
	}
	return err
}

func probeCustomerDefault(ctx context.Context, t *paymenttest.Trial) error {
	if err := wantAmountForm(ctx, t); err != nil {
		return err
	}
	fields := newPayment(t)
	fields["paymentMethod"] = "Customer Default"
	return tryRefused(ctx, t, fields, "the method Customer Default")
}

func probeNoCustomer(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postTo(ctx, t, ask{path: "/payments"}, newPayment(t))
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusMethodNotAllowed, http.StatusNotFound)
}

func probeNobody(ctx context.Context, t *paymenttest.Trial) error {
	e, _, err := postTo(ctx, t, ask{path: path("customers", missingID, "payments")}, newPayment(t))
	if err != nil {
		return err
	}
	return wantRefused(t, e, http.StatusNotFound)
}

func probeReadOnly(ctx context.Context, t *paymenttest.Trial) error {
	e, id, err := postTo(ctx, t, ask{path: path("customers", t.Object(ObjectCustomer), "payments"), key: t.Object(ObjectReadOnlyKey)}, newPayment(t))
	if err != nil {
		return err
	}
	if id != "" {
		return t.Differs(e.Place(), "the read-only key writes, with status %d", e.Status)
	}
	return wantRefused(t, e, http.StatusForbidden)
}
