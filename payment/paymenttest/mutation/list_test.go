package mutation_test

import "slices"

// mutation is the removal of one safeguard, and the test that has to notice.
type mutation struct {
	name     string
	file     string // from the module's root
	old, new string // old stands in the file exactly once
	pkg, run string
}

const (
	brightpearl = "./brightpearl"
	payment     = "./payment"
	suite       = "./payment/paymenttest"
	transport   = "./internal/transport"
)

// mutations are in the order of a payment's way: Once, the vendor's Recorder, the
// transport, and what is shown of it.
var mutations = slices.Concat(ofOnce, ofVendors)

// ofVendors are the safeguards of a vendor's Recorder, of the transport, and of
// what is shown.
var ofVendors = []mutation{
	{"a payment is taken for a read",
		"brightpearl/customerpayment.go", "Class: transport.Write, Method: http.MethodPost", "Class: transport.Read, Method: http.MethodPost",
		brightpearl, "TestConformance/faults/Record"},
	{"what is found is taken for the payment, whatever it is",
		"brightpearl/recorder.go", "AlreadyRecorded: true, Differs: f.differences(p),", "AlreadyRecorded: true,",
		brightpearl, "TestConformance/conflict/another_kind"},
	{"a write before it has begun",
		"brightpearl/recorder.go", "if err := a.Begin(ctx, nil); err != nil {", "if err := ctx.Err(); err != nil {",
		brightpearl, "TestConformance/kinds"},
	{"payments of other orders are not looked for",
		"brightpearl/recorder.go", "for _, f := range byRef {", "for _, f := range byRef[:0] {",
		brightpearl, "TestFindOnAnotherOrder"},
	{"a method that the account does not know is taken",
		"brightpearl/recorder.go", "case code == \"\":\n\t\treturn payment.Payment{}, r.client", "case false:\n\t\treturn payment.Payment{}, r.client",
		brightpearl, "TestUnknownMethod"},
	{"every 503 is taken for the throttle's",
		"brightpearl/fault.go", "r.Status == http.StatusServiceUnavailable && strings", "r.Status == http.StatusServiceUnavailable || strings",
		brightpearl, "TestConformance/faults/Record"},

	{"a write is sent again after a lost answer",
		"internal/transport/retry.go", "silent:      {always, never,", "silent:      {always, always,",
		brightpearl, "TestConformance/faults/Record"},
	{"a write is sent again after a gateway's error",
		"internal/transport/retry.go", "overloaded:  {always, never,", "overloaded:  {always, always,",
		brightpearl, "TestConformance/faults/Record"},
	{"a write is sent again after half an answer",
		"internal/transport/retry.go", "torn:        {always, never,", "torn:        {always, always,",
		brightpearl, "TestConformance/faults/Record"},
	{"a status 404 on a lookup is taken for no payment",
		"internal/transport/retry.go", "said:        {never, never, nil, protocol, nil}", "said:        {never, never, nil, nil, nil}",
		transport, "TestLookupProvesNothing"},
	{"a web page on a lookup is taken for no payment",
		"internal/transport/retry.go", "foreign:     {never, never, protocol, protocol, unknown}", "foreign:     {never, never, protocol, nil, unknown}",
		transport, "TestLookupProvesNothing"},
	{"a cache may answer a lookup",
		"internal/transport/request.go", "h[\"Cache-Control\"], h[\"Pragma\"] = noCache, noCache", "_ = noCache",
		transport, "TestLookupAsksCachesNotToAnswer"},
	{"WithRetries is not heard",
		"internal/transport/connect.go", "RetryMax:     c.set.Retries,", "RetryMax:     3,",
		transport, "TestRetriesOffMeansOneAttempt|TestReadGivesUp"},
	{"an unknown outcome is called unavailable",
		"internal/transport/retry.go", "silent:      {always, never, unavailable, unavailable, unknown}", "silent:      {always, never, unavailable, unavailable, unavailable}",
		brightpearl, "TestConformance/faults/Record"},
	{"a success that cannot be read is called a protocol error",
		"internal/transport/retry.go", "unusable:    {never, never, protocol, protocol, unknown}", "unusable:    {never, never, protocol, protocol, protocol}",
		brightpearl, "TestConformance/faults/Record"},
	{"a lost connection is taken for one that never was",
		"internal/transport/attempt.go", "return t.connected.Load()", "return false",
		brightpearl, "TestConformance/faults/Record"},
	{"net/http may send a write a second time",
		"internal/transport/request.go", "\t\treq.GetBody = nil\n", "",
		transport, "TestWrite"},
	{"redirects are followed",
		"internal/transport/connect.go", "return http.ErrUseLastResponse", "return nil",
		transport, "TestRedirectsAreNotFollowed"},
	{"the limiter is not asked",
		"internal/transport/wait.go", "err := l.Wait(call)\n\t\tstop()", "err := call.Err()\n\t\tstop()",
		transport, "TestLimiter"},
	{"no time-out",
		"internal/transport/attempt.go", "req.Context(), c.set.Timeout, errTimedOut)", "req.Context(), 1000*c.set.Timeout, errTimedOut)",
		transport, "TestTimeoutOfAnAttempt"},
	{"a write that the transport sent twice is believed",
		"internal/transport/attempt.go", "return t.written.Load() > limit", "return t.written.Load() > 10*limit",
		transport, "TestTransportThatRepeats"},
	{"net/http repeats a read without end",
		"internal/transport/attempt.go", "t.stop()\n", "t.connected.Store(true)\n",
		transport, "TestReadsAreBounded"},
	{"a stream that was refused is an unknown outcome",
		"internal/transport/attempt.go", "t.written.Load() <= 1 && isUnprocessed(err)", "t.written.Load() < 0 && isUnprocessed(err)",
		transport, "TestNotProcessed"},
	{"a dead HTTP/2 connection is not noticed",
		"internal/transport/connect.go", "t.HTTP2 = &http2", "_ = http2",
		transport, "TestDeadHTTP2Connection"},
	{"an idle connection outlives the server's",
		"internal/transport/connect.go", "t.IdleConnTimeout = maxIdle", "t.IdleConnTimeout = 20 * maxIdle",
		transport, "TestIdleConnections"},
	{"a write is sent without its attempt's leave",
		"internal/transport/connect.go", "if err := callOf(ctx).allowed(ctx, payment.MayWrite); err != nil {", "if err := ctx.Err(); err != nil {",
		transport, "TestAttemptAllowsAWrite"},
	{"a write waits before its attempt has begun",
		"internal/transport/call.go", "call.allowed(call, payment.StartWrite)", "call.allowed(call, payment.MayWrite)",
		transport, "TestAttemptAllowsAWrite"},
	{"a page under 403 is the vendor's word",
		"internal/transport/retry.go", "walled:      {never, never, nil, nil, unknown}", "walled:      {never, never, nil, nil, nil}",
		transport, "TestWordOfTheVendor"},
	{"a sentence under 403 is the vendor's word",
		"internal/transport/retry.go", "r.isPage() || r.isText(), barred, walled", "r.isPage(), barred, walled",
		transport, "TestWordOfTheVendor"},
	{"a gateway that gave up is the vendor's word",
		"internal/transport/retry.go", "status == http.StatusRequestTimeout || http.StatusText(status) == \"\"", "status == http.StatusRequestTimeout || status < 0",
		transport, "TestWordOfTheVendor"},
	{"a panic of an observer loses the outcome",
		"internal/transport/observe.go", "defer func() { _ = recover() }()", "defer func() {}()",
		transport, "TestPanicOfAWatcher"},
	{"a panic loses the outcome",
		"internal/transport/call.go", "p := recover()", "var p any",
		transport, "TestPanicOnTheWay"},
	{"a layer of an error shows a credential",
		"internal/transport/sealed.go", "if whole && text == err.Error() && v.isOpen(err) {", "if whole && text == err.Error() {",
		transport, "TestEveryLayerIsSealed"},
	{"what is redacted already is redacted again",
		"internal/transport/seal.go", "case isRedacted(b, h):", "case false:",
		transport, "TestSealNestedForms"},
	{"a short key garbles other words",
		"internal/transport/needle.go", "end-start >= wholeWord || isWord(", "end-start >= 1 || isWord(",
		transport, "TestSealNestedForms"},

	{"an echoed credential is shown",
		"internal/transport/seal.go", "hits = append(hits, q.hits(s)...)", "_ = q.hits(s)",
		brightpearl, "TestConformance/sealed/staff_refused"},
	{"an unknown outcome encodes its payment",
		"payment/unresolved.go", "func (e UnresolvedError) MarshalJSON()", "func (e UnresolvedError) marshalJSON()",
		payment, "TestErrorsEncodeWithoutPersonalData"},
	{"a payment prints its attributes",
		"payment/print.go", "func (p Payment) Format(", "func (p Payment) format(",
		payment, "TestPaymentsPrintWithoutPersonalData"},
}
