package payment_test

import (
	"math"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

type division struct {
	in      string
	weights []int
	want    []string
}

// longWeights are the divisions whose weights take up the whole int.
func longWeights() []division {
	if math.MaxInt == math.MaxInt32 {
		return []division{
			{"21474836.47 GBP", []int{math.MaxInt - 1, 1}, []string{"21474836.46", "0.01"}},
			{"0.03 GBP", []int{math.MaxInt, math.MaxInt}, []string{"0.02", "0.01"}}, // the sum is beyond int, not beyond 64 bits
		}
	}
	return []division{
		{"92233720368547758.07 GBP", []int{math.MaxInt - 1, 1}, []string{"92233720368547758.06", "0.01"}},
		{"0.03 GBP", []int{math.MaxInt / 2, math.MaxInt / 2}, []string{"0.02", "0.01"}},
	}
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	for _, tt := range append(longWeights(), []division{
		{"10.00 GBP", []int{1, 1, 1}, []string{"3.34", "3.33", "3.33"}},
		{"-10.00 GBP", []int{1, 1, 1}, []string{"-3.34", "-3.33", "-3.33"}},
		{"0.05 GBP", []int{3, 7}, []string{"0.02", "0.03"}},
		{"0.05 GBP", []int{7, 3}, []string{"0.04", "0.01"}},
		{"1 GBP", []int{70, 20, 10}, []string{"0.70", "0.20", "0.10"}},
		{"0.01 GBP", []int{1, 1}, []string{"0.01", "0.00"}},
		{"0.01 GBP", []int{0, 1, 0}, []string{"0.00", "0.01", "0.00"}},
		{"0.02 GBP", []int{0, 1, 1, 1}, []string{"0.00", "0.01", "0.01", "0.00"}},
		{"0.00 GBP", []int{1, 2}, []string{"0.00", "0.00"}},
		{"10.4 GBP", []int{5}, []string{"10.40"}},
		{"100 JPY", []int{1, 2}, []string{"33", "67"}},
		{"1.000 KWD", []int{1, 2}, []string{"0.333", "0.667"}},
		{"92233720368547758.07 GBP", []int{1, 1}, []string{"46116860184273879.04", "46116860184273879.03"}},
		{"-92233720368547758.08 GBP", []int{9}, []string{"-92233720368547758.08"}},
	}...) {
		shares, err := money(t, tt.in).Allocate(tt.weights...)
		if err != nil {
			t.Errorf("%s by %v: %v", tt.in, tt.weights, err)
		}
		var got []string
		for _, share := range shares {
			got = append(got, share.Amount().String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s by %v is %v, want %v", tt.in, tt.weights, got, tt.want)
		}
	}
}

func TestAllocateRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      payment.Money
		weights []int
		field   string
	}{
		{money(t, "1 GBP"), nil, "weights"},
		{money(t, "1 GBP"), []int{0, 0}, "weights"},
		{money(t, "1 GBP"), []int{2, -1}, "weights"},
		{money(t, "1 GBP"), []int{1, math.MinInt}, "weights"},
		{money(t, "1.001 GBP"), []int{1}, "amount"},
		{money(t, "99999999999999999999 GBP"), []int{1}, "amount"},
		{money(t, "1 XAU"), []int{1}, "currency"},
		{payment.Money{}, []int{1}, "amount"},
		{money(t, "1 GBP"), []int{math.MaxInt, 1}, "weights"},
	} {
		if math.MaxInt == math.MaxInt32 && tt.weights != nil && tt.weights[0] == math.MaxInt {
			continue // no sum of an int's weights is beyond 64 bits there
		}
		shares, err := tt.in.Allocate(tt.weights...)
		wantField(t, err, tt.field, "")
		if shares != nil {
			t.Errorf("%v by %v returns %v besides the error", tt.in, tt.weights, shares)
		}
	}
}
