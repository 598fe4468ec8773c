package spektrix

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Logins, customers, attributes and raw answers are not for logs: the types
// that hold them print a summary under every verb of package fmt, which is what
// String returns if there is one, and are the same in slog and in JSON, whatever
// they stand in. A program that needs the rest reads the fields. Raw is the form
// to store, and Body what is sent.

// String returns client name and currency.
func (c Config) String() string {
	return fmt.Sprintf("spektrix.Config of %q in %s", c.ClientName, c.Currency)
}

func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }
func (c Config) LogValue() slog.Value          { return logged(c) }
func (c Config) MarshalJSON() ([]byte, error)  { return quoted(c) }

// String returns the currency.
func (c *Client) String() string {
	if c == nil {
		return "spektrix.Client <nil>"
	}
	return "spektrix.Client in " + string(c.currency)
}

func (c *Client) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// String returns type and amount.
func (p NewCustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", p.PaymentTypeID, p.Amount)
}

func (p NewCustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }
func (p NewCustomPayment) LogValue() slog.Value          { return logged(p) }
func (p NewCustomPayment) MarshalJSON() ([]byte, error)  { return quoted(p) }

func (a PaymentAttribute) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("attribute %q", a.Name))
}
func (a PaymentAttribute) LogValue() slog.Value         { return logged(a) }
func (a PaymentAttribute) MarshalJSON() ([]byte, error) { return quoted(a) }

// String returns type and amount.
func (a CustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", a.Name, a.Amount)
}

func (a CustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, a.String()) }
func (a CustomPayment) LogValue() slog.Value          { return logged(a) }
func (a CustomPayment) MarshalJSON() ([]byte, error)  { return quoted(a) }

func (n NewBasket) Format(s fmt.State, verb rune) {
	text := "new basket"
	if n.CustomerID != "" {
		text += " of a customer"
	}
	label.Print(s, verb, text)
}

func (n NewBasket) LogValue() slog.Value         { return logged(n) }
func (n NewBasket) MarshalJSON() ([]byte, error) { return quoted(n) }

func (d TicketDelivery) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket delivery %d", d.Type))
}
func (d TicketDelivery) LogValue() slog.Value         { return logged(d) }
func (d TicketDelivery) MarshalJSON() ([]byte, error) { return quoted(d) }

// String returns the number of tickets and the total.
func (b Basket) String() string {
	return fmt.Sprintf("basket %q: %d tickets, total %v", b.ID, len(b.Tickets), b.Total)
}

func (b Basket) Format(s fmt.State, verb rune) { label.Print(s, verb, b.String()) }
func (b Basket) LogValue() slog.Value          { return logged(b) }
func (b Basket) MarshalJSON() ([]byte, error)  { return quoted(b) }

func (t Ticket) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket %q of %v", t.ID, t.Total))
}
func (t Ticket) LogValue() slog.Value         { return logged(t) }
func (t Ticket) MarshalJSON() ([]byte, error) { return quoted(t) }

// String returns the ids, the number of tickets and the total.
func (o Order) String() string {
	return fmt.Sprintf("order %q (%s): %d tickets, total %v", o.ID, o.FriendlyID, len(o.Tickets), o.Total)
}

func (o Order) Format(s fmt.State, verb rune) { label.Print(s, verb, o.String()) }
func (o Order) LogValue() slog.Value          { return logged(o) }
func (o Order) MarshalJSON() ([]byte, error)  { return quoted(o) }

func (p OrderPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("payment %q of %v", p.Method.Name, p.Amount))
}
func (p OrderPayment) LogValue() slog.Value         { return logged(p) }
func (p OrderPayment) MarshalJSON() ([]byte, error) { return quoted(p) }

func (m Members) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%d members", len(m)))
}
func (m Members) LogValue() slog.Value         { return logged(m) }
func (m Members) MarshalJSON() ([]byte, error) { return quoted(m) }

func (i Items) Format(s fmt.State, verb rune) { label.Print(s, verb, fmt.Sprintf("%d items", len(i))) }
func (i Items) LogValue() slog.Value          { return logged(i) }
func (i Items) MarshalJSON() ([]byte, error)  { return quoted(i) }

func (t NewTicket) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("new ticket of type %q for %q", t.Type, t.Instance))
}
func (t NewTicket) LogValue() slog.Value         { return logged(t) }
func (t NewTicket) MarshalJSON() ([]byte, error) { return quoted(t) }

func (o ChangedOrder) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("changed order %q (%s)", o.OrderID, o.OrderFriendlyID))
}
func (o ChangedOrder) LogValue() slog.Value         { return logged(o) }
func (o ChangedOrder) MarshalJSON() ([]byte, error) { return quoted(o) }

// String counts the payments by their state.
func (s Settlement) String() string { return "settlement: " + s.summary() }

func (s Settlement) Format(f fmt.State, verb rune) { label.Print(f, verb, s.String()) }
func (s Settlement) LogValue() slog.Value          { return logged(s) }
func (s Settlement) MarshalJSON() ([]byte, error)  { return quoted(s) }

func (p SettledPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%v: %s", p.Payment, p.State))
}
func (p SettledPayment) LogValue() slog.Value         { return logged(p) }
func (p SettledPayment) MarshalJSON() ([]byte, error) { return quoted(p) }

func (r Ref) Format(s fmt.State, verb rune) {
	text := "reference"
	if r.ID == "" {
		text = "no reference"
	}
	label.Print(s, verb, text)
}
func (r Ref) LogValue() slog.Value         { return logged(r) }
func (r Ref) MarshalJSON() ([]byte, error) { return quoted(r) }

func quoted(v fmt.Formatter) ([]byte, error) { return json.Marshal(fmt.Sprint(v)) }

func logged(v fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprint(v)) }
