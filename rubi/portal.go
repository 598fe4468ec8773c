package rubi

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// Portal names a list of api/PortalList.
type Portal string

// The lists that the vendor's pages name.
const (
	Counties             Portal = "County"        // for UserPayment.County
	Countries            Portal = "Country"       // for UserPayment.Country
	SubscriptionServices Portal = "Subscriptions" // for Subscription.SSID
)

// ListValue is one value of a list.
type ListValue struct {
	ListValue string          `json:"ListValue"` // what UserPayment takes (documented)
	Raw       json.RawMessage `json:"-"`         // the record: its other members are not documented
}

func (v *ListValue) complete(_ *settled, raw json.RawMessage) { v.Raw = raw }

// PortalList lists the values that the vendor offers under a name: POST
// api/PortalList. The pages of UserPayment name the call, the lists and
// ListValue (documented); that it takes the name of the list as its only element
// is inferred: clause lists.values. The call is made when the sequence is ranged over. It only reads,
// so it is tried again after a network failure.
func (c *Client) PortalList(ctx context.Context, name Portal) iter.Seq2[ListValue, error] {
	return list[ListValue](ctx, c, portalCall(name))
}

func portalCall(name Portal) call {
	return call{op: "PortalList", class: transport.Read, elements: []element{{field: "name", value: string(name)}}}
}
