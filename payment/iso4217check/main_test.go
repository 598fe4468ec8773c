package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestTableIsGenerated(t *testing.T) {
	t.Parallel()
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../currency_table.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("currency_table.go is not what the generator writes; run go generate")
	}
}

// TestEveryCode asks the public API about all 17,576 combinations of letters.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	inData := map[string]bool{}
	for _, code := range allCodes() {
		inData[code] = true
	}
	active := 0
	for i := range 26 * 26 * 26 {
		code := string([]byte{byte('A' + i/676), byte('A' + i/26%26), byte('A' + i%26)})
		_, gone := notActive[code]
		want := inData[code] && !gone
		_, err := payment.ParseCurrency(code)
		if (err == nil) != want {
			t.Errorf("ParseCurrency(%q): error %v, want known %t", code, err, want)
		}
		if !want {
			continue
		}
		active++
		if got := payment.Currency(code).MinorUnits(); got != minorUnits(code) {
			t.Errorf("%s has %d minor units, want %d", code, got, minorUnits(code))
		}
	}
	if active != 178 { // the count of List One since amendment 180
		t.Errorf("%d active codes, want 178", active)
	}
}

// TestExceptionsAreNeeded fails when the data package drops a code itself.
func TestExceptionsAreNeeded(t *testing.T) {
	t.Parallel()
	inData := map[string]bool{}
	for _, code := range allCodes() {
		inData[code] = true
	}
	for code := range notActive {
		if !inData[code] {
			t.Errorf("%s is not in the data any more: remove it from notActive", code)
		}
	}
	for _, code := range noMinorUnit {
		if !inData[code] {
			t.Errorf("%s is not in the data any more: remove it from noMinorUnit", code)
		}
	}
}
