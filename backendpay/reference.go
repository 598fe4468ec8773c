package backendpay

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// likeness says how a reference that the vendor shows compares with one that was
// sent.
type likeness uint8

const (
	isOther  likeness = iota
	isCut             // the beginning of it
	isFolded          // in another case, with other blanks, or with letters composed otherwise
	isSame
)

const minCut = 16 // characters; no vendor is taken to keep fewer of a reference

func compareReferences(shown, sent string) likeness {
	if shown == sent {
		return isSame
	}
	kept, whole := compact(shown), compact(sent)
	switch {
	case sameLetters(kept, whole):
		return isFolded
	case utf8.RuneCountInString(shown) >= minCut && strings.HasPrefix(whole, strings.TrimRight(kept, "\ufffd")): // cut within a letter
		return isCut
	}
	return isOther
}

// folded returns a reference without the differences that a vendor may not see.
func folded(reference string) string {
	return strings.ToLower(strings.Join(strings.Fields(reference), " "))
}

// compact is folded without any blanks.
func compact(reference string) string { return strings.ReplaceAll(folded(reference), " ", "") }

// sameLetters reports whether two texts are equal where é may be one character
// in one of them and e with a mark in the other. Which letter it is is not
// compared then: that takes tables, and this decides between "conflict" and
// "another payment".
func sameLetters(a, b string) bool {
	for a != "" && b != "" {
		n, m := letter(a), letter(b)
		x, y := a[:n], b[:m]
		a, b = a[n:], b[m:]
		if x != y && !(isMarked(x) && isSpecial(y)) && !(isMarked(y) && isSpecial(x)) {
			return false
		}
	}
	return a == b
}

// letter returns how many bytes the first character and its marks have.
func letter(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !unicode.Is(unicode.Mn, r) {
			break
		}
		n += size
	}
	return n
}

// isMarked reports whether a letter has marks of its own.
func isMarked(letter string) bool {
	_, n := utf8.DecodeRuneInString(letter)
	return n < len(letter)
}

// isSpecial reports whether a letter may hold a mark in itself.
func isSpecial(letter string) bool { return letter[0] >= utf8.RuneSelf && !isMarked(letter) }
