package main

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// victim is a vendor with a place for each of many orders, numbered from 1000.
type victim struct {
	args   []string // after -to
	env    map[string]string
	ledger func(order int) int // how often the vendor has the order's payment
	// asked is false for a vendor that cannot be asked. There a payment that was
	// under way when the program was killed may stay unknown, and the journal
	// has to say so.
	asked bool
}

const killedOrders = 40

// The program is killed again and again, at any point, until it comes to its
// end. Then no vendor has a payment twice, and the journal calls every payment
// unknown that is missing.
func TestKilledAndRunAgain(t *testing.T) {
	t.Parallel()
	program := build(t)
	for vendor, prepare := range map[string]func(*testing.T) victim{
		"brightpearl": brightpearlVictim, "backendpay": backendpayVictim, "spektrix": spektrixVictim, "rubi": rubiVictim,
	} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			v := prepare(t)
			path := filepath.Join(t.TempDir(), "journal")
			args := append([]string{"-to", vendor, "-journal", path, "-currency", "GBP", "-looks", "1"}, v.args...)
			killUntilDone(t, program, args, v.env)
			j, err := openJournal(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = j.close() }()
			unknown := 0
			for order := range killedOrders {
				n := v.ledger(1000 + order)
				last := j.last[vendor+" "+fmt.Sprintf("c3d4e5f6-a7b8-9012-cdef-%012d", order)].Step
				doubt := last == stepBegun || last == stepUnknown
				if doubt {
					unknown++
				}
				if n > 1 || n == 0 && !doubt || doubt && v.asked {
					t.Errorf("order %d: the vendor has the payment %d times, the journal says %q", order, n, last)
				}
			}
			t.Logf("%d of %d unknown", unknown, killedOrders)
		})
	}
}

func brightpearlVictim(t *testing.T) victim {
	server, env := account(t, brightpearltest.WithThrottle(1e6, time.Minute), brightpearltest.WithCurrencies("GBP"))
	return victim{
		args: []string{"-file", write(t, "sales.json", many(killedOrders))}, env: env, asked: true,
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
	for i := range killedOrders {
		customers[1000+i] = server.AddCustomer(backendpaytest.Customer{AccountNumber: fmt.Sprint(1000 + i)})
	}
	return victim{
		args:  []string{"-file", write(t, "sales.json", many(killedOrders)), "-settle", "50ms"},
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
	for i := range killedOrders {
		ticket := spektrixtest.Ticket{Price: amount(t, fmt.Sprintf("%d.00", i+1))}
		basket := server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{ticket}})
		baskets[1000+i] = basket
		fmt.Fprintf(&orders, "%d %s\n", 1000+i, basket)
	}
	return victim{
		args: []string{"-file", write(t, "sales.json", many(killedOrders)), "-orders", write(t, "orders", orders.String())},
		env: map[string]string{
			"SPEKTRIX_CLIENT_NAME": spektrixtest.SampleClientName, "SPEKTRIX_LOGIN": spektrixtest.SampleLogin,
			"SPEKTRIX_SECRET": spektrixtest.SampleSecret, "SPEKTRIX_BASE_URL": server.URL,
		},
		ledger: func(order int) int { return len(server.Payments(baskets[order])) },
	}
}

func rubiVictim(t *testing.T) victim {
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	t.Cleanup(server.Close)
	for i := range killedOrders {
		uid := fmt.Sprint(1000 + i)
		server.AddContact(rubitest.Contact{UID: uid})
		server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: uid, EID: rubitest.SampleEID, Value: amount(t, fmt.Sprintf("%d.00", i+1))})
	}
	document := strings.ReplaceAll(many(killedOrders), `"payment_type_id":2`, `"payment_type_id":5`)
	return victim{
		args: []string{"-file", write(t, "sales.json", document)},
		env:  map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL},
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
