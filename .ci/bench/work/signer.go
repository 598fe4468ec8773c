package work

import "net/http"

// signer is how a vendor's package signs.
type signer struct{ next http.RoundTripper }

func (s signer) RoundTrip(req *http.Request) (*http.Response, error) {
	req.Header["Authorization"] = []string{"Bearer " + Token}
	return s.next.RoundTrip(req)
}
