package spektrixtest

import "time"

// Facts are the points that the vendor's documentation leaves open, or that
// were inferred. The zero value of each field is the default of the contract
// sheet. [WithFacts] sets them in an emulator. Each names the clause of [Contract]
// that finds it out.
type Facts struct {
	// PaymentAnswer is what a posted payment is answered with. The vendor
	// documents two forms, one object and an array; what an array holds is
	// unknown. Clause payment.answer.
	PaymentAnswer PaymentAnswer

	// TruncatedEcho reports whether that answer shows an amount of 10.40 as 10.0,
	// as in the vendor's documentation. It is taken for a careless sample. The
	// payment is stored as it was sent. Clause payment.echo-amount.
	TruncatedEcho bool

	// PaymentList is how the list of a basket's payments is answered. It is
	// documented, in one page of the endpoint reference. Clause list.documented.
	PaymentList PaymentList

	// PaymentListLag is how many reads of the list do not show a new payment.
	// Unknown. Clause list.lag.
	PaymentListLag int

	// ListAfterConfirm reports whether a confirmed basket still lists its
	// payments. Unknown; by default the list is 404. Clause after.list.
	ListAfterConfirm bool

	// ListWithoutAttributes reports whether the list leaves the attributes out.
	// The documentation shows them. Clause list.attributes.
	ListWithoutAttributes bool

	// BasketPayments is how a basket shows its payments. The member is
	// documented, what it holds without $expand is unknown. Clause basket.payments.
	BasketPayments BasketPayments

	// CreationPayments is what becomes of payments in the request that creates a
	// basket. They are documented. Clause basket.creation-payments.
	CreationPayments CreationPayments

	// TypeCommission is what the commission of a payment type does
	// ([PaymentType].Commission). That there is one is documented, its effect
	// through the API is unknown. Clause confirm.type-commission.
	TypeCommission TypeCommission

	// TotalWithoutCommission reports whether a basket's total leaves out the
	// transaction commission, which has to be paid all the same. Unknown. Clause basket.read.
	TotalWithoutCommission bool

	// FallingTotal reports whether a basket's total is less what has been paid.
	// Unknown. Clause basket.total-after-payment.
	FallingTotal bool

	// UndefinedAttributes is what becomes of an attribute that the payment type
	// does not define. Unknown. Clause payment.undefined-attribute.
	UndefinedAttributes AttributeRule

	// TrimsValues reports whether the values of attributes lose white space at
	// their ends. Unknown. Clause payment.outer-blanks.
	TrimsValues bool

	// RefusesOverpayment reports whether a payment that takes the sum over the
	// total is refused when it is posted. Unknown; by default the confirm
	// refuses. Clause payment.over-total.
	RefusesOverpayment bool

	// ShortConfirm is the answer to a confirm of a basket whose payments do not
	// cover it. 409 with code 11 is documented. Clause confirm.short.
	ShortConfirm ShortConfirm

	// ValueConfirm is the answer to a confirm of a basket of some value whose
	// payments cover it. Documented is that system owners confirm "zero-value
	// orders only"; that a balanced basket is one is inferred. Clause confirm.balanced.
	ValueConfirm ValueConfirm

	// CodeForm is how the code of a 409 is written. Unknown. Clauses confirm.short and
	// confirm.membership.
	CodeForm CodeForm

	// NoDeliveryRule reports whether tickets without a delivery can be confirmed.
	// Observed is that they cannot. Clause confirm.delivery.
	NoDeliveryRule bool

	// ConfirmAnswer is what a confirm is answered with. An order is documented. Clause
	// confirm.answer.
	ConfirmAnswer ConfirmAnswer

	// SecondConfirm is what a second confirm of a basket does. Unknown. Clause
	// after.confirm.
	SecondConfirm SecondConfirm

	// ReadableAfterConfirm reports whether a confirmed basket can still be read.
	// Unknown; by default it is 404. Clause after.basket.
	ReadableAfterConfirm bool

	// OrderAttributes reports whether an order shows the attributes of its
	// payments. Unknown. Clause order.payments.
	OrderAttributes bool

	// OrderByBasketID reports whether an order can be read by the id of its
	// basket. Unknown. Clause after.order.
	OrderByBasketID bool

	// CustomerOrders is how a customer shows their orders. The member is
	// documented, what it holds is unknown. Clause customer.orders.
	CustomerOrders CustomerOrders

	// NoOrdersSync reports whether orders/sync does not exist. It is documented
	// as early access. Clause sync.documented.
	NoOrdersSync bool

	// UnauthorizedBody is what a 401 looks like. Unknown. Clause auth.unsigned.
	UnauthorizedBody UnauthorizedBody

	// ErrorCodes reports whether every refusal carries an errorCode, here one
	// that begins with "SIM-". Both forms have been observed. Clause
	// basket.missing.
	ErrorCodes bool

	// CreatedStatus reports whether a successful POST is answered with 201 in
	// place of 200. The vendor's success codes are unknown. Clause
	// basket.create.
	CreatedStatus bool

	// CapitalOrderID reports whether the id of an order is named Id. One client
	// has been seen to expect it. Clause order.form.
	CapitalOrderID bool

	// Times is how times are written. All forms have been observed. Clause
	// order.times.
	Times TimeForm

	// ZoneOffset is how far the venue's clock, which the times show, is ahead of
	// UTC. Unknown. Clause order.times.
	ZoneOffset time.Duration

	// DateWindow is how far the Date of a request may be from the clock, before
	// or after. The vendor's own width is unknown; 0 stands for 5 minutes.
	// Clause auth.date-window.
	DateWindow time.Duration
}

// PaymentAnswer is the form of the answer to a posted payment.
type PaymentAnswer int

// The forms of the answer.
const (
	AnswersObject           PaymentAnswer = iota
	AnswersArray                          // of the new payment
	AnswersArrayNewestLast                // of all payments of the basket
	AnswersArrayNewestFirst               // of all payments of the basket
)

// PaymentList says whether there is a list of a basket's payments.
type PaymentList int

// The answers to a read of the list.
const (
	ListsPayments    PaymentList = iota
	ListNotAllowed               // 405
	ListDoesNotExist             // 404, for every basket
)

// BasketPayments is the member customPayments of a basket.
type BasketPayments int

// The forms of the member.
const (
	BasketShowsPayments BasketPayments = iota
	BasketShowsStubs                   // {"id":"…"}
	BasketShowsNone                    // the member is missing
)

// CreationPayments is what becomes of payments in a creation.
type CreationPayments int

// The fates of such payments.
const (
	StoresCreationPayments CreationPayments = iota
	IgnoresCreationPayments
	RefusesCreationPayments // 400
)

// TypeCommission is the effect of a payment type's commission.
type TypeCommission int

// The effects of the commission.
const (
	NoTypeCommission TypeCommission = iota
	AddsToTotal                     // the payment raises the basket's total
	TakesFromAmount                 // the payment counts for less than its amount
)

// AttributeRule is what becomes of an attribute that the type does not define.
type AttributeRule int

// The fates of an undefined attribute.
const (
	RefuseUndefined AttributeRule = iota // 400
	DropUndefined
	StoreUndefined
)

// ShortConfirm is the answer to a confirm of a basket that is not covered.
type ShortConfirm int

// The answers.
const (
	ShortIsConflict ShortConfirm = iota // 409 with code 11
	ShortIsInvalid                      // 400
	ShortIsConfirmed
)

// ValueConfirm is the answer to a confirm of a covered basket of some value.
type ValueConfirm int

// The answers.
const (
	ValueIsConfirmed ValueConfirm = iota
	ValueIsConflict               // 409 with code 11
	ValueIsInvalid                // 400
)

// CodeForm is how the code of a 409 is written.
type CodeForm int

// The forms of a code.
const (
	NumberCode CodeForm = iota
	TextCode
	NoCode
)

// ConfirmAnswer is the answer to a confirm.
type ConfirmAnswer int

// The answers to a confirm.
const (
	ConfirmGivesOrder   ConfirmAnswer = iota
	ConfirmGivesBasket                // as it was, with its own id
	ConfirmGivesNothing               // 204
)

// SecondConfirm is the outcome of a second confirm.
type SecondConfirm int

// The outcomes of a second confirm.
const (
	SecondConfirmNotFound  SecondConfirm = iota // 404
	SecondConfirmInvalid                        // 400
	SecondConfirmConflict                       // 409 without a code
	SecondConfirmSameOrder                      // the answer of the first
	SecondConfirmNewOrder                       // the worst case: another order with the same payments
)

// CustomerOrders is the member orders of a customer.
type CustomerOrders int

// The forms of the member.
const (
	CustomerShowsOrders CustomerOrders = iota
	CustomerShowsStubs                 // {"id":"…"}
	CustomerShowsNone                  // the member is missing
)

// UnauthorizedBody is the body of a 401.
type UnauthorizedBody int

// The bodies of a 401.
const (
	UnauthorizedJSON UnauthorizedBody = iota
	UnauthorizedEmpty
	UnauthorizedHTML
)

// TimeForm is how times are written.
type TimeForm int

// The forms of a time.
const (
	TimesWithoutZone TimeForm = iota // 2026-05-29T19:00:00, wall time
	TimesWithTicks                   // 2024-06-01T00:00:00.0000000, wall time
	TimesWithOffset                  // 2024-01-31T22:45:56.2997626+00:00
)
