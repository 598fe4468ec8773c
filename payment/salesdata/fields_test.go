package salesdata_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// full returns a document of one record with every field of a shape.
func full(record, shape string) string {
	var members []string
	for i, f := range documentedFields(record) {
		if json, _ := sample(f.kind, i); strings.Contains(f.shapes, shape) {
			members = append(members, `"`+f.name+`":`+json)
		}
	}
	doc := `{` + strings.Join(members, ",") + `}`
	if record == "line" {
		soid := ""
		if shape == "m" {
			soid = strings.TrimSuffix(full("order", "m"), "}")[1:] + ","
		} else {
			soid = `"customer_id":1,"type":"sales",`
		}
		return `{` + soid + `"lines":[` + doc + `]}`
	}
	return doc
}

func recordOf(o salesdata.Order, record string) reflect.Value {
	switch record {
	case "payment":
		return reflect.ValueOf(o.Payments[0])
	case "line":
		return reflect.ValueOf(o.Lines[0])
	}
	return reflect.ValueOf(o)
}

// TestEveryFieldAtOnce reads and writes records of every documented field, and
// knows their shape. TestDocumentedNames takes the fields one by one.
func TestEveryFieldAtOnce(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"payment", "order", "line"} {
		for _, shape := range []salesdata.Shape{salesdata.Root, salesdata.MDS} {
			doc := full(record, letter(shape))
			o := only(t, doc)
			v := recordOf(o, record)
			if got := v.FieldByName("Shape").Interface(); got != shape || len(o.Extra) > 0 {
				t.Errorf("%s %s: read as %s, with %v", record, shape, got, o.Extra)
			}
			for i, f := range documentedFields(record) {
				if _, printed := sample(f.kind, i); strings.Contains(f.shapes, letter(shape)) && fmt.Sprint(v.FieldByName(f.field).Interface()) != printed {
					t.Errorf("%s %s: %s is %v, want %s", record, f.name, f.field, v.FieldByName(f.field), printed)
				}
			}
			out, err := salesdata.MarshalOrder(o)
			if err != nil {
				t.Fatalf("%s %s: %v", record, shape, err)
			}
			equalJSON(t, out, []byte(doc))
		}
	}
}

// TestFieldsShowTheirShape: a field that one shape alone documents shows that
// shape, and is an unknown key that is listed where the other one is forced.
func TestFieldsShowTheirShape(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"payment", "order", "line"} {
		for i, f := range documentedFields(record) {
			json, _ := sample(f.kind, i)
			doc := map[string]string{
				"payment": `{"payments":[{"` + f.name + `":` + json + `}]}`, "order": `{"` + f.name + `":` + json + `,"x":1}`, "line": `{"lines":[{"` + f.name + `":` + json + `}]}`,
			}[record]
			want, other := salesdata.Root, salesdata.MDS
			if f.shapes == "m" {
				want, other = other, want
			}
			v := recordOf(only(t, doc), record)
			if got := v.FieldByName("Shape").Interface(); got != want {
				t.Errorf("%s: read as %s", doc, got)
			}
			forced := only(t, doc, salesdata.WithShape(other))
			extra := recordOf(forced, record).FieldByName("Extra").Interface().(salesdata.Extra)
			_, unknown := extra.Get(f.name)
			listed := slices.ContainsFunc(forced.Faults, func(x salesdata.Fault) bool {
				return strings.Contains(x.Reason, "is not a field of the "+other.String())
			})
			if alone := f.shapes != "rm"; unknown != alone || listed != alone {
				t.Errorf("%s as %s: unknown %v, listed %v", doc, other, unknown, listed)
			}
		}
	}
}
