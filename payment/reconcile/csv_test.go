package reconcile

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenderkit/tenderkit/payment"
)

// drain returns the records of a side and the error that ended it.
func drain(side iter.Seq2[Record, error]) (list []Record, err error) {
	for r, err := range side {
		if err != nil {
			return list, err
		}
		list = append(list, r)
	}
	return list, nil
}

func TestCSV(t *testing.T) {
	t.Parallel()
	account := payment.Account{Vendor: "bank", Tenant: "1", Host: "h"}
	bank := CSVOptions{
		Columns: Columns{Reference: "Verwendungszweck", Amount: "Betrag", Date: "Buchung", Method: "Art", Kind: "Text"},
		Comma:   ';', DecimalComma: true, DateLayout: "02.01.2006", Currency: "EUR", Account: account, Name: "bank.csv",
		Kinds: map[string]payment.Kind{"Gutschrift": payment.Sale, "Storno": payment.Refund},
	}
	for name, c := range map[string]struct {
		text    string
		options CSVOptions
		want    []Record
	}{
		"own names": {
			"\ufeffID,Reference , kind,amount,currency,date,method,target,reverses,colour\n" +
				"7,R1,sale,10.40,GBP,2026-05-04,CARD,2001,,red\r\n8,\"R,\n2\",REFUND,-5,EUR,,,,R1,\n", CSVOptions{},
			[]Record{
				{ID: "7", Reference: "R1", Kind: payment.Sale, Amount: money(t, "10.40 GBP"), Date: day(4), Method: "CARD", Target: "2001", Source: "line 2"},
				{ID: "8", Reference: "R,\n2", Kind: payment.Refund, Amount: money(t, "5 EUR"), Reverses: "R1", Source: "line 3"},
			},
		},
		"a bank's": {
			"Buchung;Betrag;Verwendungszweck;Text;Art\n04.05.2026;1000,50;R1;Gutschrift;CARD\n04.05.2026;-10,5;R2;;\n04.05.2026;10;R3;Storno;\n", bank,
			[]Record{
				{Account: account, Reference: "R1", Kind: payment.Sale, Amount: money(t, "1000.50 EUR"), Date: day(4), Method: "CARD", Source: "bank.csv, line 2"},
				{Account: account, Reference: "R2", Kind: payment.Refund, Amount: money(t, "10.5 EUR"), Date: day(4), Source: "bank.csv, line 3"},
				{Account: account, Reference: "R3", Kind: payment.Refund, Amount: money(t, "10 EUR"), Date: day(4), Source: "bank.csv, line 4"},
			},
		},
		"no lines":     {"amount\n", CSVOptions{Currency: "GBP"}, nil},
		"two no-names": {"amount,,\n1,x,y\n", CSVOptions{Currency: "GBP"}, []Record{{Kind: payment.Sale, Amount: money(t, "1 GBP"), Source: "line 2"}}},
	} {
		got, err := drain(CSV(strings.NewReader(c.text), c.options))
		if err != nil || !slices.EqualFunc(got, c.want, func(a, b Record) bool { return compare(a, b) == 0 }) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, text(Finding{Left: got}), text(Finding{Left: c.want}))
		}
	}
}

// A line that cannot be read ends the side. The error says where, and not what.
func TestCSVErrors(t *testing.T) {
	t.Parallel()
	gbp := CSVOptions{Currency: "GBP", Name: "f.csv"}
	comma, dated, named, longer := gbp, gbp, gbp, gbp
	comma.DecimalComma = true
	dated.DateLayout = "02.01.2006"
	named.Columns = Columns{Amount: "Sum", Method: "S3NTINEL"}
	longer.Columns = Columns{Reference: "amount"}
	for name, c := range map[string]struct {
		text, want string
		options    CSVOptions
		records    int
	}{
		"empty":            {"", "f.csv, line 1: the file is empty: its first line has to name the columns", gbp, 0},
		"no amounts":       {"id\n", "f.csv, line 1, Columns.Amount: is not set: a file without amounts cannot be compared", gbp, 0},
		"amounts unnamed":  {"amount\n", "f.csv, line 1, Columns.Amount: is not set: a file without amounts cannot be compared", longer, 0},
		"missing column":   {"sum\n1\n", "f.csv, line 1, S3NTINEL: is not a column of the file", named, 0},
		"twice":            {"amount,AMOUNT\n", "f.csv, line 1, amount: is the name of two columns", gbp, 0},
		"another number":   {"amount,id\n1,2\n1\n", "f.csv, line 3: it has another number of columns than the first line", gbp, 1},
		"quotes":           {"amount,id\n1,\"S3NT\"INEL\"\n", "f.csv, line 2: it is not CSV", gbp, 0},
		"no number":        {"amount\n1\nS3NTINEL\n", "f.csv, line 3, amount: is not a decimal number", gbp, 1},
		"thousands":        {"amount\n\"1,000.00\"\n", "f.csv, line 2, amount: is not a decimal number", gbp, 0},
		"point":            {"amount\n1.000\n", "f.csv, line 2, amount: holds a point, where DecimalComma is set", comma, 0},
		"no currency":      {"amount\n1\n", "f.csv, line 2, currency: is not an active ISO 4217 code in upper case", CSVOptions{Name: "f.csv"}, 0},
		"no day":           {"amount,date\n1,04.05.2026\n", "f.csv, line 2, date: is not a day such as 2006-01-02", gbp, 0},
		"no day of layout": {"amount,date\n1,2026-05-04\n", "f.csv, line 2, date: is not of the DateLayout", dated, 0},
		"no kind":          {"amount,kind\n1,S3NTINEL\n", "f.csv, line 2, kind: is not sale, refund, authorization, capture or void, and not one of Kinds", gbp, 0},
		"negative sale":    {"amount,kind\n-1,sale\n", "f.csv, line 2, amount: is negative, and not a refund", gbp, 0},
	} {
		got, err := drain(CSV(strings.NewReader(c.text), c.options))
		if err == nil || err.Error() != c.want || !errors.Is(err, payment.ErrInvalid) || len(got) != c.records {
			t.Errorf("%s: %d records, %v", name, len(got), err)
		}
	}
	if _, err := drain(CSV(io.MultiReader(strings.NewReader("amount\n1\n"), iotest.ErrReader(errBroken)), gbp)); !errors.Is(err, errBroken) {
		t.Errorf("a reader that fails: %v", err)
	}
	endless := io.MultiReader(strings.NewReader("amount,id\n1,\""), zeros{})
	if _, err := drain(CSV(endless, gbp)); !errors.Is(err, payment.ErrInvalid) || !strings.Contains(err.Error(), "longer than 1 MiB") {
		t.Errorf("a line without an end: %v", err)
	}
	for range CSV(strings.NewReader("amount\n1\n2\n"), gbp) {
		break // stopping early must not be an error
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// What a report is exported as can be read again, whatever it holds.
func FuzzCSV(f *testing.F) {
	f.Add("amount,reference,date,kind\n1.50,R1,2026-05-04,sale\n")
	f.Add("\ufeffamount;\"x\n\"\n1;2\n")
	f.Fuzz(func(t *testing.T, text string) {
		records, err := drain(CSV(strings.NewReader(text), CSVOptions{Currency: "GBP"}))
		if err != nil && !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%v", err)
		}
		for _, r := range records {
			if err := check(r); err != nil || r.Amount.Sign() < 0 {
				t.Errorf("%v: %v", r, err)
			}
		}
	})
}

func TestJoin(t *testing.T) {
	t.Parallel()
	a, b := Record{ID: "a"}, Record{ID: "b"}
	broken := func(yield func(Record, error) bool) { _ = yield(a, nil) && yield(Record{}, errBroken) }
	if got, err := drain(Join(From(a), From(), From(b, a))); err != nil || len(got) != 3 || got[1].ID != "b" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := drain(Join(broken, From(b))); !errors.Is(err, errBroken) || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	for range Join(From(a, b), From(a)) {
		break
	}
}
