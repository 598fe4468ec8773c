package rubi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// process is a run of a program that dies at one of its requests or saves, and
// does nothing after that.
type process struct {
	payment.Store
	steps, dies int
	after       bool // the step at which it dies has its effect
}

var errDead = errors.New("the process is dead")

// step reports whether the next step is taken, and whether anybody learns of it.
func (p *process) step() (taken, told bool) {
	p.steps++
	return p.steps < p.dies || p.steps == p.dies && p.after, p.steps < p.dies
}

func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	taken, told := p.step()
	if !taken {
		return nil, errDead
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if !told {
		return nil, errors.Join(errDead, err)
	}
	return response, err
}

func (p *process) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	taken, told := p.step()
	if !taken {
		return payment.Entry{}, errDead
	}
	e, err := p.Store.Claim(ctx, k, payload, lease)
	if !told {
		return payment.Entry{}, errDead
	}
	return e, err
}

func (p *process) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	taken, told := p.step()
	if !taken {
		return e, errDead
	}
	saved, err := p.Store.Save(ctx, e, lease)
	if !told {
		return e, errDead
	}
	return saved, err
}

// pay is a whole checkout of a program that knows nothing but its Store.
func pay(t *testing.T, config rubi.Config, p *process, by rubi.PaymentType, opts ...payment.OnceOption) error {
	t.Helper()
	client := connect(t, config, tenderkit.WithHTTPClient(&http.Client{Transport: p}), tenderkit.WithRetries(0))
	opts = append([]payment.OnceOption{payment.WithStore(p), payment.WithPatience(1, 0)}, opts...)
	co, err := client.Checkout(t.Context(), bookings(t, "25.00", by), opts...)
	if err == nil && by == rubi.CardPayment {
		_, err = client.Complete(t.Context(), co, succeeded(2500), opts...)
	}
	return err
}

// inBasket returns an emulator that pays and mails whatever it is asked to.
func inBasket(t *testing.T) *rubitest.Server {
	t.Helper()
	server, _ := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true, Repeat: rubitest.RepeatMail}))
	fill(t, server, "25.00")
	return server
}

// A program may die between any two of its steps, or at one: whatever the next
// one does, with the same Store, the payment is recorded once, and mailed once.
// The program that comes after that finds it recorded, though the basket is empty.
func TestARestartBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	for _, by := range []rubi.PaymentType{rubi.Invoice, rubi.CardPayment} {
		whole := &process{Store: payment.NewMemoryStore(), dies: 1000}
		if err := pay(t, inBasket(t).Config(), whole, by, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
		for _, after := range []bool{false, true} {
			for step := range whole.steps {
				t.Run(fmt.Sprintf("%s dies at %d, after it %t", by, step+1, after), func(t *testing.T) {
					t.Parallel()
					restart(t, by, &process{Store: payment.NewMemoryStore(), dies: step + 1, after: after})
				})
			}
		}
	}
}

func restart(t *testing.T, by rubi.PaymentType, dead *process) {
	t.Helper()
	server := inBasket(t)
	// The last save only releases the claim, so nobody has to hear of its end.
	if err := pay(t, server.Config(), dead, by, payment.WithFirstTry(), payment.WithLease(200*time.Millisecond)); err == nil && dead.steps > dead.dies {
		t.Errorf("died at step %d of %d without an error", dead.dies, dead.steps)
	}
	next := func(opts ...payment.OnceOption) error {
		return pay(t, server.Config(), &process{Store: dead.Store, dies: 1000}, by, opts...)
	}
	err := next()
	for held := (*payment.HeldError)(nil); errors.As(err, &held); err = next() {
		time.Sleep(20 * time.Millisecond)
	}
	for range 2 {
		if err = next(payment.WithSettle(time.Millisecond)); err != nil {
			t.Errorf("not recorded after a restart: %v", err)
		}
	}
	if paid := entries(t, server); len(paid) != 1 {
		t.Errorf("ledger %v", paid)
	}
	once(t, server)
}
