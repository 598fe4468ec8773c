package main

import (
	"encoding/json"
	"fmt"

	"github.com/tenderkit/tenderkit/examples/internal/disk"
	"github.com/tenderkit/tenderkit/rubi"
)

// kept is what the program has to remember.
type kept struct {
	System   string // where the checkout was begun: it must not go on in another installation
	Checkout rubi.Checkout

	path string
}

// load reads what an earlier run has left. Without a file, the checkout has not
// begun.
func load(path, system string) (*kept, error) {
	k := &kept{System: system, path: path}
	text, found, err := disk.Read(path)
	if err != nil || !found {
		return k, err
	}
	switch err := json.Unmarshal(text, k); {
	case err != nil:
		return nil, fmt.Errorf("%s is not the file of a checkout: %w", path, err)
	case k.System != system:
		return nil, fmt.Errorf("%s is of a checkout in %s, not in %s", path, k.System, system)
	case !k.Checkout.State.Known():
		return nil, fmt.Errorf("%s is not the file of a checkout", path)
	}
	return k, nil
}

// save puts the checkout on disk.
func (k *kept) save(co rubi.Checkout) error {
	k.Checkout = co
	return disk.WriteJSON(k.path, k)
}
