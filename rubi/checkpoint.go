package rubi

import (
	"context"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// checkpoint is what a payment's entry keeps between the two writes of a card
// payment, and after the one write of the others. It names no person.
type checkpoint struct {
	Version       int           `json:"version"`
	Step          step          `json:"step"`
	Method        PaymentType   `json:"method"`
	Items         []string      `json:"items"` // ItemGUIDs, as the basket spells them
	Events        []string      `json:"events,omitzero"`
	Total         payment.Money `json:"total"`
	TransactionID string        `json:"transactionID,omitzero"`
	// Kept says that the items were in the basket right before the report. Only
	// then do items that left it later prove the report: whether an installation
	// keeps them after CardPayment is unknown: clause card.stay.
	Kept bool `json:"kept,omitzero"`
}

// step is the write that was begun last.
type step string

const (
	stepSubmit step = "submit" // UserPayment
	stepReport step = "report" // StripeResult
)

const checkpointVersion = 1

// readCheckpoint returns the zero value if nothing was saved.
func readCheckpoint(a *payment.Attempt) (checkpoint, error) {
	data := a.Checkpoint()
	if data == nil {
		return checkpoint{}, nil
	}
	var cp checkpoint
	err := wire.Unmarshal(data, &cp)
	if err != nil || cp.Version != checkpointVersion || cp.Step != stepSubmit && cp.Step != stepReport {
		return checkpoint{}, invalid("Attempt.Checkpoint", "is not one that this version can read")
	}
	return cp, nil
}

// begin saves the checkpoint right before a write.
func (cp checkpoint) begin(ctx context.Context, a *payment.Attempt, s step) error {
	cp.Version, cp.Step = checkpointVersion, s
	data, err := wire.Marshal(cp)
	if err != nil {
		return err // never: it holds texts and money
	}
	return a.Begin(ctx, data)
}

// fits reports whether a checkpoint is one of this payment: a payment that was
// refused may have been corrected.
func (cp checkpoint) fits(p payment.Payment) bool {
	items, saved := setOf(itemsOf(p)), setOf(cp.Items)
	all := len(items) == len(saved)
	for id := range items {
		all = all && saved[id]
	}
	return cp.Method == PaymentType(p.Method) && cp.Total.Equal(p.Amount) && (all || len(items) == 0)
}
