// Package check holds what the vendors' checks of input share.
package check

import "unicode/utf16"

// First gives the error of the first check that fails. The checks behind it
// are not made.
func First(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// UTF16Len is the length of s in UTF-16 units, which is how the platforms of
// several vendors are taken to count (inferred). Each byte that is no UTF-8
// counts as one.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
