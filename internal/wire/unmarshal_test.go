package wire

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

type found struct {
	ID     int64          `json:"id"`
	Amount payment.Amount `json:"paymentAmount"`
	Name   *string        `json:"name"`
	Odd    odd            `json:"odd"`
	Inner  struct {
		Flags []bool         `json:"flags"`
		Any   any            `json:"any"`
		Map   map[string]int `json:"map"`
	} `json:"inner"`
	Embedded
}

type Embedded struct {
	Note string `json:"note"`
}

// odd is a type that decodes itself and fails with the value in its text.
type odd struct{}

func (*odd) UnmarshalJSON(data []byte) error {
	if string(data) == `{}` {
		return nil
	}
	return errors.New("cannot read " + string(data))
}

// envelope decodes itself through Unmarshal.
type envelope struct{ list []found }

func (e *envelope) UnmarshalJSON(data []byte) error { return Unmarshal(data, &e.list) }

func TestUnmarshal(t *testing.T) {
	t.Parallel()
	var got []found
	err := Unmarshal([]byte(`[{"id":7,"paymentAmount":10.40,"name":null,"inner":{"any":{"x":1}},"note":"n"}]`), &got)
	if err != nil || got[0].ID != 7 || got[0].Amount.String() != "10.40" || got[0].Note != "n" {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestUnmarshalLocates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{`{"secret":1}`, `$ at byte 0: is an object where an array is due`},
		{`[{},{"id":"secret"}]`, `$[1].id at byte 10: is text where a number is due`},
		{`[{"id":1.5}]`, `$[0].id at byte 7: is not a number of the expected kind and size`},
		{`[{"id":99999999999999999999}]`, `$[0].id at byte 7: is not a number of the expected kind and size`},
		{`[{}, {"paymentAmount": "secret"}]`, `$[1].paymentAmount at byte 23: `},
		{`[{"name":5}]`, `$[0].name at byte 9: is a number where text is due`},
		{`[{"odd":"secret"}]`, `$[0].odd at byte 8: does not have the expected form`},
		{`[{"inner":{"flags":[true,"secret"]}}]`, `$[0].inner.flags[1] at byte 25: is text where a boolean is due`},
		{`[{"inner":{"map":{"a b":[]}}}]`, `$[0].inner.map["a b"] at byte 24: is an array where a number is due`},
		{`[{"inner":[]}]`, `$[0].inner at byte 10: is an array where an object is due`},
		{`[{"NOTE":{}}]`, `$[0].NOTE at byte 9: is an object where text is due`},
		{`[{"id":1},{"id":2]`, `$[1] at byte 17: a comma or the end of an object is due`},
		{`[{"id":1},{"id":`, `$[1].id at byte 16: the text is cut off`},
		{`[{"id":1},x]`, `$[1] at byte 10: a value is due`},
		{`[] []`, `$ at byte 3: text after the document`},
		{``, `$ at byte 0: the text is cut off`},
	} {
		var got []found
		err := Unmarshal([]byte(tt.text), &got)
		var decode *DecodeError
		if !errors.As(err, &decode) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.text, err, tt.want)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the value is in the error", tt.text)
		}
	}
}

func TestUnmarshalCauses(t *testing.T) {
	t.Parallel()
	var got []found
	// A vendor's wrong answer must not look like a refusal of the caller's input.
	if err := Unmarshal([]byte(`[{"paymentAmount":"x"}]`), &got); err == nil || errors.Is(err, payment.ErrInvalid) {
		t.Errorf("an amount that cannot be read: %v", err)
	}
	told := &DecodeError{Path: "$", Err: &payment.FieldError{Field: "amount"}}
	if errors.Is(told, payment.ErrInvalid) {
		t.Errorf("a cause is passed on: %v", told)
	}
	if err := Unmarshal([]byte(`[`), &got); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut text is not io.ErrUnexpectedEOF: %v", err)
	}
	if err := Unmarshal([]byte(`1`), nil); err == nil {
		t.Error("nil was decoded into")
	}
}

func TestUnmarshalJoinsNestedPaths(t *testing.T) {
	t.Parallel()
	var got struct {
		Response *envelope `json:"response"`
	}
	err := Unmarshal([]byte(`{"response": [{},{"id":true}]}`), &got)
	if want := "$.response[1].id at byte 23: is a boolean where a number is due"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPathBoundsKeys(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 200)
	got := PathAt([]byte(`{"`+long+`":[0,5]}`), 207)
	if want := `$["` + long[:40] + `…"][1]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`[{"id":1.5,"inner":{"flags":[1]}}]`))
	f.Add([]byte(`[{"id":1,"id":[]},`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want []found
		err, standard := Unmarshal(data, &got), json.Unmarshal(data, &want)
		if (err == nil) != (standard == nil) {
			t.Fatalf("%v, encoding/json says %v", err, standard)
		}
		var decode *DecodeError
		if err != nil && (!errors.As(err, &decode) || decode.Offset > int64(len(data)) || decode.Path == "") {
			t.Errorf("bad error %#v", err)
		}
	})
}
