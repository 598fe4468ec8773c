package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// The sample is our own. It has three orders, which are paid by the documented
// card, cash and invoice payments. The lines of the first two orders are
// documented. The line of the third, the order numbers and the times are ours.
//
//go:embed sales.json
var sampleDocument []byte

// The documented payment types.
//
//go:embed payment_types.json
var sampleTypes []byte

const sampleCurrency = "NOK" // of the customer in the vendor's examples

// till is where payments come from.
type till struct {
	name     string
	document io.Reader
	types    salesdata.MasterData
	orders   map[string]string // export_ref to the vendor's order; nil if they are the same
	currency payment.Currency
	close    func()
}

func openTill(set settings) (*till, error) {
	t := &till{name: "the sample", document: bytes.NewReader(sampleDocument), currency: set.currency, close: func() {}}
	types, err := openOr(set.types, sampleTypes, salesdata.ReadPaymentTypes)
	if err != nil {
		return nil, fmt.Errorf("payment types: %w", err)
	}
	t.types = salesdata.NewMasterData(types, nil)
	if set.orders != "" {
		if t.orders, err = openOr(set.orders, nil, readOrders); err != nil {
			return nil, fmt.Errorf("orders: %w", err)
		}
	}
	if set.file == "" {
		return t, nil
	}
	file, err := os.Open(set.file)
	if err != nil {
		return nil, err
	}
	t.name, t.document, t.close = set.file, bufio.NewReaderSize(file, 64<<10), func() { _ = file.Close() }
	return t, nil
}

// openOr reads a file, or the sample if there is no path.
func openOr[T any](path string, sample []byte, read func(io.Reader) (T, error)) (T, error) {
	if path == "" {
		return read(bytes.NewReader(sample))
	}
	file, err := os.Open(path)
	if err != nil {
		var none T
		return none, err
	}
	defer func() { _ = file.Close() }()
	return read(file)
}

// readOrders reads lines of two words: an export_ref and the vendor's order.
func readOrders(r io.Reader) (map[string]string, error) {
	orders := make(map[string]string)
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 0:
		case len(words) != 2:
			return nil, fmt.Errorf("line %d: want two words", n)
		case orders[words[0]] != "":
			return nil, fmt.Errorf("line %d: %s is listed twice", n, words[0])
		default:
			orders[words[0]] = words[1]
		}
	}
	return orders, lines.Err()
}

// order returns the vendor's name of the till's order.
func (t *till) order(o salesdata.Order) (string, error) {
	switch {
	case o.ExportRef == "":
		return "", errors.New("it has no export_ref to name the vendor's order")
	case t.orders == nil:
		return o.ExportRef, nil
	case t.orders[o.ExportRef] == "":
		return "", fmt.Errorf("export_ref %s is not in the list of orders", o.ExportRef)
	}
	return t.orders[o.ExportRef], nil
}

// payment returns p as a payment of the vendor's order.
func (t *till) payment(p salesdata.Payment, at time.Time, target string) (payment.Payment, error) {
	record, err := p.In(t.currency, at)
	if err != nil {
		return record, err
	}
	if _, ok := t.types.PaymentType(p); !ok {
		return record, fmt.Errorf("payment_type_id %d is not in the list of payment types", p.PaymentTypeID)
	}
	record.Target = target
	record.Reverses = "" // no vendor here can tie a refund to the payment it cancels
	return record, nil
}
