package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/tenderkit/tenderkit/rubi"
)

// kept is what has to survive the program.
type kept struct {
	System   string // never go on in another installation
	Checkout rubi.Checkout

	path string
}

// load reads what an earlier run has left. A file that is not there, and an
// empty path, are a checkout that has not begun.
func load(path, system string) (*kept, error) {
	k := &kept{System: system, path: path}
	if path == "" {
		return k, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, err
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

// save puts the checkout on disk in one piece: a killed program leaves the old
// file or the new one.
func (k *kept) save(co rubi.Checkout) error {
	k.Checkout = co
	if k.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(k.path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), k.path)
}
