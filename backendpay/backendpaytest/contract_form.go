package backendpaytest

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// formClauses are about paths, and formats of parameters.
func formClauses() []paymenttest.Clause {
	const doc, seen, unknown = paymenttest.Documented, paymenttest.Observed, paymenttest.Unknown
	bad := func(id, statement string, evidence paymenttest.Evidence, source, query string) paymenttest.Clause {
		return reading(id, statement, evidence, source, 1, "lists payments with "+query, probeRefusedQuery(query))
	}
	return []paymenttest.Clause{
		with(deciding(reading("paths.form", "A path is answered with a slash at its end and without.", seen, endpointsPage+" and its curl samples; what the server does is unknown",
			0, "reads the payment types and one of them, each in both forms", probePaths), "paths", "redirectStatus"), func(c *paymenttest.Clause) {
			c.Option = "Config.TrailingSlash"
		}),
		reading("answers.json", "Answers are declared as JSON.", doc, endpointsPage, 1, "lists one payment", probeMedia),
		bad("query.bad-date", "A date that does not exist is refused with 400.", doc, endpointsPage, "minDate=2024-13-45"),
		bad("query.partial-date", "A partial date is refused with 400.", doc, endpointsPage, "minDate=2024-11"),
		bad("query.bad-datetime", "A datetime without T is refused with 400.", doc, endpointsPage, "createdSince=2024-11-25%2008:30:00"),
		bad("query.no-seconds", "A datetime without seconds is refused with 400.", doc, endpointsPage, "createdSince=2024-11-25T08:30Z"),
		bad("query.fraction", "A datetime with a fraction of a second is refused with 400.", unknown, nowhere, "createdSince=2024-11-25T08:30:00.5Z"),
		bad("query.bad-limit", "A limit that is not a number is refused with 400.", doc, endpointsPage, "limit=many"),
		bad("query.zero-limit", "A limit of 0 is refused with 400.", unknown, nowhere, "limit=0"),
		bad("query.bad-id-after", "An idAfter that is not a number is refused with 400.", doc, endpointsPage, "idAfter=none"),
		bad("query.bad-flag", "A flag that is neither true nor false is refused with 400.", paymenttest.Inferred, reasoned, "reversed=perhaps"),
		bad("query.unknown", "An unknown parameter is refused with 400.", paymenttest.Inferred, reasoned, "contractNone=1"),
		reading("query.zone", "A datetime may have an offset from UTC.", doc, endpointsPage, 1, "lists payments since a time with an offset",
			func(ctx context.Context, t *paymenttest.Trial) error {
				_, err := paymentsOf(ctx, t, "limit=5&createdSince="+url.QueryEscape("2000-01-01T00:00:00+01:00"))
				return err
			}),
	}
}

func probePaths(ctx context.Context, t *paymenttest.Trial) error {
	a, err := askForms(ctx, t)
	if err != nil {
		return err
	}
	t.Mask("redirectStatus", "no form of a path is redirected")
	var answered [2][2]bool
	for i, pair := range [][2]paymenttest.Exchange{a.list, a.item} {
		if pair[0].Status == 0 {
			return t.NotDecidable("no payment type is shown, so no path of an item is known")
		}
		if pair[0].Status == http.StatusForbidden && pair[1].Status == http.StatusForbidden {
			return t.Want(pair[0], http.StatusOK, "")
		}
		for j, e := range pair {
			if answered[i][j], err = checkPath(t, e, i == 0, pair[1-j]); err != nil {
				return err
			}
		}
	}
	t.See("a list is answered without a slash %t, with one %t; an item without %t, with one %t", answered[0][0], answered[0][1], answered[1][0], answered[1][1])
	switch answered {
	case [2][2]bool{{true, true}, {true, true}}:
		t.Fact("paths", PathAny)
	case [2][2]bool{{false, true}, {true, false}}:
		t.Fact("paths", PathDocumented)
	case [2][2]bool{{false, true}, {false, true}}:
		t.Fact("paths", PathSlash)
		t.Advise("set Config.TrailingSlash to SlashEverywhere")
	case [2][2]bool{{true, false}, {true, false}}:
		t.Fact("paths", PathNoSlash)
		t.Advise("set Config.TrailingSlash to SlashNowhere")
	default:
		return t.Differs(a.list[0].Place(), "a list is answered without a slash %t, with one %t; an item without %t, with one %t", answered[0][0], answered[0][1], answered[1][0], answered[1][1])
	}
	return nil
}

// checkPath reports whether a path is answered itself. It may also be redirected
// to the other form, whose answer other is.
func checkPath(t *paymenttest.Trial, e paymenttest.Exchange, list bool, other paymenttest.Exchange) (bool, error) {
	form := typeForm
	if list {
		form = typesForm
	}
	if e.Status < 300 || e.Status >= 400 {
		if other.Status == http.StatusOK && e.Status == http.StatusOK && !bytes.Equal(e.Body, other.Body) {
			return true, t.Differs(e.Place(), "the two forms of the path are answered differently")
		}
		return true, t.Want(e, http.StatusOK, form)
	}
	to, err := url.Parse(e.Header.Get("Location"))
	if err != nil || strings.TrimSuffix(to.Path, "/") != strings.TrimSuffix(e.Path, "/") || strings.HasSuffix(to.Path, "/") == strings.HasSuffix(e.Path, "/") {
		return false, t.Differs(e.Place(), "redirected with status %d, and not to the other form of the path", e.Status)
	}
	t.Fact("redirectStatus", e.Status)
	return false, nil
}

func probeMedia(ctx context.Context, t *paymenttest.Trial) error {
	e, err := ask{path: "/payments", list: true, query: "limit=1"}.send(ctx, t)
	if err != nil {
		return err
	}
	if err := t.Want(e, http.StatusOK, paymentsForm); err != nil {
		return err
	}
	if media, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type")); media != jsonType {
		return t.Differs(e.Place(), "declared as %q, not as JSON", media)
	}
	return nil
}

func probeRefusedQuery(query string) func(context.Context, *paymenttest.Trial) error {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		e, err := ask{path: "/payments", list: true, query: query}.send(ctx, t)
		if err != nil {
			return err
		}
		return wantRefused(t, e, http.StatusBadRequest)
	}
}
