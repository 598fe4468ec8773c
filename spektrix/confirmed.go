package spektrix

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// confirmBody never has the fields of stored cards.
type confirmBody struct {
	SendConfirmationEmail bool `json:"sendConfirmationEmail"`
}

// readConfirmed takes every answer that is whole, JSON or nothing, but for one
// that names an error and for a sentence, which is how the vendor has been
// observed to refuse.
func readConfirmed(r *transport.Reply) (Order, error) {
	raw, err := whole(r)
	if err == nil && refuses(raw) {
		err = errNamed
	}
	if err != nil {
		return Order{}, err
	}
	return idsOf(raw), nil
}

func refuses(raw jsontext.Value) bool {
	var members Members
	var list Items
	switch raw.Kind() {
	case '{':
		return wire.Unmarshal(raw, &members) != nil || members.nameAnError()
	case '[':
		return wire.Unmarshal(raw, &list) != nil || !list.areThings()
	case '"':
		return !isNothing(raw)
	}
	return false
}

// orderIDs is what is read of the answer to a confirm, which may be an order.
type orderIDs struct {
	ID         string `json:"id"`
	FriendlyID string `json:"friendlyId"`
}

// UnmarshalJSONFrom reads an object.
func (o *orderIDs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain orderIDs
	return json.UnmarshalDecode(d, (*plain)(o), reading)
}

// idsOf reads the ids of an answer. Another form tells none, which is no error.
func idsOf(raw jsontext.Value) Order {
	var told orderIDs
	if raw.Kind() == '{' {
		_ = json.Unmarshal(raw, &told, reading, wire.Options())
	}
	if wire.NoID(told.ID) {
		told.ID = ""
	}
	return Order{ID: told.ID, FriendlyID: told.FriendlyID, Raw: raw}
}
