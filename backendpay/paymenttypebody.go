package backendpay

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/check"
)

// Validate refuses what [Client.UpdatePaymentType] would refuse, with a
// [payment.FieldError].
func (f PaymentTypeFields) Validate() error {
	if len(f.body()) == 0 {
		return invalid("PaymentTypeFields", "changes nothing")
	}
	rules := fieldRules{"PaymentTypeFields", f.AllowClear}
	number := func(string, int) error { return nil }
	return check.First(
		func() error { return checkTextField(rules, "PaymentTypeName", f.PaymentTypeName, checkReference) },
		func() error {
			return checkTextField(rules, "PaymentTypeDisplayName", f.PaymentTypeDisplayName, checkText)
		},
		func() error { return checkTextField(rules, "PaymentTypeShortName", f.PaymentTypeShortName, checkText) },
		func() error {
			return checkTextField(rules, "PaymentTypeDisplayClass", f.PaymentTypeDisplayClass, checkText)
		},
		func() error {
			return checkField(rules, "PaymentTypeDisplayPosition", f.PaymentTypeDisplayPosition, number)
		},
		func() error { return checkTextField(rules, "Availability", f.Availability, checkText) },
		func() error { return checkField(rules, "PaymentTypeUseFor", f.PaymentTypeUseFor, checkWords) },
		func() error {
			return checkField(rules, "PaymentTypeUseForPaymentCardProviders", f.PaymentTypeUseForPaymentCardProviders, checkWords)
		},
		func() error { return checkTextField(rules, "PaymentTypeCode", f.PaymentTypeCode, checkText) },
		func() error { return checkTextField(rules, "DisplayOnInvoice", f.DisplayOnInvoice, checkText) },
		func() error { return checkExtra("PaymentTypeFields.Extra", f.Extra, typeFields()) },
	)
}

func checkWords(field string, words []string) error {
	for _, word := range words {
		if err := checkText(field, word); err != nil {
			return err
		}
	}
	return nil
}

// typeFields are the members of a payment type that have a field of their own.
func typeFields() (names []string) {
	for _, f := range typeRecord.fields {
		if f.name != "id" {
			names = append(names, f.name)
		}
	}
	return names
}

func (f PaymentTypeFields) body() body {
	var b body
	addField(&b, "paymentTypeName", f.PaymentTypeName, asIs)
	addField(&b, "paymentTypeDisplayName", f.PaymentTypeDisplayName, asIs)
	addField(&b, "paymentTypeShortName", f.PaymentTypeShortName, asIs)
	addField(&b, "paymentTypeDisplayClass", f.PaymentTypeDisplayClass, asIs)
	addField(&b, "paymentTypeDisplayPosition", f.PaymentTypeDisplayPosition, asIs)
	addField(&b, "availability", f.Availability, asIs)
	addField(&b, "paymentTypeUseFor", f.PaymentTypeUseFor, words)
	addField(&b, "paymentTypeUseForPaymentCardProviders", f.PaymentTypeUseForPaymentCardProviders, words)
	addField(&b, "paymentTypeCode", f.PaymentTypeCode, asIs)
	addField(&b, "displayOnInvoice", f.DisplayOnInvoice, asIs)
	b.extra(f.Extra)
	return b
}

// words writes no words as an empty array: null is another request.
func words(list []string) any { return append([]string{}, list...) }

// shownBy reports whether t shows all that was asked for.
func (f PaymentTypeFields) shownBy(t *PaymentType) bool {
	return len(f.Extra) == 0 &&
		shows(f.PaymentTypeName, t.PaymentTypeName) &&
		shows(f.PaymentTypeDisplayName, t.PaymentTypeDisplayName) &&
		shows(f.PaymentTypeShortName, t.PaymentTypeShortName) &&
		shows(f.PaymentTypeDisplayClass, t.PaymentTypeDisplayClass) &&
		shows(numberField(f.PaymentTypeDisplayPosition), t.PaymentTypeDisplayPosition) &&
		shows(f.Availability, t.Availability) &&
		showsBy(f.PaymentTypeUseFor, t.PaymentTypeUseFor, slices.Equal) &&
		showsBy(f.PaymentTypeUseForPaymentCardProviders, t.PaymentTypeUseForPaymentCardProviders, slices.Equal) &&
		shows(f.PaymentTypeCode, t.PaymentTypeCode) &&
		shows(f.DisplayOnInvoice, t.DisplayOnInvoice)
}

// numberField is f in the form that is read.
func numberField(f Field[int]) Field[json.Number] {
	n, ok := f.Get()
	if !ok {
		return Field[json.Number]{state: f.state}
	}
	return Value(json.Number(strconv.Itoa(n)))
}
