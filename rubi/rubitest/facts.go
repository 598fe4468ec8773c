package rubitest

// Facts are the points that the vendor's documentation leaves open, or that
// were inferred. No traffic of the vendor is public, so nothing here was
// observed. The zero value of each field is the default of the contract sheet.
// [WithFacts] sets them in an emulator. The clause of [Contract] that each field
// names finds out how an installation is.
type Facts struct {
	// Answer is how code and message are wrapped in JSON. The vendor's sample
	// parses both and shows no answer; inferred. Clause answer.layers.
	Answer AnswerForm

	// OddEnvelope reports whether the envelope has names in another letter case
	// and a code with blanks around it. Unknown. Clause answer.names.
	OddEnvelope bool

	// PlainText reports whether answers are declared as text/plain. Unknown.
	// Clause answer.type.
	PlainText bool

	// HTTPStatuses reports whether a refusal has its code as HTTP status too. By
	// default it has 200. Unknown. Clause answer.refusal-status.
	HTTPStatuses bool

	// Booleans is how a Boolean call says True. The pages say True/False, bit and
	// Boolean. Clause booking.remove.
	Booleans BooleanForm

	// None is the message that says that there are no records. An empty list is
	// documented for api/EmailCheck and inferred for the others. Clause answer.none.
	None NoneForm

	// Amounts is how an amount stands in a record. "0.00" is documented; JSON
	// type, separators and further digits are unknown. Clause answer.amounts.
	Amounts AmountForm

	// NumericTransactionIDs reports whether a TransactionID is a JSON number. By
	// default it is a text such as "T-1001". Unknown. Clause card.record.
	NumericTransactionIDs bool

	// Blanks is how a record shows a text that is blank. Unknown.
	// Clause answer.blanks.
	Blanks BlankForm

	// EmailLists is how a record shows EmailBCC and EmailAttachments, which are
	// documented as arrays. Other pages write lists as JSON text.
	// Clause invoice.record.
	EmailLists ListForm

	// SwappedDetails reports whether the description is named ItemDetail in
	// baskets and ItemDetails in payments. The documentation has it the other way
	// round. Clause answer.details.
	SwappedDetails bool

	// UnknownMember reports whether every record has a member that is not
	// documented, as a later version of the vendor may. Clause answer.members.
	UnknownMember bool

	// JSONBody reports whether a request may have a body of application/json that
	// is a JSON string, beside the form. Inferred from the vendor's platform.
	// Clause request.json-body.
	JSONBody bool

	// CommaItems reports whether PaymentItems is a list of GUIDs with commas
	// between them, and not the JSON text of an array. The table says both
	// "array" and "String"; inferred. Clause card.documented.
	CommaItems bool

	// BlankAddresses reports whether address, e-mail address and telephone of a
	// UserPayment may be blank. The documented table forbids it; its help texts
	// read as if an address were needed only where it is not the company's.
	// Clause payment.address.
	BlankAddresses bool

	// ListsChecked reports whether a County or Country that is not a value of
	// PortalList is refused. The table asks for such a value; unknown.
	// Clause payment.lists.
	ListsChecked bool

	// NoInvoice and NoCardPayment report whether the client organisation has
	// forbidden the payment type (documented). Clause payment.types.
	NoInvoice     bool
	NoCardPayment bool

	// CardItemsLeave reports whether items leave the basket when they are
	// submitted as CardPayment. By default they stay until a StripeResult.
	// Unknown. Clause card.stay.
	CardItemsLeave bool

	// ItemsStay reports whether items stay in the basket after Invoice, Confirm
	// and a StripeResult, so that a second submission succeeds, and mails, again.
	// That paid items leave is documented. Clause invoice.leaves.
	ItemsStay bool

	// PaidAgain reports whether a UserPayment accepts items that have left the
	// basket because they are paid, so that a second submission succeeds, and
	// mails, again. Unknown. Clause invoice.again.
	PaidAgain bool

	// CardGUID is the ItemGUID of the one record that answers a CardPayment over
	// several items. Unknown. Clause card.item.
	CardGUID CardGUID

	// Repeat is the answer to a StripeResult for a transaction that is paid.
	// Unknown. Clause stripe.repeat.
	Repeat Repeat

	// StrictAmount reports whether a StripeResult is refused if its amount is not
	// the total of the transaction in minor units. Unknown. Clause stripe.amount.
	StrictAmount bool

	// NoStripeMail reports whether no mail is sent after a StripeResult. By
	// default one is sent for the first success. Unknown. Clause stripe.mail.
	NoStripeMail bool

	// FalseForUnknownItems reports whether Subscription and BookingUpdate answer
	// for an item that is not in the basket with code 200 and False. By default
	// with code 400. Unknown. Clause booking.remove-unknown.
	FalseForUnknownItems bool

	// Attendees is what PluginEventAttendees lists. Unknown.
	// Clause attendees.basket.
	Attendees Attendees
}

// WithFacts sets how the emulator behaves where the vendor's behaviour is not
// certain. A later WithFacts replaces an earlier one.
func WithFacts(f Facts) Option { return func(s *settings) { s.facts = f } }

// AnswerForm is how code and message are wrapped in JSON.
type AnswerForm int

// The forms of an answer, with M for the list of records.
const (
	AnswerText       AnswerForm = iota // "{\"ResponseCode\":\"200\",\"ResponseMessage\":\"M\"}": all as strings, the likeliest
	AnswerObject                       // {"ResponseCode":"200","ResponseMessage":"M"}
	AnswerNative                       // {"ResponseCode":200,"ResponseMessage":M}
	AnswerSingle                       // as AnswerNative, but one record stands without its list
	AnswerSingleText                   // as AnswerSingle, with the record as text
	AnswerNested                       // as AnswerObject, with the list in another list
	AnswerTexts                        // as AnswerNative, with each record as text
)

// AnswerForms returns all forms, for table tests.
func AnswerForms() []AnswerForm {
	return []AnswerForm{AnswerText, AnswerObject, AnswerNative, AnswerSingle, AnswerSingleText, AnswerNested, AnswerTexts}
}

// BooleanForm is how the answer of a Boolean call says True.
type BooleanForm int

// The forms of a Boolean. Where the form of answers has native values, all but
// the first are native.
const (
	BooleanWord   BooleanForm = iota // "True"
	BooleanJSON                      // "true"
	BooleanNumber                    // "1"
	BooleanList                      // "[true]"
)

// NoneForm is the message that says that there are no records.
type NoneForm int

// The messages for no records.
const (
	NoneList NoneForm = iota // an empty list, in the form of answers
	NoneText                 // ""
	NoneNull                 // null
)

// AmountForm is how an amount stands in a record.
type AmountForm int

// The forms of an amount.
const (
	AmountText    AmountForm = iota // "12.50"
	AmountNumber                    // 12.50
	AmountFour                      // "12.5000"
	AmountGrouped                   // "1,234.50"
	AmountBlank                     // ""
)

// BlankForm is how a record shows a text that is blank.
type BlankForm int

// The forms of a blank text.
const (
	BlankText    BlankForm = iota // ""
	BlankNull                     // null
	BlankMissing                  // no member
)

// ListForm is how a record shows EmailBCC and EmailAttachments.
type ListForm int

// The forms of a list inside of a record.
const (
	ListJSON    ListForm = iota // ["office@example.org"]
	ListText                    // "[\"office@example.org\"]"
	ListEmpty                   // ""
	ListNull                    // null
	ListMissing                 // no member
)

// CardGUID is the ItemGUID of the record of a card payment.
type CardGUID int

// The forms of a card record's ItemGUID.
const (
	CardGUIDEmpty  CardGUID = iota // ""
	CardGUIDFirst                  // that of the first item
	CardGUIDJoined                 // all, with commas between them
)

// Repeat is the answer to a StripeResult for a transaction that is paid.
type Repeat int

// The answers to a repeated StripeResult.
const (
	RepeatSame  Repeat = iota // the first answer again, without an effect
	RepeatError               // code 400
	RepeatMail                // the first answer again, and a second mail
)

// Attendees is what PluginEventAttendees lists.
type Attendees int

// The forms of PluginEventAttendees.
const (
	AttendeesAll    Attendees = iota // all bookings of the event, those in baskets included
	AttendeesBooked                  // without the bookings in baskets
	AttendeesAbsent                  // 404: this installation does not have the call
)
