package spektrix_test

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/spektrix"
)

// whole writes v with everything in it, as the vendor would: its own JSON is a
// summary for logs.
func whole(v any) ([]byte, error) {
	return json.Marshal(v, json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(e *jsontext.Encoder, b spektrix.Basket) error {
			type plain spektrix.Basket
			return wholeObject(e, plain(b), b.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, o spektrix.Order) error {
			type plain spektrix.Order
			return wholeObject(e, plain(o), o.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, t spektrix.Ticket) error {
			type plain spektrix.Ticket
			return wholeObject(e, plain(t), t.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, p spektrix.CustomPayment) error {
			type plain spektrix.CustomPayment
			return wholeObject(e, plain(p), p.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, p spektrix.OrderPayment) error {
			type plain spektrix.OrderPayment
			return wholeObject(e, plain(p), p.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, o spektrix.ChangedOrder) error {
			type plain spektrix.ChangedOrder
			return wholeObject(e, plain(o), o.Members)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, a spektrix.PaymentAttribute) error {
			return json.MarshalEncode(e, struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			}(a))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, r spektrix.Ref) error {
			type plain spektrix.Ref
			return json.MarshalEncode(e, plain(r))
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, i spektrix.Items) error { return json.MarshalEncode(e, []jsontext.Value(i)) }),
	)))
}

func wholeObject[T any](e *jsontext.Encoder, fields T, members spektrix.Members) error {
	return json.MarshalEncode(e, struct {
		Fields  T                         `json:",embed"`
		Members map[string]jsontext.Value `json:",embed"`
	}{fields, members})
}
