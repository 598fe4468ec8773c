package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/tenderkit/tenderkit/spektrix"
)

// The steps of a sale. A step is on disk before its first request is sent, so a
// run that was killed leaves the step that it died in.
const (
	stepSettling   = "settling"   // payments were sent; their states tell which stand
	stepConfirming = "confirming" // the basket may be an order already
	stepConfirmed  = "confirmed"
)

// sale is what has to survive the program.
type sale struct {
	System     string // never go on in another system than the sale was begun in
	Step       string
	OrderID    string `json:",omitempty"`
	Settlement *spektrix.Settlement

	path string
}

// loadSale reads what an earlier run has left. A file that is not there, and an
// empty path, are a sale that has not begun.
func loadSale(path, system string) (*sale, error) {
	s := &sale{System: system, path: path}
	if path == "" {
		return s, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
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

// save puts the sale on disk in one piece: a killed program leaves the old
// file or the new one.
func (s *sale) save() error {
	if s.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(s, "", "  ") // a person may have to edit it
	if err != nil {
		return err
	}
	file, err := os.OpenFile(s.path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), s.path)
}

// forget removes the file of a sale in which nothing was paid.
func (s *sale) forget() error {
	if s.path == "" {
		return nil
	}
	return os.Remove(s.path)
}
