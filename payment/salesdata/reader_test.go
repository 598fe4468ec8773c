package salesdata_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestDecodeStopsEarly(t *testing.T) {
	t.Parallel()
	n := 0
	for _, err := range salesdata.Decode(strings.NewReader(`[{"net_amount":1},{"net_amount":1},broken`)) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 2 {
			break
		}
	}
}

func TestDecodePassesOnTheReadersError(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection lost")
	for _, before := range []string{"", "[", `[{"net_amount":1},{"net_am`} {
		r := iotest.ErrReader(lost)
		if before != "" {
			r = &joined{strings.NewReader(before), lost}
		}
		_, err := salesdata.DecodeAll(r)
		if !errors.Is(err, lost) || errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%q: %v", before, err)
		}
	}
}

// joined gives text and then an error.
type joined struct {
	*strings.Reader
	err error
}

func (j *joined) Read(p []byte) (int, error) {
	if j.Len() == 0 {
		return 0, j.err
	}
	return j.Reader.Read(p)
}
