package wire

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Texts adds the texts and numbers of a JSON value to texts, at any depth, but
// not the names of members. Text is unescaped, a number stays as it is written.
// What is not JSON adds nothing.
func Texts(texts []string, raw []byte) []string {
	d := jsontext.NewDecoder(bytes.NewReader(raw), lenient, jsontext.AllowDuplicateNames(true))
	added := texts
	for {
		token, err := d.ReadToken()
		if err != nil {
			if d.StackDepth() > 0 || len(bytes.TrimSpace(d.UnreadBuffer())) > 0 {
				return texts
			}
			return added
		}
		kind, n := d.StackIndex(d.StackDepth())
		name := kind == '{' && n%2 == 1
		if (token.Kind() == '"' || token.Kind() == '0') && !name {
			added = append(added, strings.Clone(token.String()))
		}
	}
}
