package reconcile

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func money(t testing.TB, text string) payment.Money {
	t.Helper()
	var m payment.Money
	if err := m.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

func day(n int) payment.Date { return payment.Date{Year: 2026, Month: 5, Day: n} }

// naive is the definition, by brute force.
func naive(left, right []Record, rules Rules) (findings []Finding) {
	c := &comparison{rules: rules}
	sides := [2][]Record{}
	for s, list := range [2][]Record{left, right} {
		for _, r := range list {
			if !rules.MoneyOnly || r.Signed().Sign() != 0 {
				sides[s] = append(sides[s], r)
			}
		}
	}
	var rest [2][]Record
	done := map[string]bool{"": true}
	for s := range sides {
		for _, r := range sides[s] {
			if ref := c.fold(r.Reference); r.Reference == "" {
				rest[s] = append(rest[s], r)
			} else if !done[ref] {
				done[ref] = true
				fs, alone := naiveGroup(c, under(c, sides[0], ref), under(c, sides[1], ref))
				findings = append(findings, fs...)
				rest[0], rest[1] = append(rest[0], alone[0]...), append(rest[1], alone[1]...)
			}
		}
	}
	if rules.WithoutReference != nil {
		var fs []Finding
		fs, rest = naiveRule(c, rest)
		findings = append(findings, fs...)
	}
	for s := range rest {
		used := make([]bool, len(rest[s]))
		if rules.NetReversals {
			findings = append(findings, naiveNet(c, side(s), rest[s], used)...)
		}
		for i, r := range rest[s] {
			switch {
			case used[i]:
			case s == 0:
				findings = append(findings, Finding{Verdict: Missing, Left: []Record{r}})
			default:
				findings = append(findings, Finding{Verdict: Extra, Right: []Record{r}})
			}
		}
	}
	return findings
}

func under(c *comparison, list []Record, ref string) (found []Record) {
	for _, r := range list {
		if r.Reference != "" && c.fold(r.Reference) == ref {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, compare)
	return found
}

func naiveGroup(c *comparison, l, r []Record) (fs []Finding, alone [2][]Record) {
	n := 0
	for i := 0; i < len(l); {
		j := slices.IndexFunc(r, func(x Record) bool { return len(c.rules.differences(l[i], x)) == 0 })
		if j < 0 {
			i++
			continue
		}
		f := Finding{Verdict: Duplicate, Left: []Record{l[i]}, Right: []Record{r[j]}}
		if n == 0 {
			f.Verdict = Matched
		}
		fs = append(fs, f)
		l, r = slices.Delete(slices.Clone(l), i, i+1), slices.Delete(slices.Clone(r), j, j+1)
		n++
	}
	switch {
	case len(l)+len(r) == 0:
	case n > 0:
		fs = append(fs, Finding{Verdict: Duplicate, Left: l, Right: r})
	case len(l) == 1 && len(r) == 1:
		fs = append(fs, Finding{Verdict: Differs, Left: l, Right: r, Differences: c.rules.differences(l[0], r[0])})
	case len(l) > 0 && len(r) > 0:
		fs = append(fs, Finding{Verdict: Ambiguous, Left: l, Right: r})
	case len(l) > 0:
		alone[0] = l[:1]
		if len(l) > 1 {
			fs = append(fs, Finding{Verdict: Duplicate, Left: l[1:]})
		}
	default:
		alone[1] = r[:1]
		if len(r) > 1 {
			fs = append(fs, Finding{Verdict: Duplicate, Right: r[1:]})
		}
	}
	return fs, alone
}

func naiveRule(c *comparison, rest [2][]Record) (fs []Finding, left [2][]Record) {
	all := append(slices.Clone(rest[0]), rest[1]...)
	isLeft := func(i int) bool { return i < len(rest[0]) }
	linked := func(i, j int) bool {
		if isLeft(i) == isLeft(j) {
			return false
		}
		if !isLeft(i) {
			i, j = j, i
		}
		a, b := all[i], all[j]
		dated := a.Date.IsZero() || b.Date.IsZero() || days(a.Date, b.Date) <= c.rules.Days
		return (a.Reference == "" || b.Reference == "") && dated && c.ruleKey(leftSide, a) == c.ruleKey(rightSide, b)
	}
	seen := make([]bool, len(all))
	for start := range all {
		if seen[start] {
			continue
		}
		component := []int{start}
		seen[start] = true
		for k := 0; k < len(component); k++ {
			for j := range all {
				if !seen[j] && linked(component[k], j) {
					seen[j] = true
					component = append(component, j)
				}
			}
		}
		f := Finding{Verdict: Ambiguous, ByRule: true}
		for _, i := range component {
			if isLeft(i) {
				f.Left = append(f.Left, all[i])
			} else {
				f.Right = append(f.Right, all[i])
			}
		}
		slices.SortFunc(f.Left, compare)
		slices.SortFunc(f.Right, compare)
		switch {
		case len(component) == 1:
			left[0], left[1] = append(left[0], f.Left...), append(left[1], f.Right...)
			continue
		case len(component) == 2:
			f.Verdict = Matched
		}
		fs = append(fs, f)
	}
	return fs, left
}

func naiveNet(c *comparison, s side, list []Record, used []bool) (fs []Finding) {
	reverses := func(a, b Record) bool {
		return a.Reverses != "" && b.Reference != "" && c.fold(a.Reverses) == c.fold(b.Reference)
	}
	visited := make([]bool, len(list))
	for start := range list {
		if visited[start] {
			continue
		}
		visited[start] = true
		family := []int{start}
		for k := 0; k < len(family); k++ {
			for j := range list {
				if !visited[j] && (reverses(list[family[k]], list[j]) || reverses(list[j], list[family[k]])) {
					visited[j] = true
					family = append(family, j)
				}
			}
		}
		if len(family) < 2 || !cancels(list, family) {
			continue
		}
		f := Finding{Verdict: Netted}
		for _, i := range family {
			used[i] = true
		}
		members := pick(list, family)
		slices.SortFunc(members, compare)
		if s == leftSide {
			f.Left = members
		} else {
			f.Right = members
		}
		fs = append(fs, f)
	}
	return fs
}

// text writes all that a finding holds.
func text(f Finding) string {
	type plain Record // prints its fields
	list := func(records []Record) (all []plain) {
		for _, r := range records {
			all = append(all, plain(r))
		}
		return all
	}
	return fmt.Sprintf("%s %v %+v %+v %v", f.Verdict, f.ByRule, list(f.Left), list(f.Right), f.Differences)
}

func texts(list []Finding) []string {
	all := make([]string, len(list))
	for i, f := range list {
		all[i] = text(f)
	}
	slices.Sort(all)
	return all
}

func collect(t testing.TB, left, right []Record, rules Rules) (list []Finding) {
	t.Helper()
	for f, err := range Compare(t.Context(), From(left...), From(right...), rules) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

// world makes two sides that have much in common, with everything that goes wrong.
func world(t testing.TB, rng *rand.Rand) (left, right []Record) {
	amounts := []payment.Money{money(t, "10.40 GBP"), money(t, "10.4 GBP"), money(t, "5 GBP"), money(t, "5 EUR")}
	kinds := []payment.Kind{payment.Sale, payment.Sale, payment.Refund, payment.Authorization, payment.Capture}
	make1 := func(i int) Record {
		r := Record{
			Reference: fmt.Sprint("R", rng.IntN(12)), Kind: kinds[rng.IntN(len(kinds))], Amount: amounts[rng.IntN(len(amounts))],
			Date: day(1 + rng.IntN(4)), Method: []string{"", "CARD", "CASH"}[rng.IntN(3)], Target: []string{"", "1", "2"}[rng.IntN(3)], ID: fmt.Sprint(i),
		}
		switch rng.IntN(6) {
		case 0:
			r.Reference = ""
		case 1:
			r.Date = payment.Date{}
		case 2:
			r.Reverses = fmt.Sprint("R", rng.IntN(12))
		case 3:
			r.Reference = strings.ToLower(r.Reference)
		}
		return r
	}
	for i := range rng.IntN(12) {
		r := make1(i)
		left = append(left, r)
		if rng.IntN(3) > 0 {
			r.ID = fmt.Sprint("v", i)
			right = append(right, r)
		}
	}
	for i := range rng.IntN(6) {
		right = append(right, make1(100+i))
	}
	return left, right
}

func someRules(rng *rand.Rand) Rules {
	r := Rules{Days: rng.IntN(3), NetReversals: rng.IntN(2) == 0, MoneyOnly: rng.IntN(3) == 0}
	all := []Field{Date, Method, Target, Account}
	for _, f := range all {
		if rng.IntN(2) == 0 {
			r.Compare = append(r.Compare, f)
		}
	}
	if rng.IntN(2) == 0 {
		r.WithoutReference = []Field{}
		for _, f := range all[1:] {
			if rng.IntN(2) == 0 {
				r.WithoutReference = append(r.WithoutReference, f)
			}
		}
	}
	if rng.IntN(2) == 0 {
		r.Fold = strings.ToLower
	}
	if rng.IntN(3) == 0 {
		r.Method = strings.ToLower
	}
	return r
}

// TestModel compares with the definition on 10,000 random worlds, in a second
// random order too, and adds the findings up.
func TestModel(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(13, 1))
	for n := range 10_000 {
		left, right := world(t, rng)
		rules := someRules(rng)
		got := collect(t, left, right, rules)
		if want := naive(left, right, rules); !slices.Equal(texts(got), texts(want)) {
			t.Fatalf("world %d, %+v:\n%v\n%v\ngot\n%s\nwant\n%s", n, rules, left, right, strings.Join(texts(got), "\n"), strings.Join(texts(want), "\n"))
		}
		l, r := slices.Clone(left), slices.Clone(right)
		rng.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
		rng.Shuffle(len(r), func(i, j int) { r[i], r[j] = r[j], r[i] })
		again := collect(t, l, r, rules)
		for i := range got {
			if len(again) != len(got) || text(again[i]) != text(got[i]) {
				t.Fatalf("world %d: another order gives another result", n)
			}
		}
		checkTotals(t, got, left, right, rules)
	}
}

// checkTotals shows that the totals are the sums of both sides.
func checkTotals(t *testing.T, findings []Finding, left, right []Record, rules Rules) {
	t.Helper()
	var totals Totals
	for _, f := range findings {
		totals.Add(f)
	}
	var got, want [2]Sum
	for total := range totals.All() {
		var byVerdict [2]Sum
		for _, sums := range total.ByVerdict {
			for s := range sums {
				byVerdict[s].Count += sums[s].Count
				byVerdict[s].Amount = byVerdict[s].amount().Add(sums[s].amount())
			}
		}
		for s, sum := range [...]Sum{total.Left, total.Right} {
			if byVerdict[s].Count != sum.Count || !byVerdict[s].amount().Equal(sum.amount()) {
				t.Fatalf("verdicts add up to %v, the side to %v", byVerdict[s], sum)
			}
			got[s].Count += sum.Count
			got[s].Amount = got[s].amount().Add(sum.amount())
		}
	}
	for s, list := range [...][]Record{left, right} {
		for _, r := range list {
			if !rules.MoneyOnly || r.Signed().Sign() != 0 {
				want[s].add(r)
			}
		}
		if got[s].Count != want[s].Count || !got[s].amount().Equal(want[s].amount()) {
			t.Fatalf("side %d adds up to %v, want %v", s, got[s], want[s])
		}
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	sale := func(ref, amount string) Record {
		return Record{Reference: ref, Kind: payment.Sale, Amount: money(t, amount), Date: day(4), Method: "CARD"}
	}
	reversal := sale("b", "5 GBP")
	reversal.Kind, reversal.Reverses = payment.Refund, "a"
	nameless, later := sale("", "7 GBP"), sale("", "7 GBP")
	later.Date = day(6)
	for name, c := range map[string]struct {
		left, right []Record
		rules       Rules
		want        []Verdict
	}{
		"matched":          {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "5.00 GBP")}, Rules{}, []Verdict{Matched}},
		"missing":          {[]Record{sale("a", "5 GBP")}, nil, Rules{}, []Verdict{Missing}},
		"extra":            {nil, []Record{sale("a", "5 GBP")}, Rules{}, []Verdict{Extra}},
		"differs":          {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "5.01 GBP")}, Rules{}, []Verdict{Differs}},
		"other currency":   {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "5 EUR")}, Rules{}, []Verdict{Differs}},
		"doubled":          {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "5 GBP"), sale("a", "5 GBP")}, Rules{}, []Verdict{Duplicate, Matched}},
		"doubled, differs": {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "6 GBP"), sale("a", "5 GBP")}, Rules{}, []Verdict{Duplicate, Matched}},
		"doubled, alone":   {nil, []Record{sale("a", "5 GBP"), sale("a", "5 GBP")}, Rules{}, []Verdict{Duplicate, Extra}},
		"ambiguous":        {[]Record{sale("a", "5 GBP")}, []Record{sale("a", "6 GBP"), sale("a", "7 GBP")}, Rules{}, []Verdict{Ambiguous}},
		"netted":           {[]Record{sale("a", "5 GBP"), reversal}, nil, Rules{NetReversals: true}, []Verdict{Netted}},
		"not netted":       {[]Record{sale("a", "5 GBP"), reversal}, nil, Rules{}, []Verdict{Missing, Missing}},
		"no rule":          {[]Record{sale("a", "7 GBP")}, []Record{nameless}, Rules{}, []Verdict{Extra, Missing}},
		"by rule":          {[]Record{sale("a", "7 GBP")}, []Record{nameless}, Rules{WithoutReference: []Field{Method}}, []Verdict{Matched}},
		"outside":          {[]Record{sale("a", "7 GBP")}, []Record{later}, Rules{WithoutReference: []Field{}, Days: 1}, []Verdict{Extra, Missing}},
		"in the window":    {[]Record{sale("a", "7 GBP")}, []Record{later}, Rules{WithoutReference: []Field{}, Days: 2}, []Verdict{Matched}},
		"two could be":     {[]Record{sale("a", "7 GBP"), sale("b", "7 GBP")}, []Record{nameless}, Rules{WithoutReference: []Field{}}, []Verdict{Ambiguous}},
		"two references":   {[]Record{sale("a", "7 GBP")}, []Record{sale("b", "7 GBP")}, Rules{WithoutReference: []Field{}}, []Verdict{Extra, Missing}},
	} {
		var got []Verdict
		for _, f := range collect(t, c.left, c.right, c.rules) {
			got = append(got, f.Verdict)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

var errBroken = errors.New("stream broken")

// An error of a side is never a finding.
func TestErrors(t *testing.T) {
	t.Parallel()
	good := Record{Reference: "a", Kind: payment.Sale, Amount: money(t, "5 GBP")}
	broken := func(yield func(Record, error) bool) { _ = yield(good, nil) && yield(Record{}, errBroken) }
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx         context.Context
		left, right iter.Seq2[Record, error]
		rules       Rules
		want        error
	}{
		"left":      {t.Context(), broken, From(good), Rules{}, errBroken},
		"right":     {t.Context(), From(good), broken, Rules{}, errBroken},
		"context":   {ended, From(good), From(good), Rules{}, context.Canceled},
		"nil":       {t.Context(), nil, From(good), Rules{}, payment.ErrInvalid},
		"no amount": {t.Context(), From(Record{Kind: payment.Sale}), From(), Rules{}, payment.ErrInvalid},
		"no kind":   {t.Context(), From(Record{Amount: good.Amount}), From(), Rules{}, payment.ErrInvalid},
		"no day":    {t.Context(), From(Record{Kind: payment.Sale, Amount: good.Amount, Date: payment.Date{Year: 2026, Month: 2, Day: 30}}), From(), Rules{}, payment.ErrInvalid},
		"days":      {t.Context(), From(), From(), Rules{Days: -1}, payment.ErrInvalid},
		"field":     {t.Context(), From(), From(), Rules{Compare: []Field{"Colour"}}, payment.ErrInvalid},
	} {
		n := 0
		for f, err := range Compare(c.ctx, c.left, c.right, c.rules) {
			if n++; !errors.Is(err, c.want) || f.Verdict != "" || n > 1 {
				t.Errorf("%s: %v, %v", name, f, err)
			}
		}
	}
	for range Compare(t.Context(), From(good, good), From(), Rules{}) {
		break // stopping early must not be an error
	}
}

func FuzzOrder(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, seed, order uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		left, right := world(t, rng)
		rules := someRules(rng)
		want := texts(naive(left, right, rules))
		rng = rand.New(rand.NewPCG(order, 0))
		rng.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
		rng.Shuffle(len(right), func(i, j int) { right[i], right[j] = right[j], right[i] })
		if got := texts(collect(t, left, right, rules)); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
