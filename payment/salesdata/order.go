package salesdata

import (
	"fmt"
	"log/slog"
	"slices"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/payment"
)

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
func (t OrderType) Known() bool { return slices.Contains(orderTypes, string(t)) }

// OrderState is the state of an MDS order.
type OrderState string

// The documented states.
const (
	StateCommitted OrderState = "committed"
	StateCancelled OrderState = "cancelled"
)

// Known reports whether s is one of the documented states.
func (s OrderState) Known() bool { return slices.Contains(orderStates, string(s)) }

var (
	orderTypes  = []string{string(OrderSales), string(OrderRefund), string(OrderDeposit), string(OrderInvoice), string(OrderInternalSales)}
	orderStates = []string{string(StateCommitted), string(StateCancelled)}
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

var orderTable = newTable(func(o *Order) *metadata { return &o.meta }, []field[Order]{
	{name: "customer_id", in: both, required: both, mds: 4, at: func(o *Order) slot { return (*idSlot)(&o.CustomerID) }},
	{name: "name", in: both, mds: 8, at: func(o *Order) slot { return (*textSlot)(&o.Name) }},
	{name: "type", in: both, required: both, words: orderTypes, mds: 10, at: func(o *Order) slot { return (*textSlot)(&o.Type) }},
	{name: "revenue_unit_id", in: both, at: func(o *Order) slot { return (*idSlot)(&o.RevenueUnitID) }},
	{name: "revenue_unit_name", in: both, at: func(o *Order) slot { return (*textSlot)(&o.RevenueUnitName) }},
	{name: "order_type_id", in: both, since: Version11, at: func(o *Order) slot { return (*idSlot)(&o.OrderTypeID) }},
	{name: "order_channel", in: both, since: Version11, at: func(o *Order) slot { return (*textSlot)(&o.OrderChannel) }},
	{name: "table_id", in: both, at: func(o *Order) slot { return (*idSlot)(&o.TableID) }},
	{name: "terminal_id", in: both, required: MDS, mds: 5, at: func(o *Order) slot { return (*idSlot)(&o.TerminalID) }},
	{name: "export_ref", in: Root, at: func(o *Order) slot { return (*textSlot)(&o.ExportRef) }},
	{name: "ready_time", in: Root, at: func(o *Order) slot { return (*timeSlot)(&o.ReadyTime) }},
	{name: "discount_reason_id", in: Root, at: func(o *Order) slot { return (*idSlot)(&o.DiscountReasonID) }},
	{name: "refund_username", in: Root, at: func(o *Order) slot { return (*textSlot)(&o.RefundUsername) }},
	{name: "webshop_store_name", in: Root, at: func(o *Order) slot { return (*textSlot)(&o.WebshopStoreName) }},
	{name: "receipt_type", in: both, required: MDS, mds: 16, at: func(o *Order) slot { return (*textSlot)(&o.ReceiptType) }},
	{name: "external_benefit_system_ident", in: Root, since: Version111, at: func(o *Order) slot { return (*textSlot)(&o.ExternalBenefitSystemIdent) }},
	{name: "opened", in: both, required: MDS, mds: 11, at: func(o *Order) slot { return (*timeSlot)(&o.Opened) }},
	{name: "closed", in: both, required: MDS, mds: 12, at: func(o *Order) slot { return (*timeSlot)(&o.Closed) }},
	{name: "created_at", in: Root, at: func(o *Order) slot { return (*timeSlot)(&o.CreatedAt) }},
	{name: "closed_at", in: Root, at: func(o *Order) slot { return (*timeSlot)(&o.ClosedAt) }},
	{name: "cancelled_at", in: Root, rests: much, at: func(o *Order) slot { return (*timeSlot)(&o.CancelledAt) }},
	{name: "id", in: MDS, required: MDS, rests: much, mds: 1, at: func(o *Order) slot { return (*guidSlot)(&o.ID) }},
	{name: "soid", in: MDS, required: MDS, mds: 2, at: func(o *Order) slot { return (*idSlot)(&o.SOID) }},
	{name: "soguid", in: MDS, required: MDS, mds: 3, at: func(o *Order) slot { return (*guidSlot)(&o.SOGUID) }},
	{name: "short_key", in: MDS, mds: 6, at: func(o *Order) slot { return (*codeSlot)(&o.ShortKey) }},
	{name: "receipt_num", in: MDS, required: MDS, mds: 7, at: func(o *Order) slot { return (*codeSlot)(&o.ReceiptNum) }},
	{name: "state", in: MDS, required: MDS, words: orderStates, rests: much, mds: 9, at: func(o *Order) slot { return (*textSlot)(&o.State) }},
	{name: "closed_business_date", in: MDS, required: MDS, mds: 13, at: func(o *Order) slot { return (*daySlot)(&o.ClosedBusinessDate) }},
	{name: "closed_by_user_id", in: MDS, required: MDS, mds: 14, at: func(o *Order) slot { return (*guidSlot)(&o.ClosedByUserID) }},
	{name: "closed_by_username", in: MDS, mds: 15, at: func(o *Order) slot { return (*textSlot)(&o.ClosedByUsername) }},
	{name: "order_type_name", in: MDS, at: func(o *Order) slot { return (*textSlot)(&o.OrderTypeName) }},
	{name: "order_source_name", in: MDS, at: func(o *Order) slot { return (*textSlot)(&o.OrderSourceName) }},
	{name: "delivery_type", in: MDS, at: func(o *Order) slot { return (*textSlot)(&o.DeliveryType) }},
})

// Unread returns the documented fields whose values are not of the documented
// form, with their JSON text, such as a closed_business_date with a time. The
// fields are not set; the values are written again.
func (o Order) Unread() Extra { return orderTable.unread(&o.meta) }

// Cancelled reports whether the state or the time of cancellation marks the
// order as cancelled. A time of zeros does not. It is decoded like any other; [Takings] leaves it out.
func (o Order) Cancelled() bool {
	return o.State == StateCancelled || !o.CancelledAt.IsZero() && !o.CancelledAt.isNone()
}

// Line is one article line of an order, in either shape. Amounts are per line,
// not per unit. Unlike a payment's, a line's NetAmount excludes tax.
type Line struct {
	Shape Shape

	ArticleID      int64
	ArticleName    string
	Quantity       payment.Amount
	NetAmount      payment.Amount // excluding tax
	GrossAmount    payment.Amount // including tax
	DiscountAmount payment.Amount
	DiscountPct    payment.Amount
	PriceGroupID   int64
	PriceGroupName string
	AccountID      int64
	LineItemGUID   string
	LineAddedTime  Time
	ParentSOLID    string // parent line: text in root, a whole number in MDS; "" for a line of its own
	Comment        string

	SOLID            int64  // MDS: line id
	ArticleExtNum    string // MDS
	TaxPctValue      payment.Amount
	BaseNetAmount    payment.Amount // MDS: before modifiers
	BaseGrossAmount  payment.Amount
	TotalNetAmount   payment.Amount // MDS: with child lines; summing it over all lines counts those twice
	TotalGrossAmount payment.Amount
	CostPrice        payment.Amount

	Extra  Extra // keys that the shape does not document, with their text
	Offset int64 // byte offset in the input that it was read from

	meta metadata
}

var lineTable = newTable(func(l *Line) *metadata { return &l.meta }, []field[Line]{
	{name: "article_id", older: "articleId", in: both, required: MDS, mds: 2, at: func(l *Line) slot { return (*idSlot)(&l.ArticleID) }},
	{name: "article_name", in: both, required: MDS, mds: 3, at: func(l *Line) slot { return (*textSlot)(&l.ArticleName) }},
	{name: "quantity", in: both, required: MDS, mds: 5, at: func(l *Line) slot { return (*moneySlot)(&l.Quantity) }},
	{name: "net_amount", in: both, required: MDS, rests: vital, mds: 7, at: func(l *Line) slot { return (*moneySlot)(&l.NetAmount) }},
	{name: "gross_amount", in: both, required: MDS, rests: vital, mds: 8, at: func(l *Line) slot { return (*moneySlot)(&l.GrossAmount) }},
	{name: "discount_amount", older: "discountAmount", in: both, rests: vital, mds: 13, at: func(l *Line) slot { return (*moneySlot)(&l.DiscountAmount) }},
	{name: "discount_pct", in: both, mds: 14, at: func(l *Line) slot { return (*moneySlot)(&l.DiscountPct) }},
	{name: "price_group_id", in: both, at: func(l *Line) slot { return (*idSlot)(&l.PriceGroupID) }},
	{name: "price_group_name", in: both, at: func(l *Line) slot { return (*textSlot)(&l.PriceGroupName) }},
	{name: "account_id", in: both, at: func(l *Line) slot { return (*idSlot)(&l.AccountID) }},
	{name: "line_item_guid", in: both, at: func(l *Line) slot { return (*guidSlot)(&l.LineItemGUID) }},
	{name: "line_added_time", in: both, at: func(l *Line) slot { return (*timeSlot)(&l.LineAddedTime) }},
	{name: "parent_solid", older: "parentSolid", in: both, rests: much, at: func(l *Line) slot { return (*lineSlot)(&l.ParentSOLID) }},
	{name: "comment", in: both, at: func(l *Line) slot { return (*textSlot)(&l.Comment) }},
	{name: "solid", in: MDS, required: MDS, mds: 1, at: func(l *Line) slot { return (*idSlot)(&l.SOLID) }},
	{name: "article_ext_num", in: MDS, mds: 4, at: func(l *Line) slot { return (*codeSlot)(&l.ArticleExtNum) }},
	{name: "tax_pct_value", in: MDS, required: MDS, mds: 6, at: func(l *Line) slot { return (*moneySlot)(&l.TaxPctValue) }},
	{name: "base_net_amount", in: MDS, rests: vital, mds: 9, at: func(l *Line) slot { return (*moneySlot)(&l.BaseNetAmount) }},
	{name: "base_gross_amount", in: MDS, rests: vital, mds: 10, at: func(l *Line) slot { return (*moneySlot)(&l.BaseGrossAmount) }},
	{name: "total_net_amount", in: MDS, rests: vital, mds: 11, at: func(l *Line) slot { return (*moneySlot)(&l.TotalNetAmount) }},
	{name: "total_gross_amount", in: MDS, rests: vital, mds: 12, at: func(l *Line) slot { return (*moneySlot)(&l.TotalGrossAmount) }},
	{name: "cost_price", in: MDS, rests: vital, mds: 15, at: func(l *Line) slot { return (*moneySlot)(&l.CostPrice) }},
})

// Unread returns the documented fields whose values are not of the documented
// form, with their JSON text. The fields are not set; the values are written
// again.
func (l Line) Unread() Extra { return lineTable.unread(&l.meta) }

// IsChild reports whether the line belongs to another one, such as extra cheese
// to a burger.
func (l Line) IsChild() bool { return l.ParentSOLID != "" && l.ParentSOLID != "0" }

// String returns shape, article, quantity and gross amount.
func (l Line) String() string {
	return fmt.Sprintf("%s line, article %d, quantity %s, gross %s", l.Shape, l.ArticleID, l.Quantity, l.GrossAmount)
}

// Format prints [Line.String] for every verb.
func (l Line) Format(f fmt.State, verb rune) { label.Print(f, verb, l.String()) }

// LogValue returns [Line.String] for slog.
func (l Line) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalJSON always fails. [MarshalOrder] writes the record.
func (l Line) MarshalJSON() ([]byte, error) { return nil, errNotForJSON }

// String returns shape, id, type and the numbers of payments, lines and faults.
func (o Order) String() string {
	return fmt.Sprintf("%s order %s, type %q, payments: %d, lines: %d, faults: %d",
		o.Shape, o.ID, string(o.Type), len(o.Payments), len(o.Lines), len(o.Faults))
}

// Format prints [Order.String] for every verb.
func (o Order) Format(f fmt.State, verb rune) { label.Print(f, verb, o.String()) }

// LogValue returns [Order.String] for slog.
func (o Order) LogValue() slog.Value { return slog.StringValue(o.String()) }

// MarshalJSON always fails. [MarshalOrder] writes the record.
func (o Order) MarshalJSON() ([]byte, error) { return nil, errNotForJSON }
