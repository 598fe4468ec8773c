package wire

import (
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

func TestUnmarshal(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"", "\ufeff"} {
		var got []found
		err := Unmarshal([]byte(mark+`[{"id":7,"paymentAmount":10.40,"name":null,"inner":{"any":{"x":1}},"note":"n"}]`), &got)
		if err != nil || got[0].ID != 7 || got[0].Amount.String() != "10.40" || got[0].Note != "n" {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestUnmarshalLocates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{`{"secret":1}`, `$ at byte 0: is an object, not an array`},
		{`[{},{"id":"secret"}]`, `$[1].id at byte 10: is text, not a number`},
		{`[{"id":1.5}]`, `$[0].id at byte 7: is not a number of the expected form and size`},
		{`[{"id":99999999999999999999}]`, `$[0].id at byte 7: is not a number of the expected form and size`},
		{`[{}, {"paymentAmount": "secret"}]`, `$[1].paymentAmount at byte 23: `},
		{`[{"name":5}]`, `$[0].name at byte 9: is a number, not text`},
		{`[{"odd":"secret"}]`, `$[0].odd at byte 8: does not have the expected form`},
		{`[{"inner":{"flags":[true,"secret"]}}]`, `$[0].inner.flags[1] at byte 25: is text, not a boolean`},
		{`[{"inner":{"map":{"a b":[]}}}]`, `$[0].inner.map["a b"] at byte 24: is an array, not a number`},
		{`[{"inner":[]}]`, `$[0].inner at byte 10: is an array, not an object`},
		{`[{"id":1,"id":2}]`, `$[0].id at byte 9: stands twice in one object`},
		{`[{"id":1,"\u0069d":2}]`, `$[0].id at byte 9: stands twice in one object`},
		{`[{"odd":{},"x":{"deep":[{"k":1,"k":1}]}}]`, `$[0].x.deep[0].k at byte 31: stands twice in one object`},
		{`[{"id":1},{"id":`, `$[1].id at byte 16: the text is cut off`},
		{`[{"id":1},x]`, `$[1] at byte 10: is not JSON`},
		{`[] []`, `$ at byte 3: is not JSON`},
		{``, `$ at byte 0: the text is cut off`},
		{"\ufeff[x]", `$[0] at byte 4: is not JSON`},
	} {
		var got []found
		err := Unmarshal([]byte(tt.text), &got)
		var decode *DecodeError
		if !errors.As(err, &decode) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.text, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
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

func TestUnmarshalReadsBrokenText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"note":"a\ud83d"}`, "{\"note\":\"a\xff\"}"} {
		var got Embedded
		if err := Unmarshal([]byte(text), &got); err != nil || got.Note != "a\ufffd" {
			t.Errorf("%q: got %q, %v", text, got.Note, err)
		}
	}
}

func TestUnmarshalBoundsExpansion(t *testing.T) {
	t.Parallel()
	var got []found
	text := "[" + strings.Repeat("{},", 1<<20) + "{}]"
	if err := Unmarshal([]byte(text), &got); err == nil || got != nil {
		t.Errorf("%d values, %v", len(got), err)
	}
	deep := strings.Repeat("[", 1<<16)
	if err := Unmarshal([]byte(deep), &got); err == nil {
		t.Error("a document of 65,536 open arrays was read")
	}
}

func TestPathBoundsKeys(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 200)
	var got map[string][]int
	err := Unmarshal([]byte(`{"`+long+`":[0,"x"]}`), &got)
	var decode *DecodeError
	if want := `$["` + long[:40] + `…"][1]`; !errors.As(err, &decode) || decode.Path != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMarshalText(t *testing.T) {
	t.Parallel()
	b, err := Marshal(map[string]any{"b": "a&b<c>", "a": []int(nil)})
	if want := `{"a":[],"b":"a&b<c>"}`; err != nil || string(b) != want {
		t.Errorf("got %s, %v, want %s", b, err, want)
	}
	if _, err := Marshal("\xff"); err == nil {
		t.Error("text that is not UTF-8 was written")
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`[{"id":1.5,"inner":{"flags":[1]}}]`))
	f.Add([]byte(`[{"id":1,"id":[]},`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got []found
		err := Unmarshal(data, &got)
		var decode *DecodeError
		if err != nil && (!errors.As(err, &decode) || decode.Offset > int64(len(data)) || decode.Path == "") {
			t.Errorf("bad error %#v", err)
		}
	})
}
