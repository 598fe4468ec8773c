package payment

import (
	"errors"
	"testing"
	"testing/synctest"
)

func TestResume(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script        func(v *vendor)
		deduplicates  bool
		want          error
		already       bool
		writes, looks int
	}{
		"stands": {func(v *vendor) {
			_, _ = v.store(Payment{Reference: "ref-1", Amount: Money{mustAmount("10.40"), "GBP"}})
		}, false, nil, true, 0, 1},
		"stands, guarded": {func(v *vendor) {
			_, _ = v.store(Payment{Reference: "ref-1", Amount: Money{mustAmount("10.40"), "GBP"}})
		}, true, nil, true, 0, 1},
		"another": {func(v *vendor) {
			_, _ = v.store(Payment{Reference: "ref-1", Amount: Money{mustAmount("10.41"), "GBP"}})
		}, true, ErrConflict, false, 0, 1},
		"nothing, guarded":        {func(v *vendor) { v.records = []func(Payment) (Receipt, error){v.works()} }, true, nil, false, 1, 5},
		"nothing, no guard":       {func(v *vendor) { v.records = []func(Payment) (Receipt, error){v.works()} }, false, nil, false, 1, 5},
		"no lookup":               {func(v *vendor) { v.lookErr = ErrNoLookup }, false, ErrNoLookup, false, 0, 1},
		"looks fail":              {func(v *vendor) { v.lookErr = ErrUnavailable }, true, ErrOutcomeUnknown, false, 0, 5},
		"hidden, refused, shows":  {func(v *vendor) { v.records = []func(Payment) (Receipt, error){v.hiddenRefusal}; v.hidden = 3 }, true, nil, true, 1, 6},
		"refused and never shows": {func(v *vendor) { v.records = []func(Payment) (Receipt, error){refuses} }, true, ErrOutcomeUnknown, false, 1, 10},
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
				receipt, err := Resume(t.Context(), r, sale(t))
				if !errors.Is(err, c.want) || c.want == nil && receipt.AlreadyRecorded != c.already {
					t.Errorf("receipt %v, err %v; want %v", receipt, err, c.want)
				}
				if v.writes != c.writes || v.looks != c.looks {
					t.Errorf("%d writes, %d looks; want %d, %d", v.writes, v.looks, c.writes, c.looks)
				}
			})
		})
	}
}

// hiddenRefusal refuses because another process has just recorded the payment.
func (v *vendor) hiddenRefusal(p Payment) (Receipt, error) {
	_, _ = v.store(p)
	return refuses(p)
}
