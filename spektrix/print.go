package spektrix

import (
	"fmt"
	"log/slog"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Logins, customers, attributes and raw answers are not for logs: the types
// that hold them print a summary under every verb, and hand slog the same. A
// program that needs the rest reads the fields.

// String returns client name and currency.
func (c Config) String() string {
	return fmt.Sprintf("spektrix.Config of %q in %s", c.ClientName, c.Currency)
}

// Format prints what [Config.String] returns, for every verb.
func (c Config) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// LogValue hands slog what [Config.String] returns.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String returns the currency.
func (c *Client) String() string {
	if c == nil {
		return "spektrix.Client <nil>"
	}
	return "spektrix.Client in " + string(c.currency)
}

// Format prints what [Client.String] returns, for every verb.
func (c *Client) Format(s fmt.State, verb rune) { label.Print(s, verb, c.String()) }

// String returns type and amount.
func (p NewCustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", p.PaymentTypeID, p.Amount)
}

// Format prints what [NewCustomPayment.String] returns, for every verb.
func (p NewCustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, p.String()) }

// LogValue hands slog what [NewCustomPayment.String] returns.
func (p NewCustomPayment) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Format prints the name, for every verb.
func (a PaymentAttribute) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("attribute %q", a.Name))
}

// LogValue hands slog what Format prints.
func (a PaymentAttribute) LogValue() slog.Value { return logged(a) }

// String returns type and amount.
func (a CustomPayment) String() string {
	return fmt.Sprintf("custom payment %q of %v", a.Name, a.Amount)
}

// Format prints what [CustomPayment.String] returns, for every verb.
func (a CustomPayment) Format(s fmt.State, verb rune) { label.Print(s, verb, a.String()) }

// LogValue hands slog what [CustomPayment.String] returns.
func (a CustomPayment) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Format prints whether there is a customer, for every verb.
func (n NewBasket) Format(s fmt.State, verb rune) {
	text := "new basket"
	if n.CustomerID != "" {
		text += " of a customer"
	}
	label.Print(s, verb, text)
}

// LogValue hands slog what Format prints.
func (n NewBasket) LogValue() slog.Value { return logged(n) }

// Format prints the type, for every verb.
func (d TicketDelivery) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket delivery %d", d.Type))
}

// LogValue hands slog what Format prints.
func (d TicketDelivery) LogValue() slog.Value { return logged(d) }

// String returns the number of tickets and the total.
func (b Basket) String() string {
	return fmt.Sprintf("basket %q: %d tickets, total %v", b.ID, len(b.Tickets), b.Total)
}

// Format prints what [Basket.String] returns, for every verb.
func (b Basket) Format(s fmt.State, verb rune) { label.Print(s, verb, b.String()) }

// LogValue hands slog what [Basket.String] returns.
func (b Basket) LogValue() slog.Value { return slog.StringValue(b.String()) }

// Format prints id and total, for every verb.
func (t Ticket) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("ticket %q of %v", t.ID, t.Total))
}

// LogValue hands slog what Format prints.
func (t Ticket) LogValue() slog.Value { return logged(t) }

// String returns the ids, the number of tickets and the total.
func (o Order) String() string {
	return fmt.Sprintf("order %q (%s): %d tickets, total %v", o.ID, o.FriendlyID, len(o.Tickets), o.Total)
}

// Format prints what [Order.String] returns, for every verb.
func (o Order) Format(s fmt.State, verb rune) { label.Print(s, verb, o.String()) }

// LogValue hands slog what [Order.String] returns.
func (o Order) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Format prints method and amount, for every verb.
func (p OrderPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("payment %q of %v", p.Method.Name, p.Amount))
}

// LogValue hands slog what Format prints.
func (p OrderPayment) LogValue() slog.Value { return logged(p) }

// Format prints how many members there are, for every verb.
func (m Members) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%d members", len(m)))
}

// LogValue hands slog what Format prints.
func (m Members) LogValue() slog.Value { return logged(m) }

// Format prints how many items there are, for every verb.
func (i Items) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%d items", len(i)))
}

// LogValue hands slog what Format prints.
func (i Items) LogValue() slog.Value { return logged(i) }

// Format prints type and instance, for every verb.
func (t NewTicket) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("new ticket of type %q for %q", t.Type, t.Instance))
}

// LogValue hands slog what Format prints.
func (t NewTicket) LogValue() slog.Value { return logged(t) }

// Format prints the ids of the order, for every verb.
func (o ChangedOrder) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("changed order %q (%s)", o.OrderID, o.OrderFriendlyID))
}

// LogValue hands slog what Format prints.
func (o ChangedOrder) LogValue() slog.Value { return logged(o) }

// String counts the payments by their state.
func (s Settlement) String() string { return "settlement: " + s.summary() }

// Format prints what [Settlement.String] returns, for every verb.
func (s Settlement) Format(f fmt.State, verb rune) { label.Print(f, verb, s.String()) }

// LogValue hands slog what [Settlement.String] returns.
func (s Settlement) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Format prints payment and state, for every verb.
func (p SettledPayment) Format(s fmt.State, verb rune) {
	label.Print(s, verb, fmt.Sprintf("%v: %s", p.Payment, p.State))
}

// LogValue hands slog what Format prints.
func (p SettledPayment) LogValue() slog.Value { return logged(p) }

func logged(v fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprint(v)) }
