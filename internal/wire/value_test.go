package wire

import (
	"math"
	"testing"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Text{
		`"T-1"`: "T-1", `1001`: "1001", `10.50`: "10.50", `12345678901234567890`: "12345678901234567890", `null`: "", `""`: "",
	} {
		var got Text
		if err := Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`true`, `{}`, `[]`, `["a"]`} {
		var got Text
		if err := Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: read as %q", text, got)
		}
	}
}

func TestInt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Int{
		`7`: 7, `"7"`: 7, `1900.0`: 1900, `"1900.00"`: 1900, `-1`: -1, `null`: 0, `""`: 0, `9223372036854775807`: math.MaxInt64,
	} {
		var got Int
		if err := Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`1.5`, `1e3`, `"x"`, `" 7"`, `9223372036854775808`, `true`, `{}`, `"1."`} {
		var got Int
		if err := Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: read as %d", text, got)
		}
	}
}

func TestLenient(t *testing.T) {
	t.Parallel()
	type record struct {
		Event Lenient[struct {
			ID string `json:"id"`
		}] `json:"event"`
		Total Lenient[int64] `json:"total"`
	}
	var got record
	if err := Unmarshal([]byte(`{"event":"71AG","total":5}`), &got); err != nil {
		t.Fatal(err)
	}
	if got.Event.Set || string(got.Event.Raw) != `"71AG"` || !got.Total.Set || got.Total.Value != 5 {
		t.Errorf("got %+v", got)
	}
	b, err := Marshal(got)
	if want := `{"event":"71AG","total":5}`; err != nil || string(b) != want {
		t.Errorf("written as %s, %v", b, err)
	}
	if err := Unmarshal([]byte(`{"total":null}`), &got); err != nil || got.Total.Set {
		t.Errorf("null: %+v, %v", got.Total, err)
	}
	if err := Unmarshal([]byte(`{"event":{"id":"a","id":"b"}}`), &got); err == nil {
		t.Error("a name twice in one object was read")
	}
}
