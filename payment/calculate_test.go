package payment_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// rat is the number as an exact fraction.
func rat(t *testing.T, a payment.Amount) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(a.String())
	if !ok {
		t.Fatalf("%q is not a number", a)
	}
	return r
}

func randomAmount(rng *rand.Rand, digits int) payment.Amount {
	n := 1 + rng.IntN(digits)
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('0' + rng.IntN(10))
	}
	s := new(big.Int)
	s.SetString(string(text), 10)
	whole := s.String()
	if scale := rng.IntN(5); scale > 0 {
		fraction := make([]byte, scale)
		for i := range fraction {
			fraction[i] = byte('0' + rng.IntN(10))
		}
		whole += "." + string(fraction)
	}
	if rng.IntN(3) == 0 && whole != "0" {
		whole = "-" + whole
	}
	return payment.MustParseAmount(whole)
}

// nearest says whether got is the neighbour of exact that the mode picks, of
// the multiples of 1/10^decimals.
func nearest(exact *big.Rat, decimals int, mode payment.RoundingMode, got *big.Rat) bool {
	step := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	scaled := new(big.Rat).Quo(exact, step)
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom()) // Euclidean, and the denominator is positive
	rest := new(big.Rat).Sub(scaled, new(big.Rat).SetInt(floor))
	ceil := new(big.Int).Add(floor, big.NewInt(1))
	pick := floor
	half := rest.Cmp(big.NewRat(1, 2))
	negative := exact.Sign() < 0
	switch {
	case rest.Sign() == 0:
	case mode == payment.Ceiling, mode == payment.Up && !negative, mode == payment.Down && negative:
		pick = ceil
	case mode == payment.Floor, mode == payment.Up, mode == payment.Down:
	case half > 0:
		pick = ceil
	case half == 0 && (mode == payment.HalfEven && floor.Bit(0) == 1 || mode == payment.HalfUp && !negative || mode == payment.HalfDown && negative):
		pick = ceil
	}
	return new(big.Rat).Mul(new(big.Rat).SetInt(pick), step).Cmp(got) == 0
}

// TestAgainstRat tries each calculation on many random values against exact fractions.
func TestAgainstRat(t *testing.T) {
	t.Parallel()
	n := 1_000_000
	if testing.Short() {
		n = 50_000
	}
	currencies := []payment.Currency{"GBP", "JPY", "BHD", "CLF"}
	rng := rand.New(rand.NewPCG(7, 7))
	for range n / 10 { // ten calculations each
		c := currencies[rng.IntN(len(currencies))]
		mode := payment.RoundingMode(rng.IntN(7))
		a, b := randomAmount(rng, 14), randomAmount(rng, 14)
		x, y := rat(t, a), rat(t, b)
		if sum := rat(t, a.Add(b)); sum.Cmp(new(big.Rat).Add(x, y)) != 0 {
			t.Fatalf("%v + %v = %v", a, b, sum)
		}
		if difference := rat(t, a.Sub(b)); difference.Cmp(new(big.Rat).Sub(x, y)) != 0 {
			t.Fatalf("%v - %v = %v", a, b, difference)
		}
		if a.Cmp(b) != x.Cmp(y) {
			t.Fatalf("%v compares with %v as %d", a, b, a.Cmp(b))
		}
		decimals := rng.IntN(6)
		if r := a.Round(decimals, mode); r.Scale() != decimals || !nearest(x, decimals, mode, rat(t, r)) {
			t.Fatalf("%v to %d decimals, mode %d: %v", a, decimals, mode, r)
		}
		if r, err := a.Rescale(decimals); (err == nil) != (a.Decimals() <= decimals) || err == nil && rat(t, r).Cmp(x) != 0 {
			t.Fatalf("%v rescaled to %d: %v, %v", a, decimals, r, err)
		}
		m, err := payment.NewMoney(a, c)
		if err != nil {
			t.Fatal(err)
		}
		product, err := m.Mul(b, mode)
		if err != nil || !nearest(new(big.Rat).Mul(x, y), c.MinorUnits(), mode, rat(t, product.Amount())) {
			t.Fatalf("%v * %v, mode %d: %v, %v", m, b, mode, product, err)
		}
		checkTax(t, rng, m.Round(mode), mode)
		checkShares(t, rng, m.Round(mode))
	}
}

func checkTax(t *testing.T, rng *rand.Rand, gross payment.Money, mode payment.RoundingMode) {
	t.Helper()
	percent := randomAmount(rng, 2)
	if percent.Sign() < 0 {
		percent = percent.Neg()
	}
	net, tax, err := gross.SplitTax(percent, mode)
	if err != nil {
		t.Fatalf("%v with %v %%: %v", gross, percent, err)
	}
	exact := new(big.Rat).Mul(rat(t, gross.Amount()), big.NewRat(100, 1))
	exact.Quo(exact, new(big.Rat).Add(big.NewRat(100, 1), rat(t, percent)))
	sum, err := net.Add(tax)
	if err != nil || !sum.Equal(gross) || !nearest(exact, gross.Currency().MinorUnits(), mode, rat(t, net.Amount())) {
		t.Fatalf("%v with %v %%, mode %d: net %v, tax %v", gross, percent, mode, net, tax)
	}
}

func checkShares(t *testing.T, rng *rand.Rand, m payment.Money) {
	t.Helper()
	if _, err := m.MinorUnits(); err != nil {
		return
	}
	shares, err := m.Split(1 + rng.IntN(9))
	if err != nil {
		t.Fatal(err)
	}
	total, err := payment.Sum(shares...)
	if err != nil || !total.Equal(m) {
		t.Fatalf("%v split into %v", m, shares)
	}
	first, last := shares[0].Abs(), shares[len(shares)-1].Abs()
	spread, err := first.Sub(last)
	if units, _ := spread.MinorUnits(); err != nil || units < 0 || units > 1 {
		t.Fatalf("%v split into %v", m, shares)
	}
}

func TestCalculationsRefuse(t *testing.T) {
	t.Parallel()
	gbp, eur, none := payment.MustParseMoney("1.00", "GBP"), payment.MustParseMoney("1.00", "EUR"), payment.Money{}
	one := payment.MustParseAmount("1")
	for name, err := range map[string]error{
		"sum of nothing":    second(payment.Sum()),
		"sum of two":        second(payment.Sum(gbp, eur)),
		"sum with none":     second(payment.Sum(gbp, none)),
		"sum of none":       second(payment.Sum(none)),
		"min of two":        second(gbp.Min(eur)),
		"max with none":     second(gbp.Max(none)),
		"none times":        second(none.Mul(one, payment.Down)),
		"times none":        second(gbp.Mul(payment.Amount{}, payment.Down)),
		"gold times":        second(payment.MustParseMoney("1", "XAU").Mul(one, payment.Down)),
		"no shares":         second(gbp.Split(0)),
		"too many shares":   second(gbp.Split(1 << 30)),
		"zero of no money":  second(payment.Zero("XXQ")),
		"rescale":           second(payment.MustParseAmount("1.05").Rescale(1)),
		"rescale to less":   second(one.Rescale(-1)),
		"negative rate":     third(gbp.SplitTax(one.Neg(), payment.Down)),
		"too many decimals": third(payment.MustParseMoney("1.005", "GBP").SplitTax(one, payment.Down)),
		"tax of nothing":    third(none.SplitTax(one, payment.Down)),
	} {
		if !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }

func TestCalculations(t *testing.T) {
	t.Parallel()
	list := []payment.Money{payment.MustParseMoney("2", "GBP"), payment.MustParseMoney("9", "EUR"), {}, payment.MustParseMoney("1.5", "GBP")}
	slices.SortFunc(list, payment.Money.Compare)
	if list[0].IsSet() || list[1].Currency() != "EUR" || list[2].String() != "1.5 GBP" {
		t.Errorf("sorted as %v", list)
	}
	if zero, err := payment.Zero("GBP"); err != nil || zero.String() != "0.00 GBP" {
		t.Errorf("%v, %v", zero, err)
	}
	smaller, _ := list[2].Min(list[3])
	larger, _ := list[2].Max(list[3])
	if smaller.String() != "1.5 GBP" || larger.String() != "2 GBP" {
		t.Errorf("%v, %v", smaller, larger)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustParseAmount took what is no amount")
		}
	}()
	payment.MustParseAmount("1e3")
}
