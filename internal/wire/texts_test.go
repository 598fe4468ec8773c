package wire

import (
	"slices"
	"testing"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	got := Texts([]string{"first"}, []byte(`{"a":"x\u0026y","b":[1.50,{"c":"z"},true,null],"d":{"e":[["deep"]]}}`))
	slices.Sort(got)
	if want := []string{"1.50", "deep", "first", "x&y", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, raw := range []string{``, `{`, `true`, `[]`, `{}`} {
		if got := Texts(nil, []byte(raw)); len(got) != 0 {
			t.Errorf("%s gave %q", raw, got)
		}
	}
}
