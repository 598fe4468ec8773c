package backendpaytest

import (
	"context"
	"fmt"
	"net/url"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// neighbourClauses are about payment parts, payment types and customers.
func neighbourClauses() []paymenttest.Clause {
	const doc = paymenttest.Documented
	on := func(c paymenttest.Clause, objects ...string) paymenttest.Clause {
		c.Objects = objects
		return c
	}
	return []paymenttest.Clause{
		on(reading("parts.payment", "A payment has a list of parts, each with id and amount.", doc, partsPage, 1, "lists the payment's parts", probeParts), ObjectPayment),
		on(reading("parts.invoice", "An invoice has a list of the same parts.", doc, partsPage, 2, "lists the parts of the payment and of the invoice", probeInvoiceParts), ObjectPayment, ObjectInvoice),
		on(reading("parts.part", "A part can be read by its id, and in the list of all parts.", doc, partsPage, 3, "reads a part of the payment and lists the parts after the one before", probePart), ObjectPayment),
		with(on(reading("parts.id-after", "The list of parts takes idAfter.", doc, partsPage, 2, "lists the parts after one of the payment", probePartsAfter), ObjectPayment), func(c *paymenttest.Clause) {
			c.Depends = []string{"idAfterIgnored"}
		}),
		reading("parts.since", "The list of parts takes createdSince and updatedSince.", doc, partsPage, 1, "lists the parts created and changed since tomorrow", probeNoneSince("/paymentParts", partsForm)),
		reading("types.record", "A payment type can be read by its id, as the list shows it.", doc, typesPage, 2, "lists the payment types and reads one", probeTypes),
		reading("types.availability", "The availability is Headline, Standard or Historic.", doc, typesPage, 1, "lists the payment types", probeAvailability),
		with(reading("types.id-after", "The list of payment types takes idAfter.", doc, typesPage, 2, "lists the payment types, and those after the first", probeTypesAfter), func(c *paymenttest.Clause) {
			c.Depends = []string{"idAfterIgnored"}
		}),
		reading("types.since", "The list of payment types takes createdSince and updatedSince.", doc, typesPage, 1, "lists the payment types created and changed since tomorrow", probeNoneSince("/paymentTypes", typesForm)),
		with(reading("types.write", "A payment type needs a name only, can be changed, cleared in part and removed; answers show the record.", doc, typesPage+"; what is required and cleared is unknown", 6,
			"adds a payment type, changes its availability, clears its code, reads it, removes it and reads it again", probeTypeWrites), func(c *paymenttest.Clause) {
			c.Needs, c.Rights = []paymenttest.Need{paymenttest.Write, paymenttest.Delete}, "to set up payment types"
		}),
		with(creating("types.in-use", "A payment by a Historic type is accepted, and keeps its method when the type is removed.", paymenttest.Unknown, nowhere, 5,
			"adds a Historic payment type, records 0.40 by it, removes the type and reads the payment", probeTypeInUse), func(c *paymenttest.Clause) {
			c.Needs, c.Rights = []paymenttest.Need{paymenttest.Write, paymenttest.Delete}, "to set up payment types"
		}),
		on(reading("customers.account-number", "accountNumber finds the customer, as GET by id shows it.", doc, customersPage, 2, "searches the account number and reads the customer",
			probeCustomerBy("accountNumber", ObjectAccountNumber)), ObjectCustomer, ObjectAccountNumber),
		on(reading("customers.crm-reference", "CRMReference finds the customer, as GET by id shows it.", doc, customersPage, 2, "searches the CRM reference and reads the customer",
			probeCustomerBy("CRMReference", ObjectCRMReference)), ObjectCustomer, ObjectCRMReference),
		on(reading("customers.exact", "A search by account number matches exactly; without a match the list is empty.", doc, customersPage, 1, "searches the account number without its last character", probeExact), ObjectAccountNumber),
	}
}

func partsOf(ctx context.Context, t *paymenttest.Trial, of string) ([]shown, error) {
	rows, err := rowsOf(ctx, t, of, "", partsForm)
	if err == nil && len(rows) == 0 {
		err = t.NotDecidable("no parts are shown")
	}
	return rows, err
}

func paymentParts(ctx context.Context, t *paymenttest.Trial) ([]shown, error) {
	return partsOf(ctx, t, path("payments", t.Object(ObjectPayment), "paymentParts"))
}

func probeParts(ctx context.Context, t *paymenttest.Trial) error {
	_, err := paymentParts(ctx, t)
	return err
}

// wantRow returns nil if one of the rows is the record.
func wantRow(t *paymenttest.Trial, rows []shown, record shown) error {
	for i, row := range rows {
		if row.id() == record.id() {
			return wantSame(t, fmt.Sprintf("%s $[%d]", t.Last().Place(), i), row, record)
		}
	}
	return t.Differs(t.Last().Place(), "the list does not show the record")
}

func probeInvoiceParts(ctx context.Context, t *paymenttest.Trial) error {
	parts, err := paymentParts(ctx, t)
	if err != nil {
		return err
	}
	ofInvoice, err := partsOf(ctx, t, path("invoices", t.Object(ObjectInvoice), "paymentParts"))
	if err != nil {
		return err
	}
	for _, part := range parts {
		if wantRow(t, ofInvoice, part) == nil {
			return nil
		}
	}
	return t.Differs(t.Last().Place(), "the invoice shows no part of the payment, or in another way")
}

func probePart(ctx context.Context, t *paymenttest.Trial) error {
	parts, err := paymentParts(ctx, t)
	if err != nil {
		return err
	}
	place := t.Last().Place() + " $[0]"
	part, err := itemOf(ctx, t, path("paymentParts", parts[0].id()), "", partForm)
	if err == nil {
		err = wantSame(t, place, parts[0], part)
	}
	if err != nil {
		return err
	}
	n, ok := part.number()
	if !ok {
		return t.NotDecidable("ids of parts hold no number")
	}
	all, err := rowsOf(ctx, t, "/paymentParts", fmt.Sprintf("idAfter=%d", max(0, n-1)), partsForm)
	if err != nil {
		return err
	}
	return wantRow(t, all, part)
}

func probePartsAfter(ctx context.Context, t *paymenttest.Trial) error {
	parts, err := paymentParts(ctx, t)
	if err != nil {
		return err
	}
	return wantAfter(ctx, t, "/paymentParts", partsForm, parts[0])
}

// wantAfter returns nil if idAfter leaves out the row.
func wantAfter(ctx context.Context, t *paymenttest.Trial, list string, form paymenttest.Form, row shown) error {
	n, ok := row.number()
	if !ok {
		return t.NotDecidable("ids hold no number")
	}
	after, err := rowsOf(ctx, t, list, fmt.Sprintf("idAfter=%d", n), form)
	if err != nil {
		return err
	}
	for i, other := range after {
		if id, _ := other.number(); id <= n {
			return t.Differs(fmt.Sprintf("%s $[%d].id", t.Last().Place(), i), "is not above idAfter")
		}
	}
	return nil
}

func probeNoneSince(list string, form paymenttest.Form) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		tomorrow := stampOf(t.Began().AddDate(0, 0, 2))
		rows, err := rowsOf(ctx, t, list, "createdSince="+tomorrow+"&updatedSince="+tomorrow, form)
		if err == nil && len(rows) > 0 {
			err = t.Differs(t.Last().Place(), "records are shown for a time to come")
		}
		return err
	}
}

func probeCustomerBy(parameter, object string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		rows, err := rowsOf(ctx, t, "/customers", parameter+"="+url.QueryEscape(t.Object(object)), customersForm)
		if err != nil {
			return err
		}
		place := t.Last().Place()
		if len(rows) != 1 || rows[0].id() != t.Object(ObjectCustomer) {
			return t.Differs(place, "%d customers are shown, and not the one alone", len(rows))
		}
		customer, err := itemOf(ctx, t, path("customers", t.Object(ObjectCustomer)), "", customerForm)
		if err != nil {
			return err
		}
		return wantSame(t, place+" $[0]", rows[0], customer)
	}
}

func probeExact(ctx context.Context, t *paymenttest.Trial) error {
	number := t.Object(ObjectAccountNumber)
	rows, err := rowsOf(ctx, t, "/customers", "accountNumber="+url.QueryEscape(number[:len(number)-1]), customersForm)
	if err == nil && len(rows) > 0 {
		err = t.Differs(t.Last().Place(), "a part of an account number finds customers")
	}
	return err
}
