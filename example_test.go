package tenderkit_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// All options together. Every client of this module takes them.
func Example_options() {
	emulator := brightpearltest.New()
	defer emulator.Close()
	client, err := brightpearl.New(emulator.Config(),
		tenderkit.WithHTTPClient(&http.Client{}), // a proxy, certificates, otelhttp
		tenderkit.WithUserAgent("acme-till/2.1"),
		tenderkit.WithTimeout(10*time.Second),
		tenderkit.WithRetries(2),
		tenderkit.WithBackoff(time.Millisecond, 10*time.Millisecond),
		tenderkit.WithLimiter(slow{}),
		tenderkit.WithClock(time.Now),
		tenderkit.WithLogger(slog.New(slog.DiscardHandler)),
		tenderkit.WithInsecureHTTP(), // for a host of your own that has no https; never for a vendor
	)
	if err != nil {
		log.Fatal(err)
	}
	for method, err := range client.PaymentMethods(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		_ = method.Code
	}
}

// slow is a limiter; golang.org/x/time/rate has a better one.
type slow struct{}

func (slow) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Millisecond):
		return nil
	}
}

// The observer hears of each attempt and of each wait while it lasts.
func ExampleWithObserver() {
	emulator := brightpearltest.New()
	defer emulator.Close()
	emulator.Faults().Next(paymenttest.ServerErrorHTML(http.StatusBadGateway, false))
	client, err := brightpearl.New(emulator.Config(), tenderkit.WithBackoff(0, time.Millisecond),
		tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
			if e.Waiting != "" {
				return // e.Wait before attempt e.Attempt, because of e.Waiting
			}
			fmt.Println(e.Op, e.Method, e.Path, e.Status)
		}))
	if err != nil {
		log.Fatal(err)
	}
	for _, err := range client.PaymentMethods(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// PaymentMethods GET payment-method/ 502
	// PaymentMethods GET payment-method/ 200
}

// A Secret prints as "[redacted]", whatever prints it.
func ExampleSecret() {
	token := tenderkit.Secret("8f3a…")
	fmt.Println(token)
	fmt.Printf("%#v %q\n", token, []tenderkit.Secret{token})
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})).Info("connected", "token", token)
	// Output:
	// [redacted]
	// [redacted] [[redacted]]
	// level=INFO msg=connected token=[redacted]
}
