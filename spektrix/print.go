package spektrix

import (
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Logins, customers, attributes and raw answers are not for logs: the types
// that hold them print a summary under every verb, and hand slog the same. A
// program that needs the rest reads the fields.

// String gives client name and currency.
func (c Config) String() string {
	return fmt.Sprintf("spektrix.Config of %q in %s", c.ClientName, c.Currency)
}

// Format prints what [Config.String] gives, for every verb.
func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// LogValue gives slog what [Config.String] gives.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String gives the currency.
func (c *Client) String() string {
	if c == nil {
		return "spektrix.Client <nil>"
	}
	return "spektrix.Client in " + string(c.currency)
}

// Format prints what [Client.String] gives, for every verb.
func (c *Client) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// String gives type and amount.
func (p CustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", p.PaymentTypeID, p.Amount)
}

// Format prints what [CustomPayment.String] gives, for every verb.
func (p CustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue gives slog what [CustomPayment.String] gives.
func (p CustomPayment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Format prints the name, for every verb.
func (a PaymentAttribute) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("attribute %q", a.Name))
}

// LogValue gives slog what Format prints.
func (a PaymentAttribute) LogValue() slog.Value { return logged(a) }

// String gives type and amount.
func (a AddedCustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", a.Name, a.Amount)
}

// Format prints what [AddedCustomPayment.String] gives, for every verb.
func (a AddedCustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, a.String()) }

// LogValue gives slog what [AddedCustomPayment.String] gives.
func (a AddedCustomPayment) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Format prints whether there is a customer, for every verb.
func (n NewBasket) Format(s fmt.State, verb rune) {
	text := "new basket"
	if n.CustomerID != "" {
		text += " of a customer"
	}
	label.Print(s, verb, text)
}

// LogValue gives slog what Format prints.
func (n NewBasket) LogValue() slog.Value { return logged(n) }

// Format prints the type, for every verb.
func (d TicketDelivery) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket delivery %d", d.Type))
}

// LogValue gives slog what Format prints.
func (d TicketDelivery) LogValue() slog.Value { return logged(d) }

// String gives the number of tickets and the total.
func (b Basket) String() string {
	return fmt.Sprintf("basket %q: %d tickets, total %v", b.ID, len(b.Tickets), b.Total)
}

// Format prints what [Basket.String] gives, for every verb.
func (b Basket) Format(s fmt.State, verb rune) { label.Print(s, verb, b.String()) }

// LogValue gives slog what [Basket.String] gives.
func (b Basket) LogValue() slog.Value { return slog.StringValue(b.String()) }

// Format prints id and total, for every verb.
func (t Ticket) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket %q of %v", t.ID, t.Total))
}

// LogValue gives slog what Format prints.
func (t Ticket) LogValue() slog.Value { return logged(t) }

// String gives the ids, the number of tickets and the total.
func (o Order) String() string {
	return fmt.Sprintf("order %q (%s): %d tickets, total %v", o.ID, o.FriendlyID, len(o.Tickets), o.Total)
}

// Format prints what [Order.String] gives, for every verb.
func (o Order) Format(s fmt.State, verb rune) { label.Print(s, verb, o.String()) }

// LogValue gives slog what [Order.String] gives.
func (o Order) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Format prints method and amount, for every verb.
func (p OrderPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("payment %q of %v", p.Method.Name, p.Amount))
}

// LogValue gives slog what Format prints.
func (p OrderPayment) LogValue() slog.Value { return logged(p) }

// String counts the payments by their state.
func (s Settlement) String() string { return "settlement: " + s.summary() }

// Format prints what [Settlement.String] gives, for every verb.
func (s Settlement) Format(f fmt.State, verb rune) { label.Print(f, verb, s.String()) }

// LogValue gives slog what [Settlement.String] gives.
func (s Settlement) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Format prints payment and state, for every verb.
func (p SettledPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%v: %s", p.Payment, p.State))
}

// LogValue gives slog what Format prints.
func (p SettledPayment) LogValue() slog.Value { return logged(p) }

func logged(v fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprint(v)) }
