package spektrixtest

import (
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// EdgeBlock is a fault of this vendor: the web page with which the edge in
// front of it refuses a client, status 403 and no effect.
func EdgeBlock() paymenttest.Fault {
	return paymenttest.Answer(http.StatusForbidden, htmlType, edgePage, false)
}

// Forbidden is a fault of this vendor: a 403 from the service itself, in JSON
// and without an effect. It has been observed for an account without rights.
func Forbidden() paymenttest.Fault {
	return paymenttest.Answer(http.StatusForbidden, jsonType, `{"message":"forbidden"}`, false)
}

// EchoDiffers is a fault of this vendor: the payment is stored as it was sent,
// and the answer is that of the documentation's example, whose amount and
// attribute are not what was sent.
func EchoDiffers() paymenttest.Fault {
	return paymenttest.Answer(http.StatusOK, jsonType,
		`{"name":"EPOS System","amount":10.0,"attributes":[{"name":"Payment ref","value":"ABC_123"}]}`, true)
}
