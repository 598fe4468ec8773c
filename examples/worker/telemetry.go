package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/riverqueue/rivercontrib/otelriver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// telemetry is OpenTelemetry from what exists: otelriver for jobs, otelhttp for
// exchanges, and the observer of payment.Once between the two. Its zero value
// does nothing. A program of your own sets its exporters here.
type telemetry struct {
	traces *sdktrace.TracerProvider
	meters *sdkmetric.MeterProvider
	tracer trace.Tracer

	payments, writes, looks metric.Int64Counter
	waits                   metric.Float64Histogram
}

func startTelemetry(set settings, out io.Writer) (*telemetry, error) {
	if !set.telemetry {
		return &telemetry{}, nil
	}
	spans, err1 := stdouttrace.New(stdouttrace.WithWriter(out))
	metrics, err2 := stdoutmetric.New(stdoutmetric.WithWriter(out))
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	t := &telemetry{
		traces: sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans)),
		meters: sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics))),
	}
	t.tracer = t.traces.Tracer("tenderkit")
	return t, t.instruments()
}

func (t *telemetry) instruments() (err error) {
	meter := t.meters.Meter("tenderkit")
	var errs [4]error
	t.payments, errs[0] = meter.Int64Counter("tenderkit.payments", metric.WithDescription("calls of payment.Once that have ended, by account and outcome"))
	t.writes, errs[1] = meter.Int64Counter("tenderkit.writes", metric.WithDescription("attempts to write a payment"))
	t.looks, errs[2] = meter.Int64Counter("tenderkit.looks", metric.WithDescription("times a vendor was asked whether a payment is recorded"))
	t.waits, errs[3] = meter.Float64Histogram("tenderkit.waits", metric.WithUnit("s"), metric.WithDescription("waits between looks"))
	return errors.Join(errs[:]...)
}

func (t *telemetry) close() {
	if t.traces == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = errors.Join(t.traces.Shutdown(ctx), t.meters.Shutdown(ctx))
}

// river returns River's middleware.
func (t *telemetry) river() []rivertype.Middleware {
	if t.tracer == nil {
		return nil
	}
	return []rivertype.Middleware{otelriver.NewMiddleware(&otelriver.MiddlewareConfig{TracerProvider: t.traces, MeterProvider: t.meters})}
}

// once returns options by which each step of payment.Once is seen.
func (t *telemetry) once(store *outbox.Store) []payment.OnceOption {
	if t.tracer == nil {
		return nil
	}
	t.oldest(store)
	return []payment.OnceOption{payment.WithObserver(t.step)}
}

// step notes a step in the job's span, and counts it.
func (t *telemetry) step(ctx context.Context, e payment.Event) {
	account := attribute.String("tenderkit.account", e.Key.Account.String())
	span := trace.SpanFromContext(ctx)
	span.AddEvent("tenderkit."+string(e.Step), trace.WithAttributes(
		attribute.String("tenderkit.reference", e.Key.Reference), attribute.String("tenderkit.status", string(e.Status)),
		attribute.Int("tenderkit.writes", e.Writes), attribute.Int("tenderkit.looks", e.Looks), attribute.Stringer("tenderkit.wait", e.Wait)))
	switch e.Step {
	case payment.StepWrite:
		t.writes.Add(ctx, 1, metric.WithAttributes(account))
	case payment.StepLook:
		t.looks.Add(ctx, 1, metric.WithAttributes(account))
	case payment.StepWait:
		t.waits.Record(ctx, e.Wait.Seconds(), metric.WithAttributes(account))
	case payment.StepEnd:
		t.payments.Add(ctx, 1, metric.WithAttributes(account, attribute.String("tenderkit.outcome", string(e.Status))))
		if e.Err != nil {
			span.SetStatus(codes.Error, e.Err.Error())
		}
	}
}

// oldest reports the age of the oldest payment whose outcome is unknown.
func (t *telemetry) oldest(store *outbox.Store) {
	meter := t.meters.Meter("tenderkit")
	_, _ = meter.Float64ObservableGauge("tenderkit.oldest_unknown", metric.WithUnit("s"),
		metric.WithDescription("age of the oldest payment whose outcome is unknown"),
		metric.WithFloat64Callback(func(ctx context.Context, o metric.Float64Observer) error {
			age := 0.0
			for l, err := range store.Entries(ctx, outbox.Filter{Statuses: []payment.Status{payment.Begun, payment.Unknown}}) {
				if err != nil {
					return err
				}
				age = max(age, time.Since(l.Created).Seconds())
			}
			o.Observe(age)
			return nil
		}))
}
