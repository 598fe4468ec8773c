package brightpearltest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// quota reads the two throttle headers.
func quota(e paymenttest.Exchange) (left int, period time.Duration, ok bool) {
	left, err1 := strconv.Atoi(e.Header.Get(headerRemaining))
	ms, err2 := strconv.Atoi(e.Header.Get(headerNextPeriod))
	return left, time.Duration(ms) * time.Millisecond, err1 == nil && err2 == nil
}

func probeThrottleHeaders(ctx context.Context, t *paymenttest.Trial) error {
	var before paymenttest.Exchange
	for i, path := range []string{methodsPath, methodsPath, accountingPath + "contract-no-such-resource"} {
		e, err := t.Get(ctx, path)
		if err != nil {
			return err
		}
		if err := t.WantStatus(e, http.StatusOK, http.StatusNotFound); err != nil {
			return err
		}
		left, period, ok := quota(e)
		switch {
		case !ok:
			return t.Differs(e.Place(), "the answer lacks %s or %s", headerRemaining, headerNextPeriod)
		case period > time.Minute:
			return t.Differs(e.Place(), "the window ends in %s, more than a minute", period)
		case i > 0:
			was, wasPeriod, _ := quota(before)
			if left >= was && period <= wasPeriod {
				return t.Differs(e.Place(), "%d requests are left, before it were %d", left, was)
			}
		}
		before = e
	}
	return nil
}

// useUp reads until the window is used up, and returns the first throttled
// answer.
func useUp(ctx context.Context, t *paymenttest.Trial) (paymenttest.Exchange, error) {
	for range 1001 {
		e, err := t.Get(ctx, methodsPath)
		if err != nil {
			return e, err
		}
		if e.Status == http.StatusOK {
			continue
		}
		if e.Status != http.StatusServiceUnavailable {
			return e, t.WantStatus(e, http.StatusServiceUnavailable)
		}
		return e, wantThrottled(t, e)
	}
	return paymenttest.Exchange{}, t.NotDecidable("1,000 requests in a row were answered")
}

// wantThrottled returns nil for the throttle's own answer.
func wantThrottled(t *paymenttest.Trial, e paymenttest.Exchange) error {
	if e.Status == http.StatusServiceUnavailable && !strings.Contains(strings.ToLower(string(e.Body)), "too many requests") {
		return t.Differs(e.Place()+" $.response", "the 503 does not speak of too many requests")
	}
	return t.Want(e, http.StatusServiceUnavailable, textForm)
}

func probeUsedUp(ctx context.Context, t *paymenttest.Trial) error {
	e, err := useUp(ctx, t)
	if err != nil {
		return err
	}
	_, _, ok := quota(e)
	t.Fact("bareThrottle", !ok)
	return nil
}

func probeRefusedThrottled(ctx context.Context, t *paymenttest.Trial) error {
	if _, err := useUp(ctx, t); err != nil {
		return err
	}
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	e, _, err := postRaw(ctx, t, p, nil)
	if err == nil {
		err = wantThrottled(t, e)
	}
	if err == nil {
		err = t.Sleep(ctx, time.Minute)
	}
	if err != nil {
		return err
	}
	return wantUnrecorded(ctx, t, p)
}

func probeRefusedUnsigned(ctx context.Context, t *paymenttest.Trial) error {
	p := paymentOf(t, brightpearl.TypeReceipt, "1.10")
	body, err := p.Body()
	if err != nil {
		return err
	}
	w := writing(t, p)
	e, err := t.Send(ctx, paymenttest.Raw{Method: http.MethodPost, Path: accountingPath + "customer-payment", Body: body, Unsigned: true})
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusUnauthorized, textForm); err != nil {
		return err
	}
	if err := wantUnrecorded(ctx, t, p); err != nil {
		return err
	}
	w.Undo()
	return nil
}

// wantUnrecorded looks for the reference in the order for five seconds.
func wantUnrecorded(ctx context.Context, t *paymenttest.Trial, p brightpearl.CustomerPayment) error {
	for range 6 {
		f, err := searchRaw(ctx, t, byOrder(t))
		if err != nil {
			return err
		}
		for _, row := range f.Results {
			if f.cell(row, "transactionRef") == p.TransactionRef {
				return t.Differs(f.exchange.Place(), "the refused payment was recorded")
			}
		}
		if err := t.Sleep(ctx, time.Second); err != nil {
			return err
		}
	}
	return nil
}
