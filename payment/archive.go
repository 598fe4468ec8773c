package payment

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// digests stands in the payload of an archived entry in place of the payment.
type digests struct {
	Archived map[string][]string // by field; a payment fits if it has any of them
}

// Archived returns e with a payload that holds no personal data: digests of the
// fields by which [Once] compares two payments. It reports false for an entry
// that is archived already, and fails for one that is neither Recorded nor Closed.
func (e Entry) Archived() (Entry, bool, error) {
	if e.Status != Recorded && e.Status != Closed {
		return e, false, &EntryError{Key: e.Key, Reason: "it is neither recorded nor closed"}
	}
	if _, ok := e.digests(); ok {
		return e, false, nil
	}
	p, err := e.Payment()
	if err != nil {
		return e, false, err
	}
	e.Payload, err = json.Marshal(digests{digestsOf(e.Key, p)})
	return e, true, err
}

// digests returns what stands in an archived entry.
func (e Entry) digests() (map[string][]string, bool) {
	if !strings.HasPrefix(string(e.Payload), `{"Archived":`) {
		return nil, false
	}
	var d digests
	err := json.Unmarshal(e.Payload, &d)
	return d.Archived, err == nil && d.Archived != nil
}

// digestsOf hashes each field together with the key, so that equal values of
// two payments do not show as equal.
func digestsOf(k Key, p Payment) map[string][]string {
	d := map[string][]string{}
	add := func(field string, values ...string) {
		h := sha256.Sum256([]byte(NewReference(append([]string{k.String(), field}, values...)...)))
		d[field] = append(d[field], base64.RawURLEncoding.EncodeToString(h[:12]))
	}
	add("Reference", p.Reference)
	add("Kind", string(p.Kind))
	add("Amount", p.Amount.Amount().Decimal().String(), string(p.Amount.Currency()))
	add("Date", p.Date.Format("2006-01-02"))
	add("Date", strconv.FormatInt(p.Date.UnixNano(), 10))
	add("Method", p.Method)
	add("Target", p.Target)
	add("Link", p.Link)
	add("Reverses", p.Reverses)
	for _, a := range p.Attributes {
		if field := "Attributes[" + a.Name + "]"; d[field] == nil {
			add(field, values(p, a.Name)...)
		}
	}
	return d
}

// differFrom names the fields of p that do not fit an archived payment. With
// blanks, what p leaves open fits.
func differFrom(archived map[string][]string, k Key, p Payment, identity []string, blanks bool) (fields []string) {
	got := digestsOf(k, p)
	names := []string{"Reference", "Kind", "Amount", "Date", "Method", "Target", "Link", "Reverses"}
	for _, name := range identity {
		names = append(names, "Attributes["+name+"]")
	}
	open := map[string]bool{"Method": p.Method == "", "Target": p.Target == "", "Link": p.Link == ""}
	for _, name := range names {
		if len(archived[name]) == 0 && len(got[name]) == 0 || blanks && open[name] {
			continue
		}
		if !shareAny(archived[name], got[name]) {
			fields = append(fields, name)
		}
	}
	return fields
}

func shareAny(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
