package main

import (
	"strings"
	"testing"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := record(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	const want = "recorded as 100: 318.00 GBP; found after a lost answer: true\npayments in the ledger: 1\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}
