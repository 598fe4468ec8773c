package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"
)

func collect(seq iter.Seq2[Element, error]) (raw []string, at []int64, err error) {
	for e, err := range seq {
		if err != nil {
			return raw, at, err
		}
		raw, at = append(raw, string(e.Raw)), append(at, e.Offset)
	}
	return raw, at, nil
}

func TestElements(t *testing.T) {
	t.Parallel()
	const text = ` [ {"a":"]}\"\\"} , [1,[2]],"x,y" ,-1.5e3,null ] ` + "\n"
	want := []string{`{"a":"]}\"\\"}`, `[1,[2]]`, `"x,y"`, `-1.5e3`, `null`}
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"error with data": iotest.DataErrReader(strings.NewReader(text)),
	} {
		raw, at, err := collect(Elements(r, 100))
		if err != nil || strings.Join(raw, "|") != strings.Join(want, "|") {
			t.Errorf("%s: got %q, %v", name, raw, err)
		}
		for i, off := range at {
			if !strings.HasPrefix(text[off:], want[i]) {
				t.Errorf("%s: element %d is not at byte %d", name, i, off)
			}
		}
	}
}

func TestElementsErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, want string
		before     int
	}{
		{``, "at byte 0: the text is cut off", 0},
		{`{}`, "at byte 0: an array is due", 0},
		{`[`, "at byte 1: the text is cut off", 0},
		{`[12`, "at byte 3: the text is cut off", 0},
		{`[1,`, "at byte 3: the text is cut off", 1},
		{`[1,]`, "at byte 3: a value is due", 1},
		{`[,1]`, "at byte 1: a value is due", 0},
		{`[1 2]`, "at byte 3: a comma or the end of the array is due", 1},
		{`[1] 2`, "at byte 4: text after the document", 1},
		{`[{"a":1`, "at byte 7: the text is cut off", 0},
		{`["abcdefghijkl"]`, "at byte 1: is larger than the limit", 0},
	} {
		raw, _, err := collect(Elements(iotest.OneByteReader(strings.NewReader(tt.text)), 10))
		if err == nil || err.Error() != tt.want || len(raw) != tt.before {
			t.Errorf("%s: %d elements, %v; want %s", tt.text, len(raw), err, tt.want)
		}
	}
}

func TestElementsPassOnTheReadersError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	_, _, err := collect(Elements(io.MultiReader(strings.NewReader(`[1,{"a"`), iotest.ErrReader(broken)), 100))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	_, _, err = collect(Elements(stuck{}, 100))
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that never reads: %v", err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestElementBesideAnErrorHoldsWhatWasRead(t *testing.T) {
	t.Parallel()
	for e, err := range Elements(strings.NewReader(`[{"a":tr`), 100) {
		if err == nil || string(e.Raw) != `{"a":tr` || e.Offset != 1 {
			t.Errorf("got %q at %d, %v", e.Raw, e.Offset, err)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	s := NewStream(strings.NewReader("\ufeff{\"a\":1}\n{}\t7 \"x\"[2]8"), 100)
	if err := s.SkipMark(); err != nil {
		t.Fatal(err)
	}
	raw, at, err := collect(s.Values())
	if got := strings.Join(raw, "|"); err != nil || got != `{"a":1}|{}|7|"x"|[2]|8` || at[0] != 3 {
		t.Errorf("got %s at %v, %v", got, at, err)
	}
}

func TestStreamMemoryIsBounded(t *testing.T) {
	t.Parallel()
	element := `{"name":"` + strings.Repeat("x", 1000) + `"},`
	text := "[" + strings.Repeat(element, 2000) + "{}]"
	s := NewStream(strings.NewReader(text), 1<<20)
	n := 0
	for _, err := range s.Elements() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2001 || cap(s.buf) > firstBuffer {
		t.Errorf("%d elements through a buffer of %d bytes", n, cap(s.buf))
	}
}

func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[{"a":"\\\""},[1],2 , null]`, `[1,]`, `[[]`, `["a" "b"]`, `[1]x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want []json.RawMessage
		standard := json.Unmarshal(data, &want)
		raw, at, err := collect(Elements(iotest.OneByteReader(bytes.NewReader(data)), 1<<20))
		if standard == nil && want != nil && (err != nil || len(raw) != len(want)) {
			t.Fatalf("%d elements, want %d; %v", len(raw), len(want), err)
		}
		for i := range raw {
			if !bytes.HasPrefix(data[at[i]:], []byte(raw[i])) {
				t.Fatalf("element %d is not at its offset", i)
			}
			if standard == nil && raw[i] != string(want[i]) {
				t.Fatalf("element %d is %q, want %q", i, raw[i], want[i])
			}
		}
	})
}
