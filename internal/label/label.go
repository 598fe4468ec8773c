// Package label prints values that hold secrets or personal data as one safe
// line of text.
package label

import (
	"fmt"
	"io"
	"strconv"
)

// Print writes text for every verb of package fmt, quoted for %q, so that no
// verb reaches the fields behind it. It is the body of a Format method.
func Print(s fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(s, text)
}
