// Package disk keeps what a program has to remember in one file.
//
// An empty path stands for a program that remembers nothing: there is nothing
// to read, and what is written is dropped.
package disk

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// Read returns what the file holds. It reports false if there is no file.
func Read(path string) (data []byte, found bool, err error) {
	if path == "" {
		return nil, false, nil
	}
	data, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// Write replaces the file in one piece: a program that is killed leaves the old
// file or the new one. It is on disk when Write returns. Only the file's owner
// can read it.
func Write(path string, data []byte) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// WriteJSON writes v as JSON that a person can read and edit.
func WriteJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return Write(path, append(text, '\n'))
}

// Remove removes the file.
func Remove(path string) error {
	if path == "" {
		return nil
	}
	return os.Remove(path)
}
