package emulator_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
)

func TestFields(t *testing.T) {
	t.Parallel()
	f, err := emulator.ReadFields([]byte(`{"name":"Jo","n":12,"none":null,"a":10.50,"b":"1.0","t":3,"i":1.0,"x_b":1,"x_a":2,"rest":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	var a, b payment.Amount
	if f.Text("name") != "Jo" || f.Integer("n") != 12 || f.Text("none") != "" || f.Text("missing") != "" {
		t.Error("texts or numbers are read wrong")
	}
	if !f.Read("a", &a) || !f.Read("b", &b) || a.String() != "10.50" || b.String() != "1.0" {
		t.Errorf("amounts %v and %v", a, b)
	}
	if len(f.Wrong()) != 0 {
		t.Errorf("%v are wrong", f.Wrong())
	}
	if f.Text("t") != "" || f.Integer("i") != 0 || !slices.Equal(f.Wrong(), []string{"t", "i"}) {
		t.Errorf("wrong types: %v", f.Wrong())
	}
	if found := f.Prefixed("x_"); len(found) != 2 || string(found["x_a"]) != "2" {
		t.Errorf("prefixed: %v", found)
	}
	if !slices.Equal(f.Left(), []string{"rest"}) || f.Len() != 1 {
		t.Errorf("left: %v", f.Left())
	}
	if value, given := f.Take("rest"); !given || string(value) != "{}" || f.Len() != 0 {
		t.Errorf("took %s %v", value, given)
	}
}

func TestFoldedFields(t *testing.T) {
	t.Parallel()
	f, err := emulator.ReadFoldedFields([]byte(`{"Name":"Jo","Attribute_Ref":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if f.Text("name") != "Jo" || string(f.Prefixed("attribute_")["Attribute_Ref"]) != "1" || f.Len() != 0 {
		t.Errorf("left: %v", f.Left())
	}
	if _, err := emulator.ReadFoldedFields([]byte(`{"name":1,"NAME":1}`)); !errors.Is(err, emulator.ErrBody) {
		t.Errorf("a name in two cases: %v", err)
	}
}

func TestFieldsRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "[]", `"{}"`, "{", `{"a":1`, `{"a"}`, `{"a":1,}`, `{"a":1}{}`, `{"a":1} x`, `{"a":1,"a":1}`,
		`{"a":{"b":1,"b":2}}`, "{\"a\":\"\xff\"}", `{"a":"\ud83d"}`, "\xef\xbb\xbf{}",
	} {
		if _, err := emulator.ReadFields([]byte(body)); !errors.Is(err, emulator.ErrBody) {
			t.Errorf("%q: %v", body, err)
		}
	}
	if f, err := emulator.ReadFields([]byte(" {} ")); err != nil || f.Len() != 0 {
		t.Errorf("an empty object: %v", err)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	if got := string(emulator.Encode(map[string]any{"b": "<&>=", "a": []string{}})); got != `{"a":[],"b":"<&>="}` {
		t.Error(got)
	}
	if got := string(emulator.Encode(func() {})); got != "null" {
		t.Error(got)
	}
}
