package backendpay

import (
	"errors"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// row is a payment in a list that is searched. What cannot be read of it does
// not fail the list: it is the payment that is looked for, or somebody else's.
type row struct {
	Payment
	further []string // texts of an ourReference that is no text, or stands there more than once
}

func (w *row) member(r *reader, name []byte) (bool, error) {
	if string(name) == "ourReference" {
		return w.reference(r)
	}
	known, err := w.Payment.member(r, name)
	var odd *payment.FieldError
	if string(name) != "id" && errors.As(err, &odd) {
		err = nil
	}
	return known, err
}

func (w *row) reference(r *reader) (bool, error) {
	if w.OurReference != "" {
		w.further = append(w.further, w.OurReference)
	}
	switch r.Kind() {
	case '"', '0', 'n':
		return reference(r, &w.OurReference)
	}
	w.further = wire.Texts(w.further, r.Value())
	return true, nil
}

// compare returns how the row's reference compares with one that was sent, and
// how many characters it has.
func (w *row) compare(sent string) (like likeness, length int) {
	like, length = compareReferences(w.OurReference, sent), utf8.RuneCountInString(w.OurReference)
	for _, text := range w.further {
		like, length = max(like, compareReferences(text, sent)), max(length, utf8.RuneCountInString(text))
	}
	return like, length
}

// read returns the payment by the rules of an answer.
func (w *row) read() (Payment, error) {
	p, err := decodeItem[Payment](w.Raw)
	p.CustomerID = w.CustomerID
	return p, err
}
