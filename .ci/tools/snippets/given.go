package main

const module = "github.com/tenderkit/tenderkit"

// importable are the packages that a block can use without an import.
var importable = []string{
	"bytes", "context", "database/sql", "errors", "fmt", "io", "iter", "log", "net/http", "os", "strings", "testing", "time",
	module,
	module + "/backendpay", module + "/backendpay/backendpaytest",
	module + "/brightpearl", module + "/brightpearl/brightpearltest",
	module + "/payment", module + "/payment/outbox", module + "/payment/paymenttest", module + "/payment/reconcile", module + "/payment/salesdata",
	module + "/rubi", module + "/rubi/rubitest",
	module + "/spektrix", module + "/spektrix/spektrixtest",
}

// notGo are the packages whose comment begins with a block of something else.
var notGo = map[string]bool{
	"payment/outbox/river": true, // a table of what becomes of a job
}

// givenEverywhere is what every block can take as given.
const givenEverywhere = `
var (
	ctx      context.Context
	t        *testing.T
	token    string
	store    payment.Store
	recorder payment.Recorder
	p        payment.Payment
)
`

// given is what the blocks of one document take as given beside that.
var given = map[string]string{
	".":                   "var amount payment.Money\nvar taken time.Time\n",
	"payment":             "var client *brightpearl.Client\nvar options brightpearl.RecorderOptions\n",
	"payment/salesdata":   "var file io.Reader\nvar closed time.Time\n",
	"payment/reconcile":   "var till, vendor iter.Seq2[reconcile.Record, error]\nvar totals reconcile.Totals\n",
	"payment/paymenttest": "var harness paymenttest.Harness\n",
	"brightpearl":         "var amount payment.Amount\n",
	"backendpay":          "var key tenderkit.Secret\nvar amount payment.Amount\n",
	"spektrix":            "var secret tenderkit.Secret\nvar seat spektrix.NewTicket\nvar till string\nvar card payment.Payment\n",
	"rubi":                "var key, uid string\nvar total payment.Money\n",
}
