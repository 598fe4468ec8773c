package wire

import (
	"encoding/json"
	"maps"
	"slices"
)

// Texts adds the texts and numbers of a JSON value to texts, at any depth, but
// not the names of members. Text is unescaped, a number stays as it is written.
func Texts(texts []string, raw json.RawMessage) []string {
	var text string
	var number json.Number
	var list []json.RawMessage
	var members map[string]json.RawMessage
	switch {
	case string(raw) == "null": // would pass for an empty text
	case json.Unmarshal(raw, &text) == nil:
		return append(texts, text)
	case json.Unmarshal(raw, &number) == nil:
		return append(texts, number.String())
	case json.Unmarshal(raw, &list) == nil:
	case json.Unmarshal(raw, &members) == nil:
		list = slices.Collect(maps.Values(members))
	}
	for _, inner := range list {
		texts = Texts(texts, inner)
	}
	return texts
}
