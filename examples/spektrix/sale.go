package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenderkit/tenderkit/examples/internal/disk"
	"github.com/tenderkit/tenderkit/spektrix"
)

// The steps of a sale. A step is on disk before its first request is sent, so
// the file of a run that was killed holds the step that was under way.
const (
	stepSettling   = "settling"   // payments were sent; their states say which stand
	stepConfirming = "confirming" // the basket may be an order already
	stepConfirmed  = "confirmed"
)

// sale is what the program has to remember.
type sale struct {
	System     string // where the sale was begun: it must not go on in another system
	Step       string
	OrderID    string `json:",omitempty"`
	Settlement *spektrix.Settlement

	path string
}

// loadSale reads what an earlier run has left. Without a file, the sale has not
// begun.
func loadSale(path, system string) (*sale, error) {
	s := &sale{System: system, path: path}
	text, found, err := disk.Read(path)
	if err != nil || !found {
		return s, err
	}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s is not the file of a sale: %w", path, err)
	}
	return s, s.check(system)
}

func (s *sale) check(system string) error {
	switch {
	case s.System != system:
		return fmt.Errorf("%s is of a sale in %s, not in %s", s.path, s.System, system)
	case s.Settlement == nil || s.Settlement.BasketID == "" || !slices.Contains([]string{stepSettling, stepConfirming, stepConfirmed}, s.Step):
		return fmt.Errorf("%s is not the file of a sale", s.path)
	}
	return nil
}

// save puts the sale on disk. A person may have to edit it there.
func (s *sale) save() error { return disk.WriteJSON(s.path, s) }

// forget removes the file of a sale in which nothing was paid.
func (s *sale) forget() error { return disk.Remove(s.path) }
