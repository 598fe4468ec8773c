package salesdata

import "github.com/tenderkit/tenderkit/payment"

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

var lineSchema = newSchema([]field[Line]{
	{name: "article_id", legacy: "articleId", is: id, in: both, required: MDS, at: func(l *Line) any { return &l.ArticleID }},
	{name: "article_name", in: both, required: MDS, at: func(l *Line) any { return &l.ArticleName }},
	{name: "quantity", is: money, in: both, required: MDS, at: func(l *Line) any { return &l.Quantity }},
	{name: "net_amount", is: money, in: both, required: MDS, at: func(l *Line) any { return &l.NetAmount }},
	{name: "gross_amount", is: money, in: both, required: MDS, at: func(l *Line) any { return &l.GrossAmount }},
	{name: "discount_amount", legacy: "discountAmount", is: money, in: both, at: func(l *Line) any { return &l.DiscountAmount }},
	{name: "discount_pct", is: money, in: both, at: func(l *Line) any { return &l.DiscountPct }},
	{name: "price_group_id", is: id, in: both, at: func(l *Line) any { return &l.PriceGroupID }},
	{name: "price_group_name", in: both, at: func(l *Line) any { return &l.PriceGroupName }},
	{name: "account_id", is: id, in: both, at: func(l *Line) any { return &l.AccountID }},
	{name: "line_item_guid", is: guid, in: both, at: func(l *Line) any { return &l.LineItemGUID }},
	{name: "line_added_time", is: moment, in: both, at: func(l *Line) any { return &l.LineAddedTime }},
	{name: "parent_solid", legacy: "parentSolid", is: lineID, in: both, at: func(l *Line) any { return &l.ParentSOLID }},
	{name: "comment", in: both, at: func(l *Line) any { return &l.Comment }},
	{name: "solid", is: id, in: MDS, required: MDS, at: func(l *Line) any { return &l.SOLID }},
	{name: "article_ext_num", is: textID, in: MDS, at: func(l *Line) any { return &l.ArticleExtNum }},
	{name: "tax_pct_value", is: money, in: MDS, required: MDS, at: func(l *Line) any { return &l.TaxPctValue }},
	{name: "base_net_amount", is: money, in: MDS, at: func(l *Line) any { return &l.BaseNetAmount }},
	{name: "base_gross_amount", is: money, in: MDS, at: func(l *Line) any { return &l.BaseGrossAmount }},
	{name: "total_net_amount", is: money, in: MDS, at: func(l *Line) any { return &l.TotalNetAmount }},
	{name: "total_gross_amount", is: money, in: MDS, at: func(l *Line) any { return &l.TotalGrossAmount }},
	{name: "cost_price", is: money, in: MDS, at: func(l *Line) any { return &l.CostPrice }},
}, []string{
	"solid", "article_id", "article_name", "article_ext_num", "quantity", "tax_pct_value", "net_amount", "gross_amount",
	"base_net_amount", "base_gross_amount", "total_net_amount", "total_gross_amount", "discount_amount", "discount_pct", "cost_price",
}, func(l *Line) *metadata { return &l.meta })

// IsChild reports that the line belongs to another one, such as extra cheese
// to a burger.
func (l Line) IsChild() bool { return l.ParentSOLID != "" && l.ParentSOLID != "0" }
