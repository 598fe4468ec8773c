package spektrixtest

// UnauthorizedBody is what a 401 looks like, which is unknown.
type UnauthorizedBody int

// The bodies of a 401; JSON is the default.
const (
	UnauthorizedJSON UnauthorizedBody = iota
	UnauthorizedEmpty
	UnauthorizedHTML
)

// AttributeRule is what becomes of a payment attribute that the type does not
// define, which is unknown.
type AttributeRule int

// The fates of an undefined attribute; a 400 is the default.
const (
	RefuseUndefined AttributeRule = iota
	DropUndefined
	StoreUndefined
)

// ConfirmAnswer is what a confirm gives back, which is unknown.
type ConfirmAnswer int

// The answers of a confirm; the order is the default.
const (
	ConfirmGivesOrder   ConfirmAnswer = iota
	ConfirmGivesBasket                // as it was, with its own id
	ConfirmGivesNothing               // 204
)

// SecondConfirm is what happens when a confirmed basket is confirmed again,
// which is unknown.
type SecondConfirm int

// The outcomes of a second confirm; a 400 is the default.
const (
	SecondConfirmRefused SecondConfirm = iota
	SecondConfirmSameOrder
	SecondConfirmNewOrder // the worst case: another order with the same payments
)

// TimeForm is how times are written; all forms have been observed.
type TimeForm int

// The forms of a time.
const (
	TimesWithoutZone TimeForm = iota // 2026-05-29T19:00:00, wall time; the default
	TimesWithTicks                   // 2024-06-01T00:00:00.0000000, wall time
	TimesWithOffset                  // 2024-01-31T22:45:56.2997626+00:00
)

// WithUnauthorizedBody sets what a 401 looks like.
func WithUnauthorizedBody(b UnauthorizedBody) Option {
	return func(s *settings) { s.unauthorized = b }
}

// WithUndefinedAttributes sets what becomes of an undefined payment attribute.
func WithUndefinedAttributes(rule AttributeRule) Option {
	return func(s *settings) { s.attributes = rule }
}

// WithConfirmAnswer sets what a confirm gives back.
func WithConfirmAnswer(a ConfirmAnswer) Option { return func(s *settings) { s.confirmAnswer = a } }

// WithSecondConfirm sets what a second confirm does.
func WithSecondConfirm(c SecondConfirm) Option { return func(s *settings) { s.secondConfirm = c } }

// WithTimes sets how times are written.
func WithTimes(form TimeForm) Option { return func(s *settings) { s.times = form } }

// WithTotalWithoutCommission leaves the transaction commission out of a
// basket's total, and so out of what has to be paid. Unknown for the vendor; by
// default it is in.
func WithTotalWithoutCommission() Option { return func(s *settings) { s.commissionExcluded = true } }

// WithFallingTotal shows a basket's total less what has been paid. Unknown for
// the vendor; by default the total stays.
func WithFallingTotal() Option { return func(s *settings) { s.fallingTotal = true } }

// WithOverpaymentRefused refuses a payment that takes the sum over the total
// when it is posted. By default only the confirm refuses.
func WithOverpaymentRefused() Option { return func(s *settings) { s.overpaymentRefused = true } }

// WithValueConfirmRefused refuses to confirm a basket whose total is not zero,
// paid or not: the narrow reading of the vendor's rule that only orders of zero
// value can be confirmed.
func WithValueConfirmRefused() Option { return func(s *settings) { s.valueConfirmRefused = true } }

// WithConfirmedBasketsReadable keeps confirmed baskets readable. By default
// they are 404; what the vendor does is unknown.
func WithConfirmedBasketsReadable() Option { return func(s *settings) { s.confirmedReadable = true } }

// WithTruncatedEcho answers a payment of 10.40 with an amount of 10.0, as the
// vendor's documentation shows it. The payment is stored as it was sent.
func WithTruncatedEcho() Option { return func(s *settings) { s.truncatedEcho = true } }

// WithOrderPaymentAttributes shows the attributes of a payment in the order.
// Unknown for the vendor; by default they are left out.
func WithOrderPaymentAttributes() Option { return func(s *settings) { s.orderAttributes = true } }

// WithCapitalOrderID names the id of an order Id, which one client has been
// seen to expect.
func WithCapitalOrderID() Option { return func(s *settings) { s.capitalOrderID = true } }
