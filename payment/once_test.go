package payment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// vendor is a Recorder whose answers a test scripts. Its ledger is what counts.
type vendor struct {
	ledger  []Payment
	records []func(Payment) (Receipt, error) // one a write, the last repeats
	hidden  int                              // looks that do not show anything yet
	lookErr error
	writes  int
	looks   int
	lookAt  []time.Time
	seen    []byte                         // the checkpoint of the last write
	prepare func(Payment) (Payment, error) // nil only validates
}

func (v *vendor) store(p Payment) (Receipt, error) {
	v.ledger = append(v.ledger, p)
	return v.receipt(len(v.ledger) - 1), nil
}

func (v *vendor) receipt(i int) Receipt {
	return Receipt{Vendor: "test", ID: fmt.Sprint(i + 1), Reference: v.ledger[i].Reference, Amount: v.ledger[i].Amount}
}

func (v *vendor) Account() Account { return Account{Vendor: "test", Tenant: "t", Host: "test.example"} }

func (v *vendor) Prepare(_ context.Context, p Payment) (Payment, error) {
	if v.prepare != nil {
		return v.prepare(p)
	}
	return p, p.Validate()
}

func (v *vendor) Record(ctx context.Context, p Payment, a *Attempt) (Receipt, error) {
	v.seen = a.Checkpoint()
	if err := a.Begin(ctx, []byte("step 1")); err != nil {
		return Receipt{}, err
	}
	i := min(v.writes, len(v.records)-1)
	v.writes++
	return v.records[i](p)
}

func (v *vendor) Find(_ context.Context, p Payment, a *Attempt) (found []Receipt, err error) {
	v.looks++
	v.lookAt = append(v.lookAt, time.Now())
	if v.lookErr != nil {
		return nil, v.lookErr
	}
	for i, stored := range v.ledger {
		if stored.Reference == p.Reference && v.looks > v.hidden {
			found = append(found, v.receipt(i))
		}
	}
	return found, nil
}

// works, loses and lost are what a write can come to.
func (v *vendor) works() func(Payment) (Receipt, error) { return v.store }
func (v *vendor) lostAfter() func(Payment) (Receipt, error) {
	return func(p Payment) (Receipt, error) {
		_, _ = v.store(p)
		return Receipt{}, unknown()
	}
}
func lostBefore(Payment) (Receipt, error) { return Receipt{}, unknown() }

// refuses is the vendor's own word, for a duplicate or anything else.
func refuses(Payment) (Receipt, error) {
	return Receipt{}, &Error{Vendor: "test", Op: "Record", Status: 400, Err: ErrInvalid}
}

func unknown() error {
	return &Error{Vendor: "test", Op: "Record", Status: 502, Err: ErrOutcomeUnknown}
}

// refuser is a vendor that refuses duplicates.
type refuser struct{ *vendor }

func (refuser) RefusesDuplicates(context.Context, Payment) (bool, error) { return true, nil }

func sale(t *testing.T) Payment {
	t.Helper()
	money, err := ParseMoney("10.40", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return Payment{Reference: "ref-1", Kind: Sale, Amount: money, Date: time.Unix(1, 0)}
}

func TestOnce(t *testing.T) {
	t.Parallel()
	type script func(v *vendor)
	lost := func(v *vendor) { v.records = []func(Payment) (Receipt, error){v.lostAfter()} }
	for name, c := range map[string]struct {
		script        script
		deduplicates  bool
		want          error // nil is success
		already       bool
		writes, looks int
		stored        int
	}{
		"sunny": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){v.works()} }, false, nil, false, 1, 0, 1},
		"found": {lost, false, nil, true, 1, 1, 1},
		"found late": {func(v *vendor) { lost(v); v.hidden = 4 },
			false, nil, true, 1, 5, 1},
		"found too late": {func(v *vendor) { lost(v); v.hidden = 5 },
			false, ErrOutcomeUnknown, false, 1, 5, 1},
		"lost before, no guard": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){lostBefore} },
			false, ErrOutcomeUnknown, false, 1, 5, 0},
		"lost before, written again": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){lostBefore, v.works()} },
			true, nil, false, 2, 5, 1},
		"lost before, again and again": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){lostBefore} },
			true, ErrOutcomeUnknown, false, 3, 15, 0},
		"hidden, then refused, then found": {func(v *vendor) {
			v.records = []func(Payment) (Receipt, error){v.lostAfter(), refuses}
			v.hidden = 6
		}, true, nil, true, 2, 7, 1},
		"hidden, then refused, never found": {func(v *vendor) {
			v.records = []func(Payment) (Receipt, error){v.lostAfter(), refuses}
			v.hidden = 99
		}, true, ErrOutcomeUnknown, false, 2, 10, 1},
		"unknown, then unauthorized": {func(v *vendor) {
			v.records = []func(Payment) (Receipt, error){lostBefore, func(Payment) (Receipt, error) {
				return Receipt{}, &Error{Status: 401, Err: ErrUnauthorized}
			}}
		}, true, ErrOutcomeUnknown, false, 2, 5, 0},
		"refused for good": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){refuses} },
			true, ErrInvalid, false, 1, 5, 0},
		"refused, no guard": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){refuses} },
			false, ErrInvalid, false, 1, 0, 0},
		"a duplicate": {func(v *vendor) {
			_, _ = v.store(Payment{Reference: "ref-1", Amount: Money{mustAmount("10.4"), "GBP"}})
			v.records = []func(Payment) (Receipt, error){refuses}
		}, true, nil, true, 1, 1, 1},
		"another under the reference": {func(v *vendor) {
			_, _ = v.store(Payment{Reference: "ref-1", Amount: Money{mustAmount("99"), "GBP"}})
			v.records = []func(Payment) (Receipt, error){refuses}
		}, true, ErrConflict, false, 1, 1, 1},
		"not sent": {func(v *vendor) {
			v.records = []func(Payment) (Receipt, error){func(Payment) (Receipt, error) { return Receipt{}, &Error{Err: ErrUnavailable} }}
		}, true, ErrUnavailable, false, 1, 0, 0},
		"no lookup": {func(v *vendor) { lost(v); v.lookErr = ErrNoLookup },
			false, ErrOutcomeUnknown, false, 1, 1, 1},
		"looks fail": {func(v *vendor) {
			v.records = []func(Payment) (Receipt, error){lostBefore}
			v.lookErr = ErrUnavailable
		}, true, ErrOutcomeUnknown, false, 1, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v := &vendor{}
				c.script(v)
				var r Recorder = v
				if c.deduplicates {
					r = refuser{v}
				}
				receipt, err := Once(t.Context(), r, sale(t), WithFirstTry())
				if !errors.Is(err, c.want) || c.want == nil && (receipt.ID == "" || receipt.AlreadyRecorded != c.already) {
					t.Errorf("receipt %v, err %v; want %v", receipt, err, c.want)
				}
				if c.want == ErrOutcomeUnknown && (errors.Is(err, ErrNotFound) || errors.Is(err, ErrInvalid) || errors.Is(err, ErrUnauthorized)) {
					t.Errorf("%v could be taken for a clear answer", err)
				}
				if v.writes != c.writes || v.looks != c.looks || len(v.ledger) != c.stored {
					t.Errorf("%d writes, %d looks, %d stored; want %d, %d, %d", v.writes, v.looks, len(v.ledger), c.writes, c.looks, c.stored)
				}
			})
		})
	}
}

func mustAmount(s string) Amount {
	a, err := ParseAmount(s)
	if err != nil {
		panic(err)
	}
	return a
}

func TestOncePatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{}
		v.records = []func(Payment) (Receipt, error){lostBefore}
		start := time.Now()
		_, err := Once(t.Context(), v, sale(t), WithFirstTry(), WithPatience(4, 10*time.Second))
		var e *UnresolvedError
		if !errors.As(err, &e) || e.Looks != 4 || e.Writes != 1 || e.Waited != 70*time.Second || e.Seen != nil || e.Payment.Reference != "ref-1" {
			t.Fatalf("err %#v", err)
		}
		for i, want := range []time.Duration{0, 10, 30, 70} {
			if got := v.lookAt[i].Sub(start); got != want*time.Second {
				t.Errorf("look %d after %v, want %vs", i, got, int(want))
			}
		}
		if !strings.Contains(err.Error(), `"ref-1"`) || !strings.Contains(err.Error(), "looked 4 times in 1m10s") {
			t.Errorf("text %q", err)
		}
	})
}

// A promised settle time allows a second write anywhere.
func TestOnceAfterSettle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{}
		v.records = []func(Payment) (Receipt, error){lostBefore, v.works()}
		start := time.Now()
		receipt, err := Once(t.Context(), v, sale(t), WithFirstTry(), WithPatience(1, time.Second), WithSettle(time.Minute))
		if err != nil || receipt.AlreadyRecorded || len(v.ledger) != 1 || v.writes != 2 {
			t.Errorf("receipt %v, err %v, %d writes", receipt, err, v.writes)
		}
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestOnceSettleSeesALateEffect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{hidden: 1}
		v.records = []func(Payment) (Receipt, error){v.lostAfter()}
		receipt, err := Once(t.Context(), v, sale(t), WithFirstTry(), WithPatience(1, time.Second), WithSettle(time.Minute))
		if err != nil || !receipt.AlreadyRecorded || v.writes != 1 {
			t.Errorf("receipt %v, err %v, %d writes", receipt, err, v.writes)
		}
	})
}

func TestOnceEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]OnceOption{{WithPatience(5, time.Hour)}, {WithPatience(1, 1), WithSettle(time.Hour)}} {
		synctest.Test(t, func(t *testing.T) {
			v := &vendor{}
			v.records = []func(Payment) (Receipt, error){lostBefore}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			_, err := Once(ctx, refuser{v}, sale(t), append(opts, WithFirstTry())...)
			if !errors.Is(err, ErrOutcomeUnknown) || time.Since(start) != time.Minute || v.writes != 1 {
				t.Errorf("err %v after %v and %d writes", err, time.Since(start), v.writes)
			}
		})
	}
}

func TestOnceRefusesBadPayments(t *testing.T) {
	t.Parallel()
	for _, do := range []func(context.Context, Recorder, Payment, ...OnceOption) (Receipt, error){Once, Resume} {
		v := &vendor{}
		_, err := do(t.Context(), v, Payment{})
		var f *FieldError
		if !errors.As(err, &f) || v.writes+v.looks != 0 {
			t.Errorf("err %v, %d writes", err, v.writes)
		}
	}
}

func TestPaymentsPrintWithoutPersonalData(t *testing.T) {
	t.Parallel()
	p := sale(t)
	p.Target, p.Attributes = "S3NTINEL", []Attribute{{"name", "S3NTINEL"}}
	r := Receipt{Vendor: "test", ID: "1", Reference: "ref-1", Amount: p.Amount, Raw: []byte(`"S3NTINEL"`)}
	values := []any{p, &p, r, &r, &UnresolvedError{Payment: p, Err: unknown()}, &ConflictError{Want: p, Got: []Receipt{r}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		for _, v := range values {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "S3NTINEL") || !strings.Contains(text, "ref-1") {
				t.Errorf("%s of %T: %s", verb, v, text)
			}
		}
	}
	if p.LogValue().String() != `payment "ref-1": sale of 10.40 GBP` || r.LogValue().String() != `test 1: payment "ref-1" of 10.40 GBP, recorded` {
		t.Errorf("%s; %s", p.LogValue(), r.LogValue())
	}
}

// No container and no handler shows what a payment or receipt holds in private.
func TestLogsOfContainers(t *testing.T) {
	t.Parallel()
	p := sale(t)
	p.Target, p.Link, p.Attributes = "S3NTINEL", "S3NTINEL", []Attribute{{"name", "S3NTINEL"}}
	r := Receipt{Vendor: "test", ID: "1", Reference: "ref-1", Amount: p.Amount, Raw: []byte(`"S3NTINEL"`)}
	e := Entry{Payload: []byte(`"S3NTINEL"`), Progress: Progress{Checkpoint: []byte("S3NTINEL"), Receipts: []Receipt{r}}}
	values := []any{
		[]Payment{p}, map[string]Payment{"a": p}, map[string]any{"a": []*Payment{&p}}, struct{ P Payment }{p}, [1]Payment{p},
		[]Receipt{r}, map[string]Receipt{"a": r}, []Entry{e}, map[string]*Entry{"a": &e}, &p, &r, &e, []error{&ConflictError{Want: p, Got: []Receipt{r}}},
	}
	for _, v := range values {
		var buf bytes.Buffer
		for _, h := range []slog.Handler{slog.NewJSONHandler(&buf, nil), slog.NewTextHandler(&buf, nil)} {
			slog.New(h).Info("x", "v", v, slog.Group("g", "v", v))
		}
		fmt.Fprintf(&buf, "%v %+v %#v %s %q %x", v, v, v, v, v, v)
		if strings.Contains(buf.String(), "S3NTINEL") || strings.Contains(buf.String(), "53334e54494e454c") {
			t.Errorf("%T: %s", v, buf.String())
		}
	}
	if _, err := json.Marshal(p); err == nil {
		t.Error("a Payment was stored without being asked for its personal data")
	}
}
