package rubitest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// requestClauses are about the form of a request. All of them send UserBasket,
// which only reads.
func requestClauses() []paymenttest.Clause {
	badLogin := needs(paymenttest.BadLogin)
	return []paymenttest.Clause{
		clause("request.documented", "The body is one form value under an empty name: JSON text of an array of texts.", doc, pageBook+", and the page of api/UserBasket", 1,
			"reads the reader's basket with the sample's body", documentedBasket().Probe, objects(ObjectReader)),
		clause("request.post", "Only POST is accepted, GET is 405.", reasoned, pageRoot+" (for other calls)", 1, "sends a GET for a basket", probeGet),
		clause("request.unknown-method", "A method that does not exist is 404.", reasoned, "the vendor's platform", 1, "sends "+unknownMethod, probeUnknownMethod),
		clause("request.method-case", "Methods are found in any letter case.", reasoned, "the vendor's platform", 1, "reads the reader's basket as USERBASKET",
			probeSame(func(uid string) paymenttest.Raw { return rawCall("USERBASKET", uid, "") }), objects(ObjectReader)),
		clause("request.id-case", "Ids are found in any letter case.", reasoned, "they are GUIDs", 1, "reads the reader's basket by its id in capitals",
			probeSame(func(uid string) paymenttest.Raw { return rawCall(OpUserBasket, strings.ToUpper(uid), "") }), objects(ObjectReader)),
		clause("request.count", "A list with an element too few or too many is refused.", reasoned, pageRoot, 2, "sends UserBasket without Item, and with one element more",
			probeNo(what{"a list without Item", rawList(OpUserBasket, []string{noSuchMember, keyPlace})},
				what{"a list with one element more", rawCall(OpUserBasket, noSuchMember, "", "")})),
		clause("request.texts", "An element that is a number is refused: all elements are texts.", doc, pageRoot, 1, "sends UserBasket with a number as uid",
			probeNo(what{"a number", rawList(OpUserBasket, []any{7, "", keyPlace})})),
		clause("request.array", "A value that is not an array is refused.", doc, pageBook, 2, "sends UserBasket with an object, and with a text",
			probeNo(what{"an object", rawList(OpUserBasket, map[string]string{"uid": noSuchMember, "Item": "", "APIKey": keyPlace})},
				what{"a text", rawList(OpUserBasket, noSuchMember)})),
		clause("request.empty-name", "The form name has to be empty.", doc, pageBook, 1, "sends UserBasket under the name value",
			probeNo(what{"a named form value", rawForm(OpUserBasket, "value="+url.QueryEscape(string(emulator.Encode([]string{noSuchMember, "", keyPlace}))))})),
		clause("request.json-body", "A body of application/json is refused.", reasoned, "the vendor's platform may accept it", 1, "sends UserBasket as a JSON string",
			probeJSONBody, decides("jsonBody")),
		clause("request.blank", "A starred element cannot be blank, and white space is blank.", doc, pageBasket+"; white space is inferred", 2, "sends UserBasket with a blank uid, and with one of white space",
			probeNo(what{"a blank uid", rawCall(OpUserBasket, "", "")}, what{"a uid of white space", rawCall(OpUserBasket, "  ", "")})),
		clause("request.length", "A uid of more than 50 characters is refused, one of 50 is not.", doc, pagePayment, 2, "sends UserBasket with two long uids",
			probeLength(strings.Repeat("x", 50), strings.Repeat("x", 51))),
		clause("request.length-unit", "Lengths count UTF-16 units.", reasoned, "the vendor's platform", 2, "sends UserBasket with two uids of letters of two units",
			probeLength(strings.Repeat("\U0001d4b3", 25), strings.Repeat("\U0001d4b3", 26))),
		clause("request.wrong-key", "A wrong key is refused with code 401.", reasoned, noPage, 1, "sends UserBasket with an invented key", probeWrongKey, badLogin),
		clause("request.key-last", "The API key is the last element, and nowhere else.", doc, pageRoot, 1, "sends UserBasket with the key in front",
			probeNo(what{"a list with the key in front", rawList(OpUserBasket, []string{keyPlace, noSuchMember, ""})}), badLogin),
		clause("request.no-key", "A blank key is refused with code 401.", reasoned, noPage, 1, "sends UserBasket with a blank key", probeNoKey, badLogin),
		clause("user.documented", "The vendor's sample call of api/User is answered with code 200.", doc, pageBook, 1, "sends the sample for the sandbox contact; no page says whether it changes something",
			probeUser, needs(paymenttest.Write), objects(ObjectContact)),
	}
}

// The vendor's sample of a body, and one of api/UserBasket in the same form.
const (
	sampleContact    = "11111111-2222-3333-4444-555555555555"
	sampleUserBody   = "=%5B%2211111111-2222-3333-4444-555555555555%22%2C%22UserCompany%22%2C%22%5B%7B%5C%22uid%5C%22%3A%5C%2211111111-2222-3333-4444-555555555555%5C%22%7D%5D%22%2C%22KEY%22%5D"
	sampleBasketBody = "=%5B%2211111111-2222-3333-4444-555555555555%22%2C%22Bookings%22%2C%22KEY%22%5D"
)

func documentedBasket() paymenttest.DocumentedExchange {
	raw := rawForm(OpUserBasket, sampleBasketBody)
	return paymenttest.DocumentedExchange{
		Method: raw.Method, Path: raw.Path, Header: raw.Header, Body: sampleBasketBody, Status: http.StatusOK, Answer: `"string|object"`,
		Placeholders: map[string]string{sampleContact: ObjectReader},
	}
}

func probeUser(ctx context.Context, t *paymenttest.Trial) error {
	w := t.Writing("the vendor's sample call of api/User")
	a, err := askRaw(ctx, t, rawForm("User", strings.ReplaceAll(sampleUserBody, sampleContact, url.QueryEscape(t.Object(ObjectContact)))))
	if err != nil {
		return err
	}
	w.Undo()
	if !a.succeeded() {
		return t.Differs(a.place(""), "code %s", a.word())
	}
	return nil
}

func probeGet(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Get(ctx, apiPath+OpUserBasket)
	if err != nil {
		return err
	}
	return t.WantStatus(e, http.StatusMethodNotAllowed)
}

func probeUnknownMethod(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Send(ctx, rawCall(unknownMethod, noSuchMember))
	if err != nil {
		return err
	}
	return t.WantStatus(e, http.StatusNotFound)
}

// probeSame reads the reader's basket in another spelling.
func probeSame(spell func(uid string) paymenttest.Raw) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		a, err := askRaw(ctx, t, spell(t.Object(ObjectReader)))
		if err != nil {
			return err
		}
		_, rows, err := recordsOf(t, a)
		if err == nil && len(rows) != 2 {
			err = t.Differs(a.place(""), "%d items, not 2", len(rows))
		}
		return err
	}
}

func probeJSONBody(ctx context.Context, t *paymenttest.Trial) error {
	raw := rawCall(OpUserBasket, noSuchMember, "")
	raw.Header = http.Header{"Content-Type": {"application/json; charset=UTF-8"}}
	raw.Body = emulator.Encode(string(emulator.Encode([]string{noSuchMember, "", keyPlace})))
	a, err := askRaw(ctx, t, raw)
	if err != nil {
		return err
	}
	t.See("code %s", a.word())
	if !a.succeeded() {
		t.Fact("jsonBody", false)
		return wantNo(t, a, "a JSON body")
	}
	t.Fact("jsonBody", true)
	return nil
}

// probeLength sends a uid that is as long as it can be, and one that is too
// long. The contact of the first is not known, which is no refusal.
func probeLength(fits, long string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		if _, _, err := askRows(ctx, t, OpUserBasket, fits, ""); err != nil {
			return err
		}
		return probeNo(what{fmt.Sprintf("a uid of %d units", length(long)), rawCall(OpUserBasket, long, "")})(ctx, t)
	}
}

func probeWrongKey(ctx context.Context, t *paymenttest.Trial) error {
	raw := rawCall(OpUserBasket, noSuchMember, "")
	raw.Sign = putKey("contract-wrong-key")
	a, err := askRaw(ctx, t, raw)
	if err != nil {
		return err
	}
	return wantUnauthorized(t, a)
}

func probeNoKey(ctx context.Context, t *paymenttest.Trial) error {
	a, err := askRaw(ctx, t, rawList(OpUserBasket, []string{noSuchMember, "", ""}))
	if err != nil {
		return err
	}
	return wantUnauthorized(t, a)
}

func wantUnauthorized(t *paymenttest.Trial, a told) error {
	t.See("code %s", a.word())
	if a.word() != "401" {
		return t.Differs(a.place("")+" $.ResponseCode", "code %s, not 401", a.word())
	}
	return nil
}
