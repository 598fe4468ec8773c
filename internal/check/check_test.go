package check

import (
	"errors"
	"testing"
)

func TestFirst(t *testing.T) {
	t.Parallel()
	bad, worse := errors.New("bad"), errors.New("worse")
	made := 0
	step := func(err error) func() error { return func() error { made++; return err } }
	if err := First(step(nil), step(bad), step(worse)); err != bad || made != 2 {
		t.Errorf("got %v after %d checks", err, made)
	}
	if err := First(step(nil)); err != nil {
		t.Errorf("got %v", err)
	}
	if err := First(); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestUTF16Len(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "😀": 2, "a😀é": 4, "a\xff": 2} {
		if got := UTF16Len(s); got != want {
			t.Errorf("%q is %d units, want %d", s, got, want)
		}
	}
}
