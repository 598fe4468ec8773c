package brightpearltest

import (
	"slices"
	"testing"
)

func TestIDSet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []int64 // nil: refused
	}{
		{"8", []int64{8}},
		{"8-8", []int64{8}},
		{"3-5", []int64{3, 4, 5}},
		{"7,1,5-6,1", []int64{7, 1, 5, 6}},
		{"3.2.1", []int64{3, 2, 1}},
		{"", nil}, {"0", nil}, {"-1", nil}, {"5-", nil}, {"-5", nil}, {"5-3", nil}, {"1,", nil}, {"1-2-3", nil},
		{"+1", nil}, {" 1", nil}, {"a", nil}, {"9223372036854775808", nil}, {"1 2", nil},
	} {
		set, ok := parseIDSet(c.text)
		if ok != (c.want != nil) {
			t.Errorf("parseIDSet(%q) ok = %v", c.text, ok)
			continue
		}
		if got, _ := set.expand(10); !slices.Equal(got, c.want) {
			t.Errorf("%q expands to %v, want %v", c.text, got, c.want)
		}
	}
}

func FuzzParseIDSet(f *testing.F) {
	for _, seed := range []string{"8", "100-200", "1,5,7-9", "3.2.1", "5-", "9223372036854775807-9223372036854775807"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, ok := parseIDSet(text)
		if !ok {
			return
		}
		ids, ok := set.expand(maxTotals)
		if ok && (len(ids) == 0 || len(ids) > maxTotals) {
			t.Errorf("%q: %d ids", text, len(ids))
		}
		for _, id := range ids {
			if id <= 0 || !set.has(id) {
				t.Errorf("%q: id %d", text, id)
			}
		}
	})
}
