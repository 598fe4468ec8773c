package rubitest

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// answerClauses are about the form of an answer. All of them read the basket of
// the reader, which holds one booking and one subscription, or send what is
// refused.
func answerClauses() []paymenttest.Clause {
	reader := objects(ObjectReader)
	return []paymenttest.Clause{
		clause("answer.layers", "An answer is JSON text of an object whose code and message are texts, the message one of an array.", reasoned, pageBook+" parses three times", 1,
			"reads the reader's bookings", probeLayers, reader, decides("answer")),
		clause("answer.names", "An answer has ResponseCode and ResponseMessage, spelled so, and a code without blanks.", doc, pageBook, 1, "reads the reader's bookings", probeNames, reader, decides("oddEnvelope")),
		clause("answer.type", "An answer is declared as application/json.", open, noPage, 1, "reads the reader's bookings", probeType, reader, decides("plainText")),
		clause("answer.refusal-status", "A refusal has HTTP status 200.", open, noPage, 1, "sends UserBasket with a wrong Item", probeRefusalStatus, decides("httpStatuses")),
		clause("answer.none", "No records are an empty array.", doc, pageCheck+"; for other calls inferred", 1, "asks EmailCheck for an address that nobody has", probeNone, decides("none"),
			option("match rubi.ErrBlankAnswer")),
		clause("answer.amounts", "An amount is a text with two decimals.", doc, pagePayment+" writes 0.00; type and separators are unknown", 1, "reads the reader's subscription", probeAmounts, reader, decides("amounts"),
			option("Config.ParseAmount")),
		clause("answer.blanks", "A blank member is there, as a blank text.", open, noPage, 1, "reads the reader's booking", probeBlanks, reader, decides("blanks")),
		clause("answer.details", "The description is ItemDetails in a basket.", doc, pageBasket, 1, "reads the reader's booking", probeDetails, reader, decides("swappedDetails")),
		clause("answer.members", "A basket record has no member that is not documented.", open, noPage, 1, "reads the reader's basket", probeMembers, reader, decides("unknownMember")),
	}
}

func probeLayers(ctx context.Context, t *paymenttest.Trial) error {
	a, _, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	form, ok := a.form()
	if !ok {
		return t.Differs(a.place(""), "code and message are wrapped in a way that no AnswerForm has")
	}
	_, native := a.code.(json.Number)
	odd := strings.TrimSpace(a.word()) != a.code && !native
	if !odd && native != (Facts{Answer: form}).native() && a.names[0] == "ResponseCode" {
		return t.Differs(a.exchange.Place()+" $.ResponseCode", "a number: %t, with a message of another form", native)
	}
	t.Fact("answer", form)
	return nil
}

// form returns the form of an answer that holds one record.
func (a told) form() (AnswerForm, bool) {
	_, text := a.message.(string)
	switch value := unlayer(a.message).(type) {
	case map[string]any:
		if text {
			return AnswerSingleText, !a.layered
		}
		return AnswerSingle, !a.layered
	case []any:
		if len(value) != 1 {
			return 0, false
		}
		switch value[0].(type) {
		case map[string]any:
			if !text {
				return AnswerNative, !a.layered
			} else if a.layered {
				return AnswerText, true
			}
			return AnswerObject, true
		case []any:
			return AnswerNested, text && !a.layered
		case string:
			return AnswerTexts, !text && !a.layered
		}
	}
	return 0, false
}

func probeNames(ctx context.Context, t *paymenttest.Trial) error {
	a, _, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	code, isText := a.code.(string)
	t.See("%s and %s", a.names[0], a.names[1])
	t.Fact("oddEnvelope", a.names != [2]string{"ResponseCode", "ResponseMessage"} || isText && code != a.word())
	return nil
}

func probeType(ctx context.Context, t *paymenttest.Trial) error {
	a, _, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	switch media, _, _ := mime.ParseMediaType(a.exchange.Header.Get("Content-Type")); media {
	case "application/json":
		t.Fact("plainText", false)
	case "text/plain":
		t.Fact("plainText", true)
	default:
		return t.Differs(a.place(""), "declared as %q", media)
	}
	return nil
}

func probeRefusalStatus(ctx context.Context, t *paymenttest.Trial) error {
	a, err := ask(ctx, t, OpUserBasket, noSuchMember, "Contract")
	if err != nil {
		return err
	}
	if err := wantNo(t, a, "a wrong Item"); err != nil {
		return err
	}
	t.See("HTTP status %d, code %s", a.exchange.Status, a.word())
	t.Fact("httpStatuses", a.exchange.Status != http.StatusOK)
	return nil
}

func probeNone(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpEmailCheck, "contract-nobody@example.invalid")
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return t.Differs(a.place(""), "%d records for an address that nobody has", len(rows))
	}
	switch unlayer(a.message).(type) {
	case nil:
		t.Fact("none", NoneNull)
	case string:
		t.Fact("none", NoneText)
	default:
		t.Fact("none", NoneList)
		return nil
	}
	t.Advise("take an error that matches rubi.ErrBlankAnswer for an empty list: no records are a blank message")
	return nil
}

func probeAmounts(ctx context.Context, t *paymenttest.Trial) error {
	a, row, err := readerItem(ctx, t, "Subscriptions")
	if err != nil {
		return err
	}
	form, ok := amountForm(row["ItemTotal"])
	if !ok {
		return t.Differs(a.place("[].ItemTotal"), "not an amount in any known form")
	}
	if total, _ := sumIn(row, "ItemTotal"); form == AmountText && total.String() == textIn(row, "ItemTotal") && len(total.String()) < len("1000.00") {
		return t.NotDecidable("the subscription costs less than 1,000.00, so separators do not show")
	}
	t.Fact("amounts", form)
	if form == AmountGrouped || form == AmountBlank {
		t.Advise("set Config.ParseAmount, which has to read what the installation writes")
	}
	return nil
}

// amountForm tells how an amount is written.
func amountForm(value any) (AmountForm, bool) {
	switch value := value.(type) {
	case json.Number:
		return AmountNumber, true
	case string:
		_, decimals, _ := strings.Cut(value, ".")
		_, err := payment.ParseAmount(strings.ReplaceAll(value, ",", ""))
		switch {
		case strings.TrimSpace(value) == "":
			return AmountBlank, true
		case err != nil:
			return 0, false
		case strings.Contains(value, ","):
			return AmountGrouped, true
		case len(decimals) == 4:
			return AmountFour, true
		}
		return AmountText, len(decimals) == 2
	}
	return 0, false
}

// blankMembers are documented members of a booking that is as it was made.
func blankMembers() []string {
	return []string{"ItemInfo1", "ItemInfo2", "NamedGuestOrg", "NamedGuestName", "NamedGuestEmail"}
}

func probeBlanks(ctx context.Context, t *paymenttest.Trial) error {
	a, row, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	counts := map[BlankForm]int{}
	for _, name := range blankMembers() {
		switch value, there := row[name]; {
		case !there:
			counts[BlankMissing]++
		case value == nil:
			counts[BlankNull]++
		case value == "":
			counts[BlankText]++
		default:
			if _, isText := value.(string); !isText {
				return t.Differs(a.place("[]."+name), "not a text")
			}
		}
	}
	switch len(counts) {
	case 0:
		return t.NotDecidable("the reader's booking has a named guest, requests and notes: no member is blank")
	case 1:
		for form := range counts {
			t.Fact("blanks", form)
		}
		return nil
	}
	return t.Differs(a.place("[]"), "of %d blank members %d are missing and %d null", len(blankMembers()), counts[BlankMissing], counts[BlankNull])
}

func probeDetails(ctx context.Context, t *paymenttest.Trial) error {
	a, row, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	documented, swapped := textIn(row, "ItemDetails") != "", textIn(row, "ItemDetail") != ""
	if documented == swapped {
		return t.Differs(a.place("[].ItemDetails"), "there: %t; ItemDetail is there: %t", documented, swapped)
	}
	t.Fact("swappedDetails", swapped)
	return nil
}

func probeMembers(ctx context.Context, t *paymenttest.Trial) error {
	_, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	known := append(blankMembers(), "ItemGUID", "Item", "ItemDetails", "ItemDetail", "ItemContact", "ItemValue", "ItemTax", "ItemTaxRate", "ItemTotal",
		"ItemSaving", "ItemPotentialSaving", "ItemRateType", "eid")
	var more []string
	for _, row := range rows {
		for name := range row {
			if !slices.Contains(known, name) && !slices.Contains(more, name) {
				more = append(more, name)
			}
		}
	}
	slices.Sort(more)
	t.Fact("unknownMember", len(more) > 0)
	t.See("members that are not documented: %s", strings.Join(more, ", "))
	return nil
}
