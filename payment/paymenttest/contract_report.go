package paymenttest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what a run of [Check] found.
type Report struct {
	Vendor, Account, Host string
	Began                 time.Time
	Took                  time.Duration
	Requests              int
	Results               []Result
	Facts                 map[string]Known // by JSON name; every fact has an entry
	Written               []Written        // and not undone
	Err                   error            // why the run could not begin, or ended early
}

// Result is what one clause came to.
type Result struct {
	Clause   Clause
	Verdict  Verdict
	Expected string
	Seen     string   // what differs, or what was seen
	Place    string   // where it differs: method and path, member
	Why      string   // it is undecided
	Advice   []string // options to set
	Requests int

	odd     []string // facts that are not the default
	mistake string   // of the clause
}

// Written is something that a run wrote.
type Written struct {
	Clause string
	What   string
	Undone bool // deleted again, or refused
}

// Undo marks that it was deleted again, or that the vendor refused it.
func (w *Written) Undo() { w.Undone = true }

// String returns what was written, and by which clause.
func (w Written) String() string { return w.What + " (" + w.Clause + ")" }

// Count returns how many clauses came to the verdict.
func (r Report) Count(v Verdict) (n int) {
	for _, result := range r.Results {
		if result.Verdict == v {
			n++
		}
	}
	return n
}

// Result returns the result of one clause.
func (r Report) Result(id string) (Result, bool) {
	i := slices.IndexFunc(r.Results, func(result Result) bool { return result.Clause.ID == id })
	if i < 0 {
		return Result{}, false
	}
	return r.Results[i], true
}

// Summary returns one line: how many clauses came to which verdict.
func (r Report) Summary() string {
	var parts []string
	for _, v := range []Verdict{Holds, Differs, Inconclusive, NotDecidable, Forbidden, NotTried} {
		if n := r.Count(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%s %s at %s: %s; %d requests", r.Vendor, r.Account, r.Host, strings.Join(parts, ", "), r.Requests)
}

// row returns clause, evidence, verdict, expected and seen.
func (r Result) row() [5]string {
	seen := r.Seen
	if r.Verdict != Holds && r.Verdict != Differs {
		seen = r.Why
	}
	if r.Place != "" && !strings.Contains(seen, r.Place) {
		seen = r.Place + ": " + seen
	}
	return [5]string{r.Clause.ID, string(r.Clause.Evidence), string(r.Verdict), r.Expected, seen}
}

// WriteTable writes one line for each clause, the facts that are not known to
// be the default, the options to set, and what was written.
func (r Report) WriteTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "CLAUSE\tEVIDENCE\tVERDICT\tEXPECTED\tSEEN")
	for _, result := range r.Results {
		row := result.row()
		for i := range row {
			row[i] = shorten(row[i], 70)
		}
		fmt.Fprintln(table, strings.Join(row[:], "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n"+r.Summary()+"\n"+r.rest("  "))
	return err
}

// rest lists advice and what was written.
func (r Report) rest(indent string) string {
	var b strings.Builder
	if advice := r.Advice(); len(advice) > 0 {
		b.WriteString("\nOptions to set:\n")
		for _, a := range advice {
			b.WriteString(indent + a + "\n")
		}
	}
	if len(r.Written) > 0 {
		b.WriteString("\nWritten and not undone:\n")
		for _, w := range r.Written {
			b.WriteString(indent + w.String() + "\n")
		}
	}
	if r.Err != nil {
		b.WriteString("\nThe run ended early: " + r.Err.Error() + "\n")
	}
	return b.String()
}

// Advice returns the options to set, each with the clause that says so.
func (r Report) Advice() (all []string) {
	for _, result := range r.Results {
		for _, a := range result.Advice {
			all = append(all, a+" ("+result.Clause.ID+")")
		}
	}
	return all
}

func shorten(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if letters := []rune(text); len(letters) > limit {
		return string(letters[:limit-1]) + "…"
	}
	return text
}

// WriteMarkdown writes the report as a page that a person can send to the
// vendor.
func (r Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: is it still true?\n\n%s, %s.\n\n", r.Vendor, r.Summary(), r.Began.Format(time.RFC3339))
	b.WriteString("| clause | evidence | verdict | expected | seen |\n|---|---|---|---|---|\n")
	for _, result := range r.Results {
		b.WriteString("|")
		for _, cell := range result.row() {
			b.WriteString(" " + markdownCell(cell) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## Facts\n\n| fact | known | clause |\n|---|---|---|\n")
	for _, name := range sortedKeys(r.Facts) {
		k := r.Facts[name]
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, markdownCell(k.String()), k.Clause)
	}
	b.WriteString(r.rest("- "))
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownCell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "`", "'").Replace(strings.Join(strings.Fields(text), " "))
}

// Findings is what of a report is kept in a file, to be compared with a later
// run and to set an emulator by.
type Findings struct {
	Vendor   string             `json:"vendor"`
	Account  string             `json:"account"`
	Host     string             `json:"host"`
	At       time.Time          `json:"at"`
	Facts    map[string]Known   `json:"facts"`
	Verdicts map[string]Verdict `json:"verdicts"` // by clause
}

// Findings returns what is kept of the report.
func (r Report) Findings() Findings {
	f := Findings{Vendor: r.Vendor, Account: r.Account, Host: r.Host, At: r.Began, Facts: r.Facts, Verdicts: map[string]Verdict{}}
	for _, result := range r.Results {
		f.Verdicts[result.Clause.ID] = result.Verdict
	}
	return f
}

// ReadFindings reads what [Findings] wrote as JSON.
func ReadFindings(data []byte) (f Findings, err error) {
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("not a file of findings: %w", err)
	}
	if f.Vendor == "" || f.Facts == nil {
		return f, fmt.Errorf("not a file of findings: vendor or facts are missing")
	}
	return f, nil
}

// Drift is one thing that has changed between two runs.
type Drift struct {
	Name          string // of a fact or a clause
	Before, After string
}

// String returns name, before and after.
func (d Drift) String() string { return d.Name + ": was " + d.Before + ", is " + d.After }

// Compare returns what has changed: facts that both runs know, and clauses that
// both runs decided. What one of them did not find out is no change.
func Compare(before, after Findings) (drift []Drift) {
	for _, name := range sortedKeys(after.Facts) {
		b, a := before.Facts[name], after.Facts[name]
		if b.isFound() && a.isFound() && !b.compatible(a) {
			drift = append(drift, Drift{"fact " + name, b.String(), a.String()})
		}
	}
	for _, id := range sortedKeys(after.Verdicts) {
		b, a := before.Verdicts[id], after.Verdicts[id]
		if (b == Holds || b == Differs) && (a == Holds || a == Differs) && a != b {
			drift = append(drift, Drift{"clause " + id, string(b), string(a)})
		}
	}
	return drift
}

func (k Known) isFound() bool { return k.State == Seen || k.State == Interval }

// compatible reports whether both can be true of one system: the same value, or
// intervals that overlap.
func (k Known) compatible(o Known) bool {
	if k.State == Interval && o.State == Interval {
		return k.Min <= o.Max && o.Min <= k.Max
	}
	return k.State == o.State && fmt.Sprint(k.Value) == fmt.Sprint(o.Value)
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
