package backendpay

import (
	"encoding/json"
	"testing"
)

func TestField(t *testing.T) {
	t.Parallel()
	type document struct {
		A Field[string] `json:"a,omitzero"`
		B Field[int]    `json:"b,omitzero"`
	}
	for text, want := range map[string]document{
		`{}`:                  {},
		`{"a":null,"b":0}`:    {A: Null[string](), B: Value(0)},
		`{"a":"","b":null}`:   {A: Value(""), B: Null[int]()},
		`{"a":"x <&>","b":7}`: {A: Value("x <&>"), B: Value(7)},
	} {
		var got document
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s read as %+v, err %v", text, got, err)
		}
		again, err := json.Marshal(got)
		var back document
		if err != nil || json.Unmarshal(again, &back) != nil || back != want {
			t.Errorf("%s written as %s, err %v", text, again, err)
		}
	}
	var wrong document
	if err := json.Unmarshal([]byte(`{"b":"x"}`), &wrong); err == nil || !wrong.B.IsZero() {
		t.Errorf("read %+v, err %v", wrong, err)
	}
}

func TestFieldStates(t *testing.T) {
	t.Parallel()
	var absent Field[string]
	for name, c := range map[string]struct {
		field              Field[string]
		zero, isNull, some bool
	}{
		"absent": {absent, true, false, false},
		"null":   {Null[string](), false, true, false},
		"empty":  {Value(""), false, false, true},
		"value":  {Value("x"), false, false, true},
	} {
		_, some := c.field.Get()
		if c.field.IsZero() != c.zero || c.field.IsNull() != c.isNull || some != c.some {
			t.Errorf("%s: %+v", name, c.field)
		}
	}
}
