package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// json redacts the values of a JSON document, also of one inside of a text. A
// document without anything to redact stays as it is.
func (r *redactor) json(body string, redact func(name, text string) string) string {
	value, ok := parseJSON(body)
	if !ok {
		return body
	}
	changed := false
	value = walk("", value, func(name, text string) string {
		redacted := r.value(name, text, redact)
		changed = changed || redacted != text
		return redacted
	})
	if !changed {
		return body
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// value redacts one value, which may hold a document of its own.
func (r *redactor) value(name, text string, redact func(name, text string) string) string {
	if inner := strings.TrimSpace(text); strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[") || strings.HasPrefix(inner, `"`) {
		return r.json(text, func(inner, text string) string {
			if inner == "" {
				inner = name
			}
			return redact(inner, text)
		})
	}
	return redact(name, text)
}

// form redacts the fields of a form or a query, in their order.
func (r *redactor) form(body string, redact func(name, text string) string) string {
	if body == "" {
		return body
	}
	fields := strings.Split(body, "&")
	for i, field := range fields {
		name, value, ok := strings.Cut(field, "=")
		key, err1 := url.QueryUnescape(name)
		text, err2 := url.QueryUnescape(value)
		if !ok || err1 != nil || err2 != nil {
			continue
		}
		if redacted := r.value(key, text, redact); redacted != text {
			fields[i] = name + "=" + url.QueryEscape(redacted)
		}
	}
	return strings.Join(fields, "&")
}

// walk calls change for every text and number of a document, with the name of
// the member that it stands in, and returns the document with what change
// returns.
func walk(name string, value any, change func(name, text string) string) any {
	switch v := value.(type) {
	case string:
		return change(name, v)
	case json.Number:
		if changed := change(name, v.String()); changed != v.String() {
			return json.Number(changed)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			v[key] = walk(key, v[key], change)
		}
	case []any:
		for i, element := range v {
			v[i] = walk(name, element, change)
		}
	}
	return value
}

// sortedKeys keeps the order of aliases the same in each run.
func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func parseJSON(text string) (value any, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil || d.More() {
		return nil, false
	}
	return value, true
}
