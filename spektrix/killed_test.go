package spektrix_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// mortal is a program that ends at one of its steps, a request or a call of its
// Store: before it, or before it hears of it. After that it does nothing. Its
// leases end at once for others, who need not wait for the dead.
type mortal struct {
	payment.Store
	steps, last int
	late        bool
}

var errKilled = errors.New("killed")

// step makes one step, if the program lives.
func (m *mortal) step(do func()) error {
	m.steps++
	if m.steps > m.last || m.steps == m.last && !m.late {
		return errKilled
	}
	do()
	if m.steps == m.last {
		return errKilled
	}
	return nil
}

func (m *mortal) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (entry payment.Entry, err error) {
	if killed := m.step(func() { entry, err = m.Store.Claim(ctx, k, payload, time.Nanosecond) }); killed != nil {
		return payment.Entry{}, killed
	}
	entry.Until = entry.Until.Add(lease)
	return entry, err
}

func (m *mortal) Save(ctx context.Context, e payment.Entry, lease time.Duration) (entry payment.Entry, err error) {
	if killed := m.step(func() { entry, err = m.Store.Save(ctx, e, min(lease, time.Nanosecond)) }); killed != nil {
		return payment.Entry{}, killed
	}
	entry.Until = entry.Until.Add(lease)
	return entry, err
}

func (m *mortal) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	killed := m.step(func() { resp, err = http.DefaultTransport.RoundTrip(req) })
	if killed == nil || resp == nil {
		return resp, errors.Join(killed, err)
	}
	_ = resp.Body.Close()
	return nil, killed
}

// sellWith pays and confirms a basket, with all that the venue can tell.
func (m *mortal) sellWith(t *testing.T, server *spektrixtest.Server, id string) (spektrix.Order, error) {
	client := newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithHTTPClient(&http.Client{Transport: m}))
	options := reference
	options.SearchOrders = true
	opts := []payment.OnceOption{brief, payment.WithStore(m), payment.WithFirstTry(), payment.WithSettle(time.Millisecond)}
	s, err := client.Recorder(options).Settle(t.Context(), id, split(t), opts...)
	if err != nil {
		return spektrix.Order{}, err
	}
	return client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s, SearchOrders: true, ReferenceAttribute: "Reference", ConfirmedIsGone: true}, opts...)
}

// Wherever the program is killed, the next one ends the sale: each payment stands
// once, and there is one order.
func TestTheFlowKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	facts := spektrixtest.Facts{OrderAttributes: true, SecondConfirm: spektrixtest.SecondConfirmNewOrder}
	setup, server := withFacts(t, facts)
	whole := &mortal{Store: payment.NewMemoryStore(), last: 1 << 30}
	if _, err := whole.sellWith(t, server, fill(t, setup)); err != nil || whole.steps < 10 {
		t.Fatalf("%d steps: %v", whole.steps, err)
	}
	for step := range 2 * whole.steps {
		first := &mortal{Store: payment.NewMemoryStore(), last: step/2 + 1, late: step%2 > 0}
		t.Run(fmt.Sprintf("step %d, late %v", first.last, first.late), func(t *testing.T) {
			t.Parallel()
			setup, server := withFacts(t, facts)
			id := fill(t, setup)
			_, _ = first.sellWith(t, server, id)
			if first.steps < first.last {
				t.Fatalf("%d steps", first.steps)
			}
			for run := range 2 {
				order, err := (&mortal{Store: first.Store, last: 1 << 30}).sellWith(t, server, id)
				orders := server.Orders()
				if err != nil || len(orders) != 1 || order.ID != orders[0].ID || !slices.Equal(ledger(server, id), bothTypes) {
					t.Errorf("run %d: %v, %v; ledger %v, %d orders", run, order, err, ledger(server, id), len(orders))
				}
			}
		})
	}
}
