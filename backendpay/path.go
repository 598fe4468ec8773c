package backendpay

import "github.com/tenderkit/tenderkit/internal/transport"

// TrailingSlash is where the paths of an installation end with a slash. A read
// in the wrong form may be redirected, which is followed on the same host; a
// redirected write is not.
type TrailingSlash uint8

// The forms of paths.
const (
	// SlashOnCollections is the form of the documentation's routes:
	// payments/ and payments/501.
	SlashOnCollections TrailingSlash = iota
	// SlashNowhere is the form of its curl samples: payments and payments/501.
	SlashNowhere
	// SlashEverywhere is a guess: payments/ and payments/501/.
	SlashEverywhere
)

func (s TrailingSlash) known() bool { return s <= SlashEverywhere }

// collection gives the path of a list, or of a creation in it.
func (f form) collection(path string) string {
	if f.slash == SlashNowhere {
		return path
	}
	return path + "/"
}

// item gives the path of one object.
func (f form) item(path string) string {
	if f.slash == SlashEverywhere {
		return path + "/"
	}
	return path
}

// checkID refuses what cannot be an id in a path. The documentation calls the
// path parameter numeric.
func (f form) checkID(field, id string) error {
	switch {
	case id == "":
		return invalid(field, "is empty")
	case !f.textIDs && !isDigits(id):
		return invalid(field, "is not made of digits; Config.TextIDs allows other ids")
	}
	return transport.CheckSegment(field, id)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
