package spektrixtest

import (
	"context"
	"net/http"
	"slices"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// typeClauses are about custom payment types.
func typeClauses() []paymenttest.Clause {
	reads := func(id, statement string, evidence paymenttest.Evidence, check func(t *paymenttest.Trial, types []typeJSON) error) paymenttest.Clause {
		return paymenttest.Clause{
			ID: id, Statement: statement, Evidence: evidence, Source: "guide to custom payments", Requests: 1, Plan: "reads the payment types",
			Probe: func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(ctx, typesPath)
				if err != nil {
					return err
				}
				if err := t.Want(e, http.StatusOK, typesForm); err != nil {
					return err
				}
				types, err := read[[]typeJSON](t, e)
				if err != nil {
					return err
				}
				return check(t, types)
			},
		}
	}
	form := paymenttest.DocumentedExchange{Method: http.MethodGet, Path: typesPath, Status: http.StatusOK, Answer: typesForm}
	return []paymenttest.Clause{
		{
			ID: "types.documented", Statement: "The list of types is a bare array in the documented form.", Evidence: paymenttest.Documented, Source: "guide to custom payments",
			Requests: 1, Plan: "reads the payment types", Probe: form.Probe,
		},
		reads("types.text-field", "Every attribute is a \"Text field\".", paymenttest.Unknown, func(t *paymenttest.Trial, types []typeJSON) error {
			for _, c := range types {
				for _, d := range c.AttributeDefinitions {
					if d.Type != TextField {
						return t.Differs(t.Last().Place()+" $[].attributeDefinitions[].type", "another type: %s", d.Type)
					}
				}
			}
			return nil
		}),
		reads("types.unique", "Ids and names of the active types are unique.", paymenttest.Documented, func(t *paymenttest.Trial, types []typeJSON) error {
			taken := map[string]bool{}
			for _, c := range types {
				if taken["id "+c.ID] || taken["name "+c.Name] {
					return t.Differs(t.Last().Place(), "two active types share a name or an id: CheckPaymentType tells which")
				}
				taken["id "+c.ID], taken["name "+c.Name] = true, true
			}
			return nil
		}),
	}
}

// requires reports whether a payment of the type needs an attribute.
func (c typeJSON) requires() bool {
	return slices.ContainsFunc(c.AttributeDefinitions, func(d definitionJSON) bool { return d.IsRequired })
}

// typeWhere returns the id of the first active type of that kind.
func typeWhere(ctx context.Context, t *paymenttest.Trial, is func(typeJSON) bool) (string, error) {
	e, err := t.Get(ctx, typesPath)
	if err == nil {
		err = t.Want(e, http.StatusOK, typesForm)
	}
	if err != nil {
		return "", err
	}
	types, err := read[[]typeJSON](t, e)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(types, is)
	if i < 0 {
		return "", t.NotDecidable("no active type is of that kind")
	}
	return types[i].ID, nil
}
