package rubi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// limits are the documented lengths, in characters, by the declaration that
// holds them. Those of api/UserPayment are in the vendor's own list.
var limits = []struct{ document, declaration, name, limit string }{
	{"user-basket", "contact", "uid", "50"},
	{"booking", "Booking.call", "Booking.UID", "50"},
	{"booking-update", "BookingUpdate.call", "BookingUpdate.UID", "50"},
	{"booking-update", "BookingUpdate.call", "BookingUpdate.BookingGUID", "50"},
	{"booking-update", "BookingUpdate.call", "BookingUpdate.UpdateType", "20"},
	{"subscription", "Subscription.call", "Subscription.UID", "50"},
	{"subscription", "Subscription.call", "Subscription.SSID", "50"},
	{"subscription", "Subscription.call", "Subscription.Action", "10"},
	{"attendees", "attendeesCall", "eid", "50"},
}

// userPaymentParameters are the lines of the vendor's page: name, a star for one
// that cannot be blank, and the limit.
func userPaymentParameters(t *testing.T) (names, limited []string) {
	t.Helper()
	for _, line := range strings.Split(sample(t, "user_payment_parameters.txt"), "\n") {
		name, kind, _ := strings.Cut(line, " String")
		name, starred := strings.CutSuffix(name, "*")
		if name = "UserPayment." + strings.Replace(name, "uid", "UID", 1); starred == slices.Contains(mayBeBlank, name) {
			t.Errorf("%s has a star: %t", name, starred)
		}
		names = append(names, name)
		if _, limit, ok := strings.Cut(kind, "Max "); ok {
			limited = append(limited, name, strings.TrimSuffix(limit, " chars"))
		}
	}
	return names, limited
}

// The tables have what the vendor's page lists, in its order.
func TestParametersOfTheOrigin(t *testing.T) {
	t.Parallel()
	names, limited := userPaymentParameters(t)
	if got := strings.Join(names, " "); got != submitted || len(limited) != 2*11 {
		t.Errorf("the page lists %s, limits of %v", got, limited)
	}
}

// A text at its limit is taken, and one longer refused, in UTF-16 units.
func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	_, limited := userPaymentParameters(t)
	all := limits
	for i := 0; i < len(limited); i += 2 {
		all = append(all, struct{ document, declaration, name, limit string }{"user-payment", "UserPayment.elements", limited[i], limited[i+1]})
	}
	for _, l := range all {
		test := fmt.Sprintf("%s/%s/%s/%s/", l.document, l.declaration, l.name, l.limit)
		c, p := silent(t), parameters()[l.name]
		limit, err := strconv.Atoi(l.limit)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(test+"at", func(t *testing.T) {
			t.Parallel()
			for _, character := range []string{"x", "é"} {
				_, err := c.encode(p.call(c, "@"+strings.Repeat(character, limit-1)))
				if err != nil && !strings.Contains(err.Error(), "is not Invoice") && !strings.Contains(err.Error(), "is not Add") { // no such word is that long
					t.Errorf("%d of %q: %v", limit, character, err)
				}
			}
		})
		t.Run(test+"above", func(t *testing.T) {
			t.Parallel()
			for _, long := range []string{strings.Repeat("x", limit), strings.Repeat("é", limit), strings.Repeat("😀", limit/2+1)} { // the last one counts as two
				_, err := c.encode(p.call(c, "@"+long))
				wantField(t, err, l.name)
				if err == nil || !strings.HasSuffix(err.Error(), "limit "+l.limit) || strings.Contains(err.Error(), long) {
					t.Errorf("error %q does not tell the limit, or tells the value", err)
				}
			}
		})
	}
}
