package paymenttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Form is what a JSON document has to look like, written as JSON:
//
//	{"response": {"results": [["integer", "string|null"]], "metaData?": {"sorting": "any"}}}
//
// A string names the types that are allowed, with a bar between them: string,
// number, integer, bool, null, object, array, any. A member whose name ends with
// a question mark may be missing or null. Members that the form does not name are
// allowed. An array of one form takes any number of such elements, also none; an
// array of several forms takes exactly these. The empty Form takes everything.
type Form string

// Mismatch is one place at which a document does not have its form. It holds no
// value of the document.
type Mismatch struct {
	Path string // "$.response.results[0][3]"
	Want string
	Got  string
}

// String returns path, what was found and what was expected.
func (m Mismatch) String() string { return m.Path + " is " + m.Got + ", not " + m.Want }

// Check returns all mismatches, in the order of the form's member names.
func (f Form) Check(document []byte) []Mismatch {
	if f == "" {
		return nil
	}
	form, err := parseJSON([]byte(f))
	if err != nil {
		return []Mismatch{{"$", "a form that can be read", "no such form"}}
	}
	value, err := parseJSON(document)
	if err != nil {
		return []Mismatch{{"$", "JSON", "not JSON"}}
	}
	var c formChecker
	c.check("$", form, value)
	return c.found
}

func parseJSON(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one document")
	}
	return v, nil
}

type formChecker struct{ found []Mismatch }

func (c *formChecker) add(path, want string, value any) {
	c.found = append(c.found, Mismatch{path, want, kindOf(value)})
}

func (c *formChecker) check(path string, form, value any) {
	switch form := form.(type) {
	case string:
		if !slices.ContainsFunc(strings.Split(form, "|"), func(kind string) bool { return isKind(value, kind) }) {
			c.add(path, form, value)
		}
	case map[string]any:
		c.object(path, form, value)
	case []any:
		c.array(path, form, value)
	}
}

func (c *formChecker) object(path string, form map[string]any, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		c.add(path, "object", value)
		return
	}
	for _, key := range sortedKeys(form) {
		name, optional := strings.CutSuffix(key, "?")
		member, present := object[name]
		switch {
		case !present && optional, present && member == nil && optional:
		case !present:
			c.found = append(c.found, Mismatch{path + "." + name, "a member", "missing"})
		default:
			c.check(path+"."+name, form[key], member)
		}
	}
}

func (c *formChecker) array(path string, form []any, value any) {
	array, ok := value.([]any)
	if !ok {
		c.add(path, "array", value)
		return
	}
	if len(form) > 1 && len(array) != len(form) {
		c.found = append(c.found, Mismatch{path, strconv.Itoa(len(form)) + " elements", strconv.Itoa(len(array)) + " elements"})
		return
	}
	for i, element := range array {
		if len(form) > 0 {
			c.check(path+"["+strconv.Itoa(i)+"]", form[min(i, len(form)-1)], element)
		}
	}
}

func isKind(value any, kind string) bool {
	switch kind {
	case "any":
		return true
	case "integer":
		n, ok := value.(json.Number)
		return ok && strings.Trim(string(n), "-0123456789") == ""
	}
	return kindOf(value) == kind
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case string:
		return "string"
	case json.Number:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
