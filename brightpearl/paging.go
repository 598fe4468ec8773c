package brightpearl

import (
	"net/url"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/internal/check"
)

const maxPageSize = 500 // rows an answer (observed; the vendor's default and apparent maximum)

// Paging steers a search. The zero value asks for everything, 500 rows at a
// time, in the vendor's own order: by ascending payment id (documented).
type Paging struct {
	Columns     []string // columns to be sent; nil is all. A column that is filtered on comes too
	Sort        []string // "column.ASC" or "column.DESC" (observed); sortable columns only
	FirstResult int      // number of the first row wanted, from 1; 0 is 1
	PageSize    int      // rows a request, 1 to 500; 0 is 500

	// TrustFilters hands out rows that do not match the filter. Without it such
	// a row is an error: how the vendor matches text is unknown, and a filter
	// that was ignored would look like a find.
	TrustFilters bool

	// Raw is sent as given, and rows are not held against it. Its names are the
	// search's columns and "sort", in whose form two generations of clients
	// disagree.
	Raw url.Values
}

// column is what is known of one of a search's columns.
type column struct {
	name     string
	sortable bool
}

func (p Paging) pageSize() int {
	if p.PageSize == 0 {
		return maxPageSize
	}
	return p.PageSize
}

func (p Paging) check(columns []column) error {
	switch {
	case p.FirstResult < 0:
		return invalid("Paging.FirstResult", "is below 1")
	case p.PageSize < 0 || p.PageSize > maxPageSize:
		return invalid("Paging.PageSize", "is not within 1 to 500")
	}
	for _, name := range p.Columns {
		if _, ok := findColumn(columns, name); !ok {
			return invalid("Paging.Columns", "holds a column that the search does not have")
		}
	}
	return check.First(
		func() error { return p.checkSort(columns) },
		func() error { return p.checkRaw(columns) },
	)
}

func (p Paging) checkSort(columns []column) error {
	for _, order := range p.Sort {
		name, direction, _ := strings.Cut(order, ".")
		if direction != "ASC" && direction != "DESC" {
			return invalid("Paging.Sort", "is not column.ASC or column.DESC")
		}
		if c, _ := findColumn(columns, name); !c.sortable {
			return invalid("Paging.Sort", "holds a column that cannot be sorted on")
		}
	}
	return nil
}

func (p Paging) checkRaw(columns []column) error {
	for name, values := range p.Raw {
		if _, ok := findColumn(columns, name); !ok && name != "sort" {
			return invalid("Paging.Raw", "holds a column that the search does not have")
		}
		if len(values) == 0 || slices.Contains(values, "") {
			return invalid("Paging.Raw", "holds an empty filter")
		}
	}
	return nil
}

func findColumn(columns []column, name string) (column, bool) {
	for _, c := range columns {
		if c.name == name {
			return c, true
		}
	}
	return column{}, false
}

func distinct(names []string) []string {
	var list []string
	for _, n := range names {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}
