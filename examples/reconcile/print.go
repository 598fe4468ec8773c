package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// print writes the report in the form that was asked for.
func (r *report) print(set settings, out io.Writer) error {
	switch {
	case set.csv:
		return r.printCSV(out)
	case set.json:
		return r.printJSON(out)
	}
	return r.printTable(out, set.all)
}

// printTable writes the differences and the totals for a terminal.
func (r *report) printTable(out io.Writer, all bool) error {
	fmt.Fprintf(out, "%s against %s, %s\n%s\n", r.left.name, r.right.name, r.period(), r.summary())
	if r.differences() > 0 || all {
		fmt.Fprintln(out)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, f := range r.findings {
		if agrees(f.Verdict) && !all {
			break // the rest agrees too
		}
		if i == 0 {
			fmt.Fprintf(w, "\tDAY\tREFERENCE\tMETHOD\tTARGET\t%s\t%s\t\n", strings.ToUpper(r.left.short), strings.ToUpper(r.right.short))
		}
		row := r.row(f)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.Label, row.Date, plain(row.Reference), plain(row.Method), plain(row.Target), row.Left, row.Right, plain(row.What))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return r.printTotals(out)
}

func (r *report) printTotals(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nTOTALS\tDAY\tMETHOD\t%s\t\t%s\t\tDIFFERENCE\t\n", strings.ToUpper(r.left.short), strings.ToUpper(r.right.short))
	for _, t := range r.sums() {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t\n", t.Currency, t.Date, plain(t.Method), t.Left, t.LeftCount, t.Right, t.RightCount, t.Difference)
	}
	return w.Flush()
}

// plain keeps a text of somebody else's from moving the cursor.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

var header = []string{"finding", "day", "reference", "method", "target", "currency", "left", "right", "difference", "what", "where"}

// printCSV writes all findings. A spreadsheet takes a text that begins with =
// for a formula: such texts get an apostrophe in front.
func (r *report) printCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write(header); err != nil {
		return err
	}
	for _, f := range r.findings {
		row := r.row(f)
		texts := []string{string(row.Verdict), row.Date, row.Reference, row.Method, row.Target, row.Currency, row.Left, row.Right, row.Difference, row.What, row.Where}
		for i := range texts {
			if amount := i >= 6 && i <= 8; !amount && strings.IndexAny(texts[i], "=+-@\t\r") == 0 {
				texts[i] = "'" + texts[i]
			}
		}
		if err := w.Write(texts); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// printJSON writes everything as one object.
func (r *report) printJSON(out io.Writer) error {
	type finding struct {
		Verdict     reconcile.Verdict `json:"verdict"`
		Left        []jsonRecord      `json:"left,omitempty"`
		Right       []jsonRecord      `json:"right,omitempty"`
		Differences []jsonDifference  `json:"differences,omitempty"`
		ByRule      bool              `json:"byRule,omitempty"`
	}
	var report struct {
		Left     string                    `json:"left"`
		Right    string                    `json:"right"`
		Period   string                    `json:"period"`
		Clean    bool                      `json:"clean"`
		Counts   map[reconcile.Verdict]int `json:"counts"`
		Totals   []total                   `json:"totals"`
		Findings []finding                 `json:"findings"`
	}
	report.Left, report.Right, report.Period, report.Clean = r.left.name, r.right.name, r.period(), r.totals.Clean()
	report.Counts, report.Totals, report.Findings = map[reconcile.Verdict]int{}, r.sums(), []finding{}
	for _, v := range order {
		report.Counts[v] = r.totals.Count(v)
	}
	for _, f := range r.findings {
		out := finding{Verdict: f.Verdict, Left: jsonRecords(f.Left), Right: jsonRecords(f.Right), ByRule: f.ByRule}
		for _, d := range f.Differences {
			out.Differences = append(out.Differences, jsonDifference(d))
		}
		report.Findings = append(report.Findings, out)
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err == nil {
		_, err = out.Write(append(text, '\n'))
	}
	return err
}

type jsonDifference struct {
	Field reconcile.Field `json:"field"`
	Left  string          `json:"left"`
	Right string          `json:"right"`
}

// jsonRecord is a record with all that it holds.
type jsonRecord struct {
	Account   string `json:"account,omitempty"`
	ID        string `json:"id,omitempty"`
	Reference string `json:"reference,omitempty"`
	Kind      string `json:"kind"`
	Amount    string `json:"amount"` // without a sign
	Currency  string `json:"currency"`
	Date      string `json:"date,omitempty"`
	Method    string `json:"method,omitempty"`
	Target    string `json:"target,omitempty"`
	Reverses  string `json:"reverses,omitempty"`
	Source    string `json:"source,omitempty"`
}

func jsonRecords(list []reconcile.Record) (all []jsonRecord) {
	for _, r := range list {
		one := jsonRecord{
			ID: r.ID, Reference: r.Reference, Kind: string(r.Kind), Amount: r.Amount.Amount().String(), Currency: string(r.Amount.Currency()),
			Method: r.Method, Target: r.Target, Reverses: r.Reverses, Source: r.Source,
		}
		if r.Account.Vendor != "" {
			one.Account = r.Account.String()
		}
		if !r.Date.IsZero() {
			one.Date = r.Date.String()
		}
		all = append(all, one)
	}
	return all
}
