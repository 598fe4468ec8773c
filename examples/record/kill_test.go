package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// victim is a vendor with a place for each of many orders, numbered from 1000.
type victim struct {
	args   []string
	host   string
	env    map[string]string
	ledger func(order int) int // how often the vendor has the order's payment
	// asked is false for a vendor that cannot be asked. There a payment that was
	// under way when the program was killed may stay unknown, and the store has
	// to say so.
	asked bool
}

// killedOrders is how many payments the programs that are killed record:
//
//	go test -run Killed -orders 100 ./examples/record
var killedOrders = flag.Int("orders", 10, "payments that the programs that are killed record")

// The program is killed again and again, at any point, until it comes to its
// end. Then no vendor has a payment twice, and the store calls every payment
// unknown that is missing.
func TestKilledAndRunAgain(t *testing.T) {
	t.Parallel()
	program := build(t)
	for vendor, prepare := range victims() {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			v := prepare(t)
			where := filepath.Join(t.TempDir(), "store.db")
			killUntilDone(t, program, v.flags(vendor, where, "200ms"), v.env)
			v.check(t, program, vendor, where)
		})
	}
}

// Four programs work on the same document, with the same store, and are killed
// again and again.
func TestFourProgramsKilled(t *testing.T) {
	t.Parallel()
	program := build(t)
	for vendor, prepare := range victims() {
		t.Run("SQLite "+vendor, func(t *testing.T) {
			t.Parallel()
			fourPrograms(t, program, vendor, prepare(t), filepath.Join(t.TempDir(), "store.db"))
		})
	}
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		server := outboxtest.Start(t)
		for vendor, prepare := range victims() { // the accounts differ
			t.Run(vendor, func(t *testing.T) {
				t.Parallel()
				fourPrograms(t, program, vendor, prepare(t), server.URL())
			})
		}
	})
}

func fourPrograms(t *testing.T, program, vendor string, v victim, where string) {
	t.Helper()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() { killUntilDone(t, program, v.flags(vendor, where, "200ms"), v.env) })
	}
	wait.Wait()
	v.check(t, program, vendor, where)
}

func victims() map[string]func(*testing.T) victim {
	return map[string]func(*testing.T) victim{
		"brightpearl": brightpearlVictim, "backendpay": backendpayVictim, "spektrix": spektrixVictim, "rubi": rubiVictim,
	}
}

func (v victim) flags(vendor, where, lease string) []string {
	return append([]string{"-to", vendor, "-store", where, "-loopback", "-lease", lease, "-currency", "GBP", "-looks", "1"}, v.args...)
}

// check compares the vendor's ledger with the store, after a last run that takes
// up what the killed ones held. It has a longer lease than a crowded machine
// takes for a payment.
func (v victim) check(t *testing.T, program, vendor, where string) {
	t.Helper()
	if !runFor(t, program, v.flags(vendor, where, "20s"), v.env, 2*time.Minute) {
		t.Error("the last run did not end")
	}
	kept, err := store.Open(t.Context(), where, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	doubts := 0
	for i := range *killedOrders {
		reference := fmt.Sprintf("c3d4e5f6-a7b8-9012-cdef-%012d", i)
		var status payment.Status
		for e, err := range kept.Outbox.Entries(t.Context(), outbox.Filter{Reference: reference, Op: "payment", Account: payment.Account{Host: v.host}}) {
			if err != nil {
				t.Fatal(err)
			}
			status = e.Status
		}
		n, doubt := v.ledger(1000+i), status == payment.Begun || status == payment.Unknown
		if doubt {
			doubts++
		}
		if n > 1 || n == 0 && !doubt || doubt && v.asked || !doubt && status != payment.Recorded {
			t.Errorf("order %d: the vendor has the payment %d times, the store says %q", 1000+i, n, status)
		}
	}
	t.Logf("%d of %d unknown", doubts, *killedOrders)
}

func brightpearlVictim(t *testing.T) victim {
	server, env := account(t, brightpearltest.WithCurrencies("GBP"))
	return victim{
		host: strings.TrimPrefix(server.URL, "http://"),
		args: []string{"-file", write(t, "sales.json", many(*killedOrders))}, env: env, asked: true,
		ledger: func(order int) (n int) {
			for _, p := range server.Payments() {
				if p.OrderID == int64(order) {
					n++
				}
			}
			return n
		},
	}
}

// The vendor does not refuse duplicates, so its user promises a settle time.
func backendpayVictim(t *testing.T) victim {
	server := backendpaytest.New()
	t.Cleanup(server.Close)
	server.AddPaymentType(backendpaytest.PaymentType{Name: "Card"})
	customers := make(map[int]string)
	for i := range *killedOrders {
		customers[1000+i] = server.AddCustomer(backendpaytest.Customer{AccountNumber: fmt.Sprint(1000 + i)})
	}
	return victim{
		host:  strings.TrimPrefix(server.URL, "http://"),
		args:  []string{"-file", write(t, "sales.json", many(*killedOrders)), "-settle", "50ms"},
		env:   map[string]string{"BACKENDPAY_BASE_URL": server.URL, "BACKENDPAY_API_KEY": string(server.Config().APIKey)},
		asked: true,
		ledger: func(order int) (n int) {
			for _, p := range server.Payments() {
				if p.CustomerID == customers[order] {
					n++
				}
			}
			return n
		},
	}
}

func spektrixVictim(t *testing.T) victim {
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	server.AddPaymentType(spektrixtest.PaymentType{Name: "Card"})
	baskets := make(map[int]string)
	var orders strings.Builder
	for i := range *killedOrders {
		ticket := spektrixtest.Ticket{Price: amount(t, fmt.Sprintf("%d.00", i+1))}
		basket := server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{ticket}})
		baskets[1000+i] = basket
		fmt.Fprintf(&orders, "%d %s\n", 1000+i, basket)
	}
	return victim{
		host: strings.TrimPrefix(server.URL, "http://"),
		args: []string{"-file", write(t, "sales.json", many(*killedOrders)), "-orders", write(t, "orders", orders.String())},
		env: map[string]string{
			"SPEKTRIX_CLIENT_NAME": server.Config().ClientName, "SPEKTRIX_LOGIN": spektrixtest.SampleLogin,
			"SPEKTRIX_SECRET": spektrixtest.SampleSecret, "SPEKTRIX_BASE_URL": server.URL,
		},
		ledger: func(order int) int { return len(server.Payments(baskets[order])) },
	}
}

func rubiVictim(t *testing.T) victim {
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	t.Cleanup(server.Close)
	for i := range *killedOrders {
		uid := fmt.Sprint(1000 + i)
		server.AddContact(rubitest.Contact{UID: uid})
		server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: uid, EID: rubitest.SampleEID, Value: amount(t, fmt.Sprintf("%d.00", i+1))})
	}
	document := strings.ReplaceAll(many(*killedOrders), `"payment_type_id":2`, `"payment_type_id":5`)
	return victim{
		host: strings.TrimPrefix(server.URL, "http://"),
		args: []string{"-file", write(t, "sales.json", document)},
		env:  map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL, "RUBI_TENANT": "test"},
		ledger: func(order int) (n int) {
			for _, transaction := range server.Transactions() {
				if transaction.UID == fmt.Sprint(order) {
					n++
				}
			}
			return n
		},
	}
}

// killUntilDone runs the program until it comes to an end of its own.
func killUntilDone(t *testing.T, program string, args []string, env map[string]string) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for kills := 0; ; kills++ {
		// Lives grow, so that a slow machine comes to an end and a fast one is
		// killed before it.
		life := time.Duration(5+random.IntN(20+40*kills)) * time.Millisecond
		if done := runFor(t, program, args, env, life); done {
			t.Logf("%d kills, seed %d", kills, seed)
			if kills == 0 {
				t.Error("the program was never killed")
			}
			return
		}
	}
}

var buildFlags = []string{"build"}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "record")
	if out, err := exec.Command("go", append(buildFlags, "-o", program, ".")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// runFor runs the program and kills it when its life is over. It reports whether
// the program came to its own end before: a success, or an error that counts
// payments whose outcome is unknown.
func runFor(t *testing.T, program string, args []string, env map[string]string, life time.Duration) bool {
	t.Helper()
	cmd := exec.Command(program, args...)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	if !timer.Stop() {
		return err == nil
	}
	if err != nil && !strings.Contains(out.String(), "not surely recorded") {
		t.Fatalf("the program failed on its own: %v\n%s", err, out.String())
	}
	return true
}
