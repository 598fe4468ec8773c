package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// The trace of a payment whose answer was lost is the one that the README shows.
func TestTraceOfALostAnswer(t *testing.T) {
	t.Parallel()
	exporter := tracetest.NewInMemoryExporter()
	tel := &telemetry{traces: sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter)), meters: sdkmetric.NewMeterProvider()}
	tel.tracer = tel.traces.Tracer("tenderkit")
	if err := tel.instruments(); err != nil {
		t.Fatal(err)
	}
	server := emulate("NOK")
	defer server.Close()
	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())
	client, err := brightpearl.New(server.Config(), tel.client()...)
	if err != nil {
		t.Fatal(err)
	}
	a := &account{name: "emulator", recorder: client.Recorder(brightpearl.RecorderOptions{}), emulated: true, close: func() {}}
	set := settings{currency: "NOK", workers: 1, getenv: none}
	e, err := startEngine(t.Context(), set, a, tel, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.take(t.Context(), set, a, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := e.watch(t.Context(), set, a, io.Discard); err != nil {
		t.Fatal(err)
	}
	e.close() // no span is open any more
	got := describeTrace(exporter.GetSpans())
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if got == "" || !strings.Contains(string(readme), "```\n"+got+"```\n") {
		t.Errorf("the README does not show this trace:\n%s", got)
	}
}

// describeTrace writes the job with two exchanges and more, which is the one
// whose answer was lost, with its steps and exchanges in order of time.
func describeTrace(spans tracetest.SpanStubs) string {
	for _, job := range spans {
		type line struct {
			at   time.Time
			text string
		}
		var lines []line
		writes := 0
		for _, e := range job.Events {
			if strings.HasPrefix(e.Name, "tenderkit.") {
				lines = append(lines, line{e.Time, fmt.Sprintf("  %-18s %s", e.Name, of(e.Attributes, "tenderkit.status", "tenderkit.writes", "tenderkit.looks"))})
			}
		}
		for _, s := range spans {
			if s.Parent.SpanID() != job.SpanContext.SpanID() {
				continue
			}
			status := of(s.Attributes, "http.response.status_code")
			if status == "" {
				status, writes = "no answer", writes+1
			}
			lines = append(lines, line{s.StartTime, fmt.Sprintf("  %-18s %s", s.Name, status)})
		}
		if writes == 0 || len(lines) == 0 {
			continue
		}
		slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
		text := job.Name + "\n"
		for _, l := range lines {
			text += strings.TrimRight(l.text, " ") + "\n"
		}
		return text
	}
	return ""
}

// of writes the values of attributes by their last word.
func of(attributes []attribute.KeyValue, keys ...string) string {
	var parts []string
	for _, key := range keys {
		for _, a := range attributes {
			if string(a.Key) == key {
				parts = append(parts, key[strings.LastIndex(key, ".")+1:]+"="+a.Value.String())
			}
		}
	}
	return strings.Join(parts, " ")
}
