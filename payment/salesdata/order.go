package salesdata

import "github.com/tenderkit/tenderkit/payment"

// OrderType is the kind of an order. The documented kinds are below; another
// word is kept and listed in [Order.Faults].
type OrderType string

// The documented kinds of order.
const (
	OrderSales         OrderType = "sales"
	OrderRefund        OrderType = "refund"
	OrderDeposit       OrderType = "deposit"
	OrderInvoice       OrderType = "invoice"
	OrderInternalSales OrderType = "internalsales"
)

// Known reports whether t is one of the documented kinds.
func (t OrderType) Known() bool { return contains(orderTypes, string(t)) }

// OrderState is the state of an MDS order.
type OrderState string

// The documented states.
const (
	StateCommitted OrderState = "committed"
	StateCancelled OrderState = "cancelled"
)

// Known reports whether s is one of the documented states.
func (s OrderState) Known() bool { return contains(orderStates, string(s)) }

var (
	orderTypes  = []string{"sales", "refund", "deposit", "invoice", "internalsales"}
	orderStates = []string{"committed", "cancelled"}
)

// Order is one order with its payments and lines, in either shape.
//
// Payments and Lines are nil if the document does not have them, which is not
// the same as empty. No order carries a currency. A root order has no id.
type Order struct {
	Shape Shape
	// Bare marks a payment that stood in the input without an order, as the
	// vendor's payments page prints it: Payments holds it, all else is unset.
	Bare bool

	CustomerID                 int64
	Name                       string // may end in /1, /2 for a split order
	Type                       OrderType
	RevenueUnitID              int64
	RevenueUnitName            string
	OrderTypeID                int64 // root since 1.1
	OrderChannel               string
	TableID                    int64
	TerminalID                 int64
	ExportRef                  string // root, like the six that follow
	ReadyTime                  Time
	DiscountReasonID           int64
	RefundUsername             string
	WebshopStoreName           string
	ReceiptType                string
	ExternalBenefitSystemIdent string // since 1.1.1
	Opened                     Time
	Closed                     Time
	CreatedAt                  Time // root, like the two that follow
	ClosedAt                   Time
	CancelledAt                Time

	ID                 string // MDS, like all that follow: a GUID
	SOID               int64  // grows; meant as a high-water mark
	SOGUID             string // equals ID
	ShortKey           string
	ReceiptNum         string
	State              OrderState
	ClosedBusinessDate payment.Date // may differ from Closed after midnight
	ClosedByUserID     string
	ClosedByUsername   string
	OrderTypeName      string
	OrderSourceName    string
	DeliveryType       string

	Payments []Payment
	Lines    []Line

	Extra  Extra   // keys that the shape does not document, with their text
	Faults []Fault // what is odd but was not refused
	Offset int64   // byte offset in the input that it was read from

	payments, lines form
	meta            metadata
}

var orderSchema = newSchema([]field[Order]{
	{name: "customer_id", is: id, in: both, required: both, at: func(o *Order) any { return &o.CustomerID }},
	{name: "name", in: both, at: func(o *Order) any { return &o.Name }},
	{name: "type", in: both, required: both, words: orderTypes, at: func(o *Order) any { return (*string)(&o.Type) }},
	{name: "revenue_unit_id", is: id, in: both, at: func(o *Order) any { return &o.RevenueUnitID }},
	{name: "revenue_unit_name", in: both, at: func(o *Order) any { return &o.RevenueUnitName }},
	{name: "order_type_id", is: id, in: both, since: Version11, at: func(o *Order) any { return &o.OrderTypeID }},
	{name: "order_channel", in: both, since: Version11, at: func(o *Order) any { return &o.OrderChannel }},
	{name: "table_id", is: id, in: both, at: func(o *Order) any { return &o.TableID }},
	{name: "terminal_id", is: id, in: both, required: MDS, at: func(o *Order) any { return &o.TerminalID }},
	{name: "export_ref", in: Root, at: func(o *Order) any { return &o.ExportRef }},
	{name: "ready_time", is: moment, in: Root, at: func(o *Order) any { return &o.ReadyTime }},
	{name: "discount_reason_id", is: id, in: Root, at: func(o *Order) any { return &o.DiscountReasonID }},
	{name: "refund_username", in: Root, at: func(o *Order) any { return &o.RefundUsername }},
	{name: "webshop_store_name", in: Root, at: func(o *Order) any { return &o.WebshopStoreName }},
	{name: "receipt_type", in: both, required: MDS, at: func(o *Order) any { return &o.ReceiptType }},
	{name: "external_benefit_system_ident", in: Root, since: Version111, at: func(o *Order) any { return &o.ExternalBenefitSystemIdent }},
	{name: "opened", is: moment, in: both, required: MDS, at: func(o *Order) any { return &o.Opened }},
	{name: "closed", is: moment, in: both, required: MDS, at: func(o *Order) any { return &o.Closed }},
	{name: "created_at", is: moment, in: Root, at: func(o *Order) any { return &o.CreatedAt }},
	{name: "closed_at", is: moment, in: Root, at: func(o *Order) any { return &o.ClosedAt }},
	{name: "cancelled_at", is: moment, in: Root, at: func(o *Order) any { return &o.CancelledAt }},
	{name: "id", is: guid, in: MDS, required: MDS, at: func(o *Order) any { return &o.ID }},
	{name: "soid", is: id, in: MDS, required: MDS, at: func(o *Order) any { return &o.SOID }},
	{name: "soguid", is: guid, in: MDS, required: MDS, at: func(o *Order) any { return &o.SOGUID }},
	{name: "short_key", is: textID, in: MDS, at: func(o *Order) any { return &o.ShortKey }},
	{name: "receipt_num", is: textID, in: MDS, required: MDS, at: func(o *Order) any { return &o.ReceiptNum }},
	{name: "state", in: MDS, required: MDS, words: orderStates, at: func(o *Order) any { return (*string)(&o.State) }},
	{name: "closed_business_date", is: day, in: MDS, required: MDS, at: func(o *Order) any { return &o.ClosedBusinessDate }},
	{name: "closed_by_user_id", is: guid, in: MDS, required: MDS, at: func(o *Order) any { return &o.ClosedByUserID }},
	{name: "closed_by_username", in: MDS, at: func(o *Order) any { return &o.ClosedByUsername }},
	{name: "order_type_name", in: MDS, at: func(o *Order) any { return &o.OrderTypeName }},
	{name: "order_source_name", in: MDS, at: func(o *Order) any { return &o.OrderSourceName }},
	{name: "delivery_type", in: MDS, at: func(o *Order) any { return &o.DeliveryType }},
}, []string{
	"id", "soid", "soguid", "customer_id", "terminal_id", "short_key", "receipt_num", "name", "state", "type", "opened", "closed",
	"closed_business_date", "closed_by_user_id", "closed_by_username", "receipt_type",
}, func(o *Order) *metadata { return &o.meta })

// Cancelled reports an order that its state or its time of cancellation marks
// as cancelled. It is decoded like any other; [Takings] leaves it out.
func (o Order) Cancelled() bool { return o.State == StateCancelled || !o.CancelledAt.IsZero() }
