package label_test

import (
	"fmt"
	"testing"

	"github.com/tenderkit/tenderkit/internal/label"
)

type secret struct{ text string }

func (secret) Format(s fmt.State, verb rune) { label.Print(s, verb, "a label") }

func TestPrint(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%5.3v"} {
		if got := fmt.Sprintf(verb, secret{"hidden"}); got != "a label" {
			t.Errorf("%s printed %q", verb, got)
		}
	}
	if got := fmt.Sprintf("%q", &secret{"hidden"}); got != `"a label"` {
		t.Errorf("%%q printed %s", got)
	}
}
