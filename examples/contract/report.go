package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// list shows what each clause would send.
func list(w io.Writer, clauses []paymenttest.Clause) error {
	for _, c := range clauses {
		needs := "read"
		if len(c.Needs) > 0 {
			needs = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(c.Needs)), ", "), "[]")
		}
		fmt.Fprintf(w, "%s (%s, %s): %s\n    %s; %d requests at most", c.ID, c.Evidence, c.Source, c.Statement, c.Plan, c.Requests)
		fmt.Fprintf(w, "; needs: %s", needs)
		if len(c.Objects) > 0 {
			fmt.Fprintf(w, "; objects: %s", strings.Join(c.Objects, ", "))
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}

// show prints the table, and what was left out for want of -write.
func show(w io.Writer, report paymenttest.Report, allow paymenttest.Allow) error {
	if report.Err != nil && len(report.Results) == 0 {
		return nil
	}
	if err := report.WriteTable(w); err != nil {
		return err
	}
	if n := report.Count(paymenttest.NotTried); n > 0 && !allow.Write {
		_, err := fmt.Fprintf(w, "\nThis run only read. %d clauses were not tried: they need -write with -account and -objects, or flags of their own.\n", n)
		return err
	}
	return nil
}

// save writes the files that were asked for.
func save(set settings, report paymenttest.Report) error {
	var errs []error
	if set.facts != "" {
		text, err := json.MarshalIndent(report.Findings(), "", "  ")
		if err == nil {
			err = os.WriteFile(set.facts, append(text, '\n'), 0o600)
		}
		errs = append(errs, err)
	}
	if set.report != "" {
		var page strings.Builder
		err := report.WriteMarkdown(&page)
		if err == nil {
			err = os.WriteFile(set.report, []byte(page.String()), 0o600)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// compare reports whether something has drifted since an earlier run.
func compare(w io.Writer, path string, report paymenttest.Report) (drifted bool, err error) {
	if path == "" {
		return false, nil
	}
	before, err := readFindings(path, report.Vendor)
	if err != nil {
		return false, err
	}
	drift := paymenttest.Compare(before, report.Findings())
	if len(drift) == 0 {
		_, err = fmt.Fprintf(w, "\nNothing has drifted since %s.\n", before.At.Format("2006-01-02 15:04"))
		return false, err
	}
	fmt.Fprintf(w, "\nSince %s:\n", before.At.Format("2006-01-02 15:04"))
	for _, d := range drift {
		fmt.Fprintln(w, " ", d)
	}
	return true, nil
}

func readFindings(path, vendor string) (paymenttest.Findings, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return paymenttest.Findings{}, err
	}
	found, err := paymenttest.ReadFindings(data)
	if err == nil && found.Vendor != vendor {
		err = fmt.Errorf("it is about %s, not %s", found.Vendor, vendor)
	}
	if err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
