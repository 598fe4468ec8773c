package main

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"

	"github.com/tenderkit/tenderkit/payment/reconcile"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// maxRows bounds the page. Of what agrees, only as much is listed as there is
// room for; the totals hold everything.
const maxRows = 20_000

// page is what the template shows.
type page struct {
	Policy         string // what a browser may load: nothing but the style and the script of the page
	Style          template.CSS
	Script         template.JS
	Title          string
	LeftName       string
	RightName      string
	LeftShort      string
	RightShort     string
	Clean          bool
	Summary        string
	Differences    int
	Filters        []filter
	Totals         []total
	Rows           []row
	Omitted, Count int
}

// filter is a button that shows the findings of one verdict.
type filter struct {
	Verdict reconcile.Verdict
	Label   string
	Count   int
}

// write writes the page to a file.
func (r *report) write(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	return errors.Join(r.printPage(w), w.Flush(), file.Close())
}

// printPage writes the report as one page without any other resource.
func (r *report) printPage(out io.Writer) error {
	p := page{
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'", hash(pageCSS), hash(pageJS)),
		Style:  template.CSS(pageCSS), Script: template.JS(pageJS), // both are ours, and no data is in them
		Title:    "Payments of " + r.period(),
		LeftName: r.left.name, RightName: r.right.name, LeftShort: r.left.short, RightShort: r.right.short,
		Clean: r.totals.Clean(), Summary: r.summary(), Differences: r.differences(), Totals: r.sums(), Count: len(r.findings),
	}
	for _, v := range order {
		if n := r.totals.Count(v); n > 0 {
			p.Filters = append(p.Filters, filter{v, r.labelOf(n, v), n})
		}
	}
	for _, f := range r.findings {
		if agrees(f.Verdict) && len(p.Rows) >= maxRows {
			p.Omitted++
			continue
		}
		p.Rows = append(p.Rows, r.row(f))
	}
	return pageTemplate.Execute(out, p)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
