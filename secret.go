package tenderkit

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a credential: an API key, a token, a signing key. It prints as
// "[redacted]" under every verb of fmt, in slog and in encoding/json. Convert
// it to string where its text is really needed.
//
// Package fmt does not call methods on unexported fields: a program that
// prints a struct of its own should not keep a Secret in an unexported field.
// Nor are they called for the verbs %p and %w, which go vet refuses, and for
// the keys of a map in encoding/json.
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (Secret) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue returns "[redacted]" for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]" to encoding/json, encoding/xml and every other
// encoder that asks for text; encoding/gob does not. Reading a Secret works.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
