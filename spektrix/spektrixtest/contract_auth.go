package spektrixtest

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const typesPath = "/custom-payment-types"

const typesForm paymenttest.Form = `[{"name":"string","id":"string","isRefund":"bool","attributeDefinitions":[{"name":"string","isRequired":"bool","type":"string"}]}]`

// authClauses are about the signature and the paths.
func authClauses() []paymenttest.Clause {
	const doc, seen, inferred, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Inferred, paymenttest.Unknown
	reads := func(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, decides ...string) paymenttest.Clause {
		return paymenttest.Clause{ID: id, Statement: statement, Evidence: evidence, Source: source, Requests: requests, Plan: plan, Probe: p, Decides: decides}
	}
	needs := func(c paymenttest.Clause, needs ...paymenttest.Need) paymenttest.Clause {
		c.Needs = needs
		return c
	}
	const write, bad = paymenttest.Write, paymenttest.BadLogin
	return []paymenttest.Clause{
		reads("auth.unsigned", "An unsigned call is 401, with a message in JSON.", doc, "guide to custom payments; the body is unknown", 1, "reads the payment types without a signature", probeUnsigned, "unauthorizedBody"),
		needs(reads("auth.unsigned-write", "An unsigned write is 401.", doc, "guide to custom payments", 1, "posts a payment without a signature, to a basket that does not exist",
			func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Send(ctx, paymenttest.Raw{
					Method: http.MethodPost, Path: basketPath(missingID) + "/custom-payments", Body: []byte(typedBody(missingID, "1.00")), Unsigned: true, Header: http.Header{"User-Agent": {productAgent}},
				})
				return want401(t, e, err)
			}), write),
		reads("auth.singular", "The browser's resource basket is 401 for a signed server.", inferred, "guide to the modes", 1, "reads the singular basket", func(ctx context.Context, t *paymenttest.Trial) error {
			e, err := t.Get(ctx, "/basket")
			return want401(t, e, err)
		}),
		reads("auth.url-as-sent", "The URL is signed as it is sent, with @ and with %40 in its query.", inferred, "working clients of both kinds", 2, "reads the payment types with each", probeURLAsSent),
		needs(reads("auth.empty-post", "A POST without a body is signed with the hash of nothing.", inferred, "working clients", 1, "creates a basket without a body", probeEmptyPost), write),
		needs(reads("auth.user-agent", "The edge refuses a POST whose agent is a stock library with a page and status 403.", seen, "a working client's comment", 1, "creates a basket as GuzzleHttp/7", probeUserAgent), write),
		reads("path.client-name-case", "A client name in capitals names no system.", unknown, "one client lower-cases what users type", 1, "reads the payment types under the name in capitals",
			func(ctx context.Context, t *paymenttest.Trial) error {
				e, err := t.Get(signedAs(ctx, signing{capitals: true}), typesPath)
				if err != nil {
					return err
				}
				return t.WantStatus(e, http.StatusNotFound)
			}),
		reads("path.unknown", "An unknown resource is 404.", inferred, "the custom of HTTP", 1, "reads a resource that does not exist", func(ctx context.Context, t *paymenttest.Trial) error {
			e, err := t.Get(ctx, "/contract-no-such-resource")
			if err != nil {
				return err
			}
			return t.Want(e, http.StatusNotFound, errorForm)
		}),
		needs(reads("auth.wrong-signature", "A wrong signature is 401.", inferred, "working clients", 1, "reads the payment types, signed with another key", probeRefused(signing{wrongKey: true}, http.MethodGet, typesPath)), bad),
		needs(reads("auth.wrong-login", "An unknown login is 401.", inferred, "working clients", 1, "reads the payment types under an invented login", probeRefused(signing{wrongLogin: true}, http.MethodGet, typesPath)), bad),
		needs(reads("auth.hash-line", "A bodyless POST that is signed without the line of the hash is 401.", seen, "two working clients that had to add it", 1, "creates a basket without a body, signed so",
			probeRefused(signing{noHash: true}, http.MethodPost, "/baskets")), bad, write),
		needs(reads("auth.date-window", "The Date may be five minutes off.", unknown, "one integrator reports a tolerance", 14, "reads the payment types with dates that are off by up to a day", probeDateWindow, "dateWindow"), bad),
	}
}

func want401(t *paymenttest.Trial, e paymenttest.Exchange, err error) error {
	if err != nil {
		return err
	}
	return t.WantStatus(e, http.StatusUnauthorized)
}

func probeUnsigned(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Send(ctx, paymenttest.Raw{Path: typesPath, Unsigned: true})
	if err := want401(t, e, err); err != nil {
		return err
	}
	switch body := bytes.TrimSpace(e.Body); {
	case len(body) == 0:
		t.Fact("unauthorizedBody", UnauthorizedEmpty)
	case isPage(e):
		t.Fact("unauthorizedBody", UnauthorizedHTML)
	default:
		t.Fact("unauthorizedBody", UnauthorizedJSON)
		return t.Want(e, http.StatusUnauthorized, errorForm)
	}
	return nil
}

func isPage(e paymenttest.Exchange) bool {
	return strings.Contains(e.Header.Get("Content-Type"), "html") && bytes.HasPrefix(bytes.TrimSpace(e.Body), []byte("<"))
}

func probeURLAsSent(ctx context.Context, t *paymenttest.Trial) error {
	for _, query := range []string{"?email=contract@example.org", "?email=contract%40example.org"} {
		e, err := t.Get(ctx, typesPath+query)
		if err != nil {
			return err
		}
		if err := t.WantStatus(e, http.StatusOK); err != nil {
			return err
		}
	}
	return nil
}

func probeEmptyPost(ctx context.Context, t *paymenttest.Trial) error {
	_, err := createBasket(ctx, t, "")
	return err
}

// probeUserAgent judges the status itself: a 403 is what it expects.
func probeUserAgent(ctx context.Context, t *paymenttest.Trial) error {
	w := t.Writing("a basket that is not confirmed")
	e, err := postRaw(signedAs(ctx, signing{userAgent: "GuzzleHttp/7"}), t, "/baskets", "{}")
	switch {
	case err != nil:
		return err
	case e.Status != http.StatusForbidden:
		return t.Differs(e.Place(), "status %d, not 403", e.Status)
	case !isPage(e):
		return t.Differs(e.Place(), "the 403 is not a page")
	}
	w.Undo()
	return nil
}

// probeRefused sends a request that is signed wrongly.
func probeRefused(how signing, method, path string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, err := t.Send(signedAs(ctx, how), paymenttest.Raw{Method: method, Path: path})
		return want401(t, e, err)
	}
}

// windows are the widths that a date's tolerance may have.
var windows = []time.Duration{
	30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 24 * time.Hour,
}

// probeDateWindow tries dates just inside and outside of the widths, of the
// likeliest first.
func probeDateWindow(ctx context.Context, t *paymenttest.Trial) error {
	const margin = 5 * time.Second
	taken, refused := time.Duration(0), time.Duration(1<<62)
	try := func(shift time.Duration) error {
		if shift <= taken || shift >= refused {
			return nil
		}
		e, err := t.Get(signedAs(ctx, signing{shift: -shift}), typesPath)
		switch {
		case err != nil:
			return err
		case e.Status == http.StatusOK:
			taken = shift
		case e.Status == http.StatusUnauthorized:
			refused = shift
		default:
			return t.WantStatus(e, http.StatusOK, http.StatusUnauthorized)
		}
		return nil
	}
	for _, w := range append([]time.Duration{5 * time.Minute}, windows...) {
		for _, shift := range []time.Duration{w - margin, w + margin} {
			if err := try(shift); err != nil {
				return err
			}
		}
		if taken == w-margin && refused == w+margin {
			t.See("dates are taken up to %s", w)
			t.Fact("dateWindow", w)
			return nil
		}
	}
	if refused == 1<<62 {
		return t.Differs(t.Last().Place()+" Date", "a date that is a day off is taken")
	}
	t.Between("dateWindow", taken, refused)
	return nil
}
