package payment

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Allocate returns m divided in proportion to the weights, in whole minor units, so
// that the shares add up to m: 10.00 GBP by 1, 1, 1 is 3.34, 3.33 and 3.33.
//
// The minor units that remain go one each to the shares with the largest
// remainders, and to the earlier of two equal ones. The share of a weight of 0
// is 0. Negative money is divided like positive money.
//
// It refuses no weights, a negative weight, weights that sum to 0 or beyond
// int64, and what [Money.MinorUnits] refuses.
func (m Money) Allocate(weights ...int) ([]Money, error) {
	total, err := m.MinorUnits()
	if err != nil {
		return nil, err
	}
	sum, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	shares := make([]Money, len(weights))
	for i, units := range largestRemainder(magnitude(total), sum, weights) {
		if total < 0 {
			units = -units // wraps to the right bits of math.MinInt64
		}
		shares[i] = m
		shares[i].amount = m.currency.minorUnit()
		shares[i].amount.coef = int64(units)
	}
	return shares, nil
}

func sumWeights(weights []int) (uint64, error) {
	var sum int64
	for _, w := range weights {
		switch {
		case w < 0:
			return 0, weightError("holds a negative weight")
		case int64(w) > math.MaxInt64-sum:
			return 0, weightError("sum to more than 64 bits")
		}
		sum += int64(w)
	}
	if sum == 0 {
		return 0, weightError("sum to nothing")
	}
	return uint64(sum), nil
}

// largestRemainder divides total by weights that sum to sum.
func largestRemainder(total, sum uint64, weights []int) []uint64 {
	shares := make([]uint64, len(weights))
	rests := make([]uint64, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		// The product needs 128 bits. The quotient fits because w <= sum.
		hi, lo := bits.Mul64(total, uint64(w))
		shares[i], rests[i] = bits.Div64(hi, lo, sum)
		left -= shares[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(rests[j], rests[i]) })
	for _, i := range order[:left] { // left is less than the number of rests above 0
		shares[i]++
	}
	return shares
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func weightError(reason string) error {
	return &FieldError{Field: "weights", Reason: reason}
}
