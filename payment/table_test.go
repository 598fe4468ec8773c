package payment

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is a Store that a test can make durable, and break.
type shelf struct {
	Store
	certain bool
	saves   int
	fail    map[int]func(save func() (Entry, error)) (Entry, error) // by number of the Save, from 1
	broken  func(*Entry)                                            // changes what Claim returns
}

func newShelf() *shelf { return &shelf{Store: NewMemoryStore(), certain: true} }

var errDisk = errors.New("disk full")

// before fails a Save without effect; after fails it with its effect.
func before(func() (Entry, error)) (Entry, error) { return Entry{}, errDisk }
func after(save func() (Entry, error)) (Entry, error) {
	_, _ = save()
	return Entry{}, errDisk
}

func (s *shelf) Claim(ctx context.Context, k Key, payload []byte, lease time.Duration) (Entry, error) {
	e, err := s.Store.Claim(ctx, k, payload, lease)
	e.Certain = s.certain
	if s.broken != nil {
		s.broken(&e)
	}
	return e, err
}

func (s *shelf) Save(ctx context.Context, e Entry, lease time.Duration) (Entry, error) {
	s.saves++
	save := func() (Entry, error) { return s.Store.Save(ctx, e, lease) }
	if f := s.fail[s.saves]; f != nil {
		return f(save)
	}
	return save()
}

func entryOf(t *testing.T, s Store, v Recorder) Entry {
	t.Helper()
	e, err := Inspect(t.Context(), s, KeyOf(v, sale(t)))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func always(f func(Payment) (Receipt, error)) []func(Payment) (Receipt, error) {
	return []func(Payment) (Receipt, error){f}
}

// Each row of the table, with what a second call does with what the first left.
func TestTable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records       func(v *vendor) []func(Payment) (Receipt, error)
		prepare       func(v *vendor, s *shelf) // between the two calls
		uncertain     bool
		deduplicates  bool
		opts          []OnceOption
		want          [2]error
		status        Status // after both
		writes, looks int
		stored        int
	}{
		"recorded": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { return always(v.store) },
			status:  Recorded, writes: 1, looks: 0, stored: 1,
		},
		"recorded, in a store that may have lost entries": {
			records:   func(v *vendor) []func(Payment) (Receipt, error) { return always(v.store) },
			uncertain: true, status: Recorded, writes: 1, looks: 5, stored: 1,
		},
		"recorded, and the store has lost it": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { return always(v.store) },
			prepare: func(_ *vendor, s *shelf) { s.Store, s.certain = NewMemoryStore(), false },
			status:  Recorded, writes: 1, looks: 1, stored: 1,
		},
		"begun, shows later": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { v.hidden = 5; return always(v.lostAfter()) },
			want:    [2]error{ErrOutcomeUnknown, nil}, status: Recorded, writes: 1, looks: 6, stored: 1,
		},
		"begun, never shows": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { return always(lostBefore) },
			want:    [2]error{ErrOutcomeUnknown, ErrOutcomeUnknown}, status: Begun, writes: 1, looks: 10, stored: 0,
		},
		"begun, never shows, duplicates are refused": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){lostBefore, lostBefore, lostBefore, v.store}
			},
			deduplicates: true, want: [2]error{ErrOutcomeUnknown, nil},
			status: Recorded, writes: 4, looks: 20, stored: 1,
		},
		"begun, never shows, settled again and again": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { return always(lostBefore) },
			opts:    []OnceOption{WithSettle(time.Hour)},
			want:    [2]error{ErrOutcomeUnknown, ErrOutcomeUnknown}, status: Unknown, writes: 3, looks: 24, stored: 0,
		},
		"refused, and no number of refusals is too many": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){refuses, refuses, refuses, refuses, v.store}
			},
			prepare: func(v *vendor, s *shelf) {
				for range 3 {
					s.certain = false
					_, _ = Once(context.Background(), v, Payment{Reference: "ref-1", Kind: Sale, Amount: Money{mustAmount("10.40"), "GBP"}, Date: time.Unix(1, 0)}, WithStore(s))
				}
			},
			want: [2]error{ErrInvalid, nil}, status: Recorded, writes: 5, looks: 20, stored: 1,
		},
		"begun, never shows, settled in the second call": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){lostBefore, v.store}
			},
			opts: []OnceOption{WithSettle(time.Hour)},
			want: [2]error{}, status: Recorded, writes: 2, looks: 7, stored: 1,
		},
		"begun, and the vendor cannot tell": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { v.lookErr = ErrNoLookup; return always(lostBefore) },
			want:    [2]error{ErrOutcomeUnknown, ErrOutcomeUnknown}, status: Unknown, writes: 1, looks: 2, stored: 0,
		},
		"refused, then taken": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){refuses, v.store}
			},
			want: [2]error{ErrInvalid, nil}, status: Recorded, writes: 2, looks: 0, stored: 1,
		},
		"not sent, then taken": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){unsent, v.store}
			},
			want: [2]error{ErrUnavailable, nil}, status: Recorded, writes: 2, looks: 0, stored: 1,
		},
		"an answer that differs": {
			records: func(v *vendor) []func(Payment) (Receipt, error) { return always(v.differs) },
			want:    [2]error{ErrConflict, ErrConflict}, status: Conflict, writes: 1, looks: 0, stored: 1,
		},
		"two records": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return always(func(p Payment) (Receipt, error) { _, _ = v.store(p); _, _ = v.store(p); return Receipt{}, unknown() })
			},
			want: [2]error{ErrRecordedTwice, ErrRecordedTwice}, status: Duplicate, writes: 1, looks: 1, stored: 2,
		},
		"the first of two writes came late": {
			records: func(v *vendor) []func(Payment) (Receipt, error) {
				return []func(Payment) (Receipt, error){lostBefore, v.store}
			},
			prepare:      func(v *vendor, _ *shelf) { _, _ = v.store(v.ledger[0]) },
			deduplicates: true, want: [2]error{nil, ErrRecordedTwice}, status: Duplicate, writes: 2, looks: 6, stored: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v, s := &vendor{}, newShelf()
				v.records, s.certain = c.records(v), !c.uncertain
				var r Recorder = v
				if c.deduplicates {
					r = refuser{v}
				}
				for i, want := range c.want {
					if i == 1 && c.prepare != nil {
						c.prepare(v, s)
					}
					if _, err := Once(t.Context(), r, sale(t), append(c.opts, WithStore(s))...); !errors.Is(err, want) {
						t.Errorf("call %d: %v, want %v", i+1, err, want)
					}
				}
				if v.writes != c.writes || v.looks != c.looks || len(v.ledger) != c.stored {
					t.Errorf("%d writes, %d looks, %d stored; want %d, %d, %d", v.writes, v.looks, len(v.ledger), c.writes, c.looks, c.stored)
				}
				if got := entryOf(t, s, r).Status; got != c.status {
					t.Errorf("the entry is %s, want %s", got, c.status)
				}
			})
		})
	}
}

func unsent(Payment) (Receipt, error) { return Receipt{}, &Error{Err: ErrUnavailable} }

// differs stores and answers another amount.
func (v *vendor) differs(p Payment) (Receipt, error) {
	p.Amount = Money{mustAmount("1.04"), "GBP"}
	return v.store(p)
}

// A payment can be corrected until a write has begun, and never after.
func TestChangedPayment(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*Payment){
		"Kind":     func(p *Payment) { p.Kind = Refund },
		"Amount":   func(p *Payment) { p.Amount = Money{mustAmount("10.41"), "GBP"} },
		"Date":     func(p *Payment) { p.Date = p.Date.AddDate(1, 0, 0) },
		"Method":   func(p *Payment) { p.Method = "CASH" },
		"Target":   func(p *Payment) { p.Target = "1002" },
		"Link":     func(p *Payment) { p.Link = "L2" },
		"Reverses": func(p *Payment) { p.Reverses = "ref-0" },
	}
	for field, change := range changes {
		for answer, wantStored := range map[string]int{"refused": 1, "unknown": 0, "recorded": 1} {
			t.Run(answer+" "+field, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					v, s := &vendor{}, newShelf()
					v.records = map[string][]func(Payment) (Receipt, error){
						"refused": {refuses, v.store}, "unknown": {lostBefore, v.store}, "recorded": {v.store},
					}[answer]
					_, _ = Once(t.Context(), v, sale(t), WithStore(s))
					p := sale(t)
					change(&p)
					_, err := Once(t.Context(), v, p, WithStore(s))
					var conflict *ConflictError
					if answer == "refused" {
						if err != nil || v.ledger[0].String() != p.String() {
							t.Errorf("the corrected payment was not written: %v, %v", err, v.ledger)
						}
					} else if !errors.As(err, &conflict) || !slices.Equal(conflict.Fields, []string{field}) || v.writes != 1 {
						t.Errorf("err %v after %d writes", err, v.writes)
					}
					if len(v.ledger) != wantStored {
						t.Errorf("%d stored, want %d", len(v.ledger), wantStored)
					}
				})
			})
		}
	}
}

// The same instant in another zone, another time of the same day, and an
// attribute that says nothing of identity are the same payment.
func TestSamePayment(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Payment){
		"zone":      func(p *Payment) { p.Date = p.Date.In(time.FixedZone("", 14*3600)) },
		"time":      func(p *Payment) { p.Date = p.Date.Add(time.Hour) },
		"scale":     func(p *Payment) { p.Amount = Money{mustAmount("10.4"), "GBP"} },
		"attribute": func(p *Payment) { p.Attributes = []Attribute{{"note", "x"}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, s := &vendor{}, newShelf()
			v.records = always(v.store)
			for range 2 {
				p := sale(t)
				if v.writes > 0 {
					change(&p)
				}
				if _, err := Once(t.Context(), v, p, WithStore(s)); err != nil {
					t.Error(err)
				}
			}
			if v.writes != 1 {
				t.Errorf("%d writes", v.writes)
			}
		})
	}
}

// items is a vendor at which the attribute "item" says which payment it is, and
// which compares references in lower case.
type items struct{ *vendor }

func (items) IdentityAttributes() []string          { return []string{"item"} }
func (items) FoldReference(reference string) string { return strings.ToLower(reference) }

func TestIdentityOfTheVendor(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	v.records = always(v.store)
	r := items{v}
	p := sale(t)
	p.Attributes = []Attribute{{"item", "a"}}
	if _, err := Once(t.Context(), r, p, WithStore(s)); err != nil {
		t.Fatal(err)
	}
	p.Attributes = []Attribute{{"item", "b"}}
	_, err := Once(t.Context(), r, p, WithStore(s))
	var conflict *ConflictError
	if !errors.As(err, &conflict) || !slices.Equal(conflict.Fields, []string{"Attributes[item]"}) {
		t.Errorf("another item: %v", err)
	}
	p.Reference = "REF-1"
	_, err = Once(t.Context(), r, p, WithStore(s))
	if !errors.As(err, &conflict) || !slices.Equal(conflict.Fields, []string{"Reference"}) || v.writes != 1 {
		t.Errorf("the reference in another case: %v after %d writes", err, v.writes)
	}
}

// Without a Store, and with one that may have lost entries, the vendor is asked
// first; one that cannot be asked needs help.
func TestWithoutMemory(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() []OnceOption{
		"no store":      func() []OnceOption { return nil },
		"in memory":     func() []OnceOption { return []OnceOption{WithStore(NewMemoryStore())} },
		"another epoch": func() []OnceOption { return []OnceOption{WithStore(&shelf{Store: NewMemoryStore()})} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v := &vendor{}
				v.records = always(v.store)
				_, _ = v.store(sale(t)) // by another program
				receipt, err := Once(t.Context(), v, sale(t), open()...)
				if err != nil || !receipt.AlreadyRecorded || v.writes != 0 {
					t.Errorf("receipt %v, err %v, %d writes", receipt, err, v.writes)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				v := &vendor{lookErr: ErrNoLookup}
				v.records = always(v.store)
				_, err := Once(t.Context(), v, sale(t), open()...)
				if !errors.Is(err, ErrNoLookup) || errors.Is(err, ErrOutcomeUnknown) || v.writes != 0 || !strings.Contains(err.Error(), "WithFirstTry") {
					t.Errorf("err %v after %d writes", err, v.writes)
				}
			})
		})
	}
}

// A write that was refused is not in doubt: the entry does not count it, and what
// is recorded later is not looked at again.
func TestRefusedWriteIsNotCounted(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	v.records = []func(Payment) (Receipt, error){refuses, v.store}
	for _, want := range []error{ErrInvalid, nil, nil} {
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if e := entryOf(t, s, v); e.Writes != 1 || v.looks != 0 {
		t.Errorf("%d writes are counted, %d looks", e.Writes, v.looks)
	}
}
