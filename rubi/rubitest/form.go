package rubitest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json; charset=utf-8"
	textType = "text/plain; charset=utf-8"
)

// readElements reads the list of a call and checks it: their number, the key
// in the last place, then each element. It gives them without the key.
func (s *Server) readElements(r *http.Request, to method) ([]string, *reply) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, badRequest("The body cannot be read")
	}
	elements, refused := s.parseElements(r.Header, body)
	if refused != nil {
		return nil, refused
	}
	if due := len(to.elements) + 1; len(elements) != due {
		return nil, badRequest(fmt.Sprintf("The array has %d elements and not %d", len(elements), due))
	}
	last := len(elements) - 1
	if elements[last] != s.settings.apiKey {
		return nil, &reply{code: codeUnauthorized, text: "The API key is wrong"}
	}
	return elements[:last], s.settings.checkElements(elements[:last], to)
}

// parseElements unwraps the body: one pair with an empty key whose value is
// JSON text of an array of strings (documented).
func (s *Server) parseElements(header http.Header, body []byte) ([]string, *reply) {
	text, ok := s.unwrap(header, body)
	if !ok {
		return nil, badRequest("The body is not one form value under an empty key")
	}
	var list []json.RawMessage
	if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &list) != nil {
		return nil, badRequest("The value is not a JSON array")
	}
	elements := make([]string, len(list))
	for i, raw := range list {
		if raw[0] != '"' || json.Unmarshal(raw, &elements[i]) != nil || strings.Contains(elements[i], "\x00") {
			return nil, badRequest(fmt.Sprintf("Element %d is not text", i+1))
		}
	}
	return elements, nil
}

func (s *Server) unwrap(header http.Header, body []byte) (text string, ok bool) {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case err != nil:
		return "", false
	case media == "application/json" && s.settings.jsonBody:
		return text, json.Unmarshal(body, &text) == nil && text != ""
	case media != formType:
		return "", false
	}
	values, err := url.ParseQuery(string(body))
	if err != nil || len(values) != 1 || len(values[""]) != 1 {
		return "", false
	}
	return values[""][0], true
}

// checkElements applies blank and length. White space alone is blank
// (inferred); lengths are in UTF-16 units (inferred).
func (set *settings) checkElements(given []string, to method) *reply {
	for i, e := range to.elements {
		lenient := set.blankAddress && to.name == UserPayment && i >= atAddress1
		if !e.blank && !lenient && strings.TrimSpace(given[i]) == "" {
			return badRequest(e.name + " is blank")
		}
		if e.max > 0 && length(given[i]) > e.max {
			return badRequest(fmt.Sprintf("%s is longer than %d characters", e.name, e.max))
		}
	}
	return nil
}

func length(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
