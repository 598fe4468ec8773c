package payment

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Account is where a [Recorder] writes. It is part of every key of a [Store],
// so it has to stay the same over runs, programs and releases.
type Account struct {
	Vendor string // the vendor's package: "brightpearl"
	Tenant string // the account's own name at the vendor; where the configuration does not name it, the caller does
	Host   string // host and port that are called
}

// String returns vendor, tenant and host.
func (a Account) String() string { return a.Vendor + "/" + a.Tenant + "@" + a.Host }

// Validate refuses an account without vendor, tenant or host, and one whose
// parts are not UTF-8 or hold control characters.
func (a Account) Validate() error {
	for _, part := range [...]struct{ field, value string }{
		{"Account.Vendor", a.Vendor}, {"Account.Tenant", a.Tenant}, {"Account.Host", a.Host},
	} {
		if err := checkKeyPart(part.field, part.value); err != nil {
			return err
		}
	}
	return nil
}

// Key names one payment, or one other step of a vendor's flow, in a [Store].
type Key struct {
	Account   Account
	Op        string // what is done: "payment", "confirm"
	Reference string // the caller's own reference, in the form in which the vendor compares it
}

// String returns operation, reference and account.
func (k Key) String() string { return fmt.Sprintf("%s %q at %v", k.Op, k.Reference, k.Account) }

// Validate refuses a key that a [Store] could not keep: an account that is not
// whole, or an operation or reference that is empty or not UTF-8.
func (k Key) Validate() error {
	if err := k.Account.Validate(); err != nil {
		return err
	}
	if err := checkKeyPart("Key.Op", k.Op); err != nil {
		return err
	}
	return checkKeyPart("Key.Reference", k.Reference)
}

func checkKeyPart(field, value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return &FieldError{Field: field, Reason: "is empty"}
	case !utf8.ValidString(value):
		return &FieldError{Field: field, Reason: "is not UTF-8"}
	case strings.ContainsRune(value, 0):
		return &FieldError{Field: field, Reason: "holds a NUL"}
	}
	return nil
}
