package brightpearl

import (
	"net/url"
	"slices"
	"strings"
)

// Paging controls a search. The zero value asks for everything, 500 rows at a
// time, in the vendor's own order: by ascending payment id (documented). After the
// first, each answer repeats one row of the answer before, which is not handed out.
type Paging struct {
	Columns     []string // columns to be sent; nil is all. paymentId and the columns that are filtered on come too
	Sort        []string // "column.ASC" or "column.DESC" (observed); sortable columns only
	FirstResult int      // number of the first row wanted, from 1; 0 is 1
	PageSize    int      // rows in one answer, 1 to 500; 0 is 500

	// TrustFilters returns rows that do not match the filter. Without it such a
	// row is an error: how the vendor matches text is unknown (clause
	// search.text-match), and a filter that was ignored would look like a find.
	TrustFilters bool

	// Raw is sent as given, and rows are not compared with it. Its names are the
	// search's columns and "sort", in whose form two generations of clients
	// disagree.
	Raw url.Values
}

// column is what is known of one of a search's columns.
type column struct {
	name     string
	sortable bool
}

func findColumn(columns []column, name string) (column, bool) {
	i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, false
	}
	return columns[i], true
}

const maxPageSize = 500 // rows in one answer (observed; the vendor's default and apparent maximum)

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
	for _, order := range p.Sort {
		name, direction, _ := strings.Cut(order, ".")
		if direction != "ASC" && direction != "DESC" {
			return invalid("Paging.Sort", "is not column.ASC or column.DESC")
		}
		if c, _ := findColumn(columns, name); !c.sortable {
			return invalid("Paging.Sort", "holds a column that cannot be sorted on")
		}
	}
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

// idOrder tells the order of ids in which rows were asked for.
func (p Paging) idOrder() int {
	switch {
	case p.Raw["sort"] != nil:
		return 0
	case len(p.Sort) == 0 || p.Sort[0] == "paymentId.ASC":
		return 1
	case p.Sort[0] == "paymentId.DESC":
		return -1
	}
	return 0
}
