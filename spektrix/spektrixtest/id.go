package spektrixtest

import (
	"crypto/sha256"
	"fmt"
)

const consonants = "BCDGHJKLMNPQRSTV"

// newID gives an id of the vendor's form: digits, an A, consonants, 33
// characters in all. The same emulator gives the same ids in the same order.
// The caller holds the lock.
func (s *Server) newID() string {
	s.ids++
	head := fmt.Sprintf("%dA", 1000+s.ids)
	return head + letters(fmt.Sprint(s.ids), 33-len(head))
}

// letters derives n consonants from a seed; n is at most 64.
func letters(seed string, n int) string {
	sum := sha256.Sum256([]byte(seed))
	text := make([]byte, 0, 2*len(sum))
	for _, b := range sum {
		text = append(text, consonants[b>>4], consonants[b&15])
	}
	return string(text[:n])
}

// friendlyID gives a short name of the form AB12CD, its own for each of the
// first six million orders.
func friendlyID(n int) string {
	pair := func(i int) string { return string([]byte{consonants[i>>4&15], consonants[i&15]}) }
	return fmt.Sprintf("%s%02d%s", pair(n/100), n%100, pair(n/25600))
}
