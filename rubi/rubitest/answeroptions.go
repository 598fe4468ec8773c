package rubitest

import "slices"

// AnswerForm is how code and message are wrapped in JSON. The documentation
// only says that both have to be parsed; it shows no answer.
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

// AnswerForms lists all forms, for table tests.
func AnswerForms() []AnswerForm {
	return []AnswerForm{AnswerText, AnswerObject, AnswerNative, AnswerSingle, AnswerSingleText, AnswerNested, AnswerTexts}
}

// WithAnswers sets the form of answers, [AnswerText] by default.
func WithAnswers(form AnswerForm) Option { return func(s *settings) { s.answer = form } }

// WithOddEnvelope writes the names of the envelope in another case and the code
// with blanks around it.
func WithOddEnvelope() Option { return func(s *settings) { s.oddEnvelope = true } }

// WithPlainTextType declares answers as text/plain.
func WithPlainTextType() Option { return func(s *settings) { s.plainText = true } }

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

// WithBooleans sets the form of Booleans, [BooleanWord] by default.
func WithBooleans(form BooleanForm) Option { return func(s *settings) { s.boolean = form } }

// NoneForm is the message that says that there are no records.
type NoneForm int

// The messages for no records.
const (
	NoneList NoneForm = iota // an empty list, in the form of answers
	NoneText                 // ""
	NoneNull                 // null
)

// WithNone sets the message for no records, [NoneList] by default.
func WithNone(form NoneForm) Option { return func(s *settings) { s.none = form } }

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

// WithAmounts sets the form of amounts, [AmountText] by default.
func WithAmounts(form AmountForm) Option { return func(s *settings) { s.amounts = form } }

// WithNumericTransactionIDs makes TransactionIDs JSON numbers. By default they
// are texts such as "T-1001".
func WithNumericTransactionIDs() Option { return func(s *settings) { s.numericIDs = true } }

// BlankForm is how a record shows a text that is blank.
type BlankForm int

// The forms of a blank text.
const (
	BlankText    BlankForm = iota // ""
	BlankNull                     // null
	BlankMissing                  // no key
)

// WithBlanks sets how records show blank texts, [BlankText] by default.
func WithBlanks(form BlankForm) Option { return func(s *settings) { s.blanks = form } }

// ListForm is how a record shows EmailBCC and EmailAttachments.
type ListForm int

// The forms of a list inside of a record.
const (
	ListJSON    ListForm = iota // ["office@example.org"]
	ListText                    // "[\"office@example.org\"]"
	ListEmpty                   // ""
	ListNull                    // null
	ListMissing                 // no key
)

// WithEmailLists sets the form of EmailBCC and EmailAttachments, [ListJSON] by
// default.
func WithEmailLists(form ListForm) Option { return func(s *settings) { s.emailLists = form } }

// WithSwappedDetails names the description ItemDetail in baskets and
// ItemDetails in payments. The documentation has it the other way round.
func WithSwappedDetails() Option { return func(s *settings) { s.swapped = true } }

// WithUnknownField adds a key to every record, as a later version of the vendor
// may. value is JSON.
func WithUnknownField(name string, value []byte) Option {
	return func(s *settings) { s.unknownName, s.unknownValue = name, slices.Clone(value) }
}

// CardGUID is the ItemGUID of the one record that answers a CardPayment over
// several items. The vendor's is unknown.
type CardGUID int

// The forms of a card record's ItemGUID.
const (
	CardGUIDEmpty  CardGUID = iota // ""
	CardGUIDFirst                  // that of the first item
	CardGUIDJoined                 // all, with commas between them
)

// WithCardGUID sets the ItemGUID of card records, [CardGUIDEmpty] by default.
func WithCardGUID(form CardGUID) Option { return func(s *settings) { s.cardGUID = form } }
