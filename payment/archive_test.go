package payment

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"
)

// An archived entry still knows its payment, and holds nothing personal.
func TestArchivedEntry(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	v.records = always(v.store)
	p := sale(t)
	p.Target, p.Attributes = "S3NTINEL", []Attribute{{"item", "S3NTINEL"}}
	r := items{v}
	if _, err := Once(t.Context(), r, p, WithStore(s)); err != nil {
		t.Fatal(err)
	}
	e, err := s.Claim(t.Context(), KeyOf(r, p), nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	slim, changed, err := e.Archived()
	if err != nil || !changed || bytes.Contains(slim.Payload, []byte("S3NTINEL")) {
		t.Fatalf("%s, %v, %v", slim.Payload, changed, err)
	}
	if _, err := s.Save(t.Context(), slim, 0); err != nil {
		t.Fatal(err)
	}
	if _, again, err := slim.Archived(); again || err != nil {
		t.Errorf("archived again: %v, %v", again, err)
	}
	same := p
	same.Date, same.Amount = p.Date.In(time.FixedZone("", 14*3600)), Money{mustAmount("10.4"), "GBP"}
	if receipt, err := Once(t.Context(), r, same, WithStore(s)); err != nil || !receipt.AlreadyRecorded || receipt.ID != "1" {
		t.Errorf("the same payment: %v, %v", receipt, err)
	}
	for field, change := range map[string]func(*Payment){
		"Amount":           func(p *Payment) { p.Amount = Money{mustAmount("10.41"), "GBP"} },
		"Date":             func(p *Payment) { p.Date = p.Date.AddDate(0, 0, 1) },
		"Target":           func(p *Payment) { p.Target = "other" },
		"Attributes[item]": func(p *Payment) { p.Attributes = []Attribute{{"item", "b"}} },
	} {
		other := p
		change(&other)
		var conflict *ConflictError
		if _, err := Once(t.Context(), r, other, WithStore(s)); !errors.As(err, &conflict) || !slices.Equal(conflict.Fields, []string{field}) {
			t.Errorf("another %s: %v", field, err)
		}
	}
	if v.writes != 1 {
		t.Errorf("%d writes", v.writes)
	}
	e.Status = Begun
	if _, _, err := e.Archived(); !errors.Is(err, ErrProtocol) {
		t.Errorf("archived what is begun: %v", err)
	}
}
