package mutation_test

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

// mutations are in the order of a payment's way: Once, the lookup, the vendor's
// Recorder, the transport, and what is shown of it.
var mutations = []mutation{
	{"a write again after an unknown outcome, whatever the vendor does with duplicates",
		"payment/resolve.go", "return refuses && err == nil", "return refuses || err == nil",
		suite, "TestRunTakesDuplicates/slow"},
	{"a write again though the look failed",
		"payment/resolve.go", " || !errors.Is(s.lastLook, ErrNotFound) {", " {",
		payment, "TestOnce$|TestResume$"},
	{"no find in Once",
		"payment/resolve.go", "receipt, found, err1 := s.look(ctx, s.patience.looks)", "receipt, found, err1 := Receipt{}, false, error(nil)",
		brightpearl, "TestConformance/faults/Once$"},
	{"no find in Resume",
		"payment/resolve.go", "receipt, found, err := s.lookOnce(ctx)\n\tswitch {", "receipt, found, err := Receipt{}, false, error(nil)\n\ts.lastLook = ErrNotFound\n\tswitch {",
		suite, "TestRunRefusesDuplicates/conflict|TestRunRefusesDuplicates/faults/Resume"},
	{"no patience with slow indexes",
		"payment/resolve.go", "for i := range looks {", "for i := range min(looks, 1) {",
		suite, "TestRunTakesDuplicates/slow"},
	{"no settle time",
		"payment/resolve.go", "s.patience.settle-time.Since(s.heard)", "0*time.Since(s.heard)",
		suite, "TestRunTakesDuplicates/late"},
	{"no comparison of amounts",
		"payment/resolve.go", "case !r.Amount.Equal(s.p.Amount):", "case false:",
		payment, "TestOnce$"},
	{"a refusal is believed without a look",
		"payment/resolve.go", "case mayBeDuplicate(err):\n\t\t\treturn s.explainRefusal(ctx, err)", "case mayBeDuplicate(err):\n\t\t\treturn Receipt{}, err",
		brightpearl, "TestConformance/duplicates/goroutines_with_lag_40ms"},
	{"a refusal is believed after failed looks",
		"payment/resolve.go", "case s.nothing || !refuses && err == nil:", "case true:",
		payment, "TestRefusalIsNotBelieved"},
	{"a clear answer after an unknown outcome ends the doubt",
		"payment/resolve.go", "case s.unknown != nil && !errors.Is(err, ErrConflict):", "case false:",
		suite, "TestRunRefusesDuplicates/faults/Once$"},
	{"a find does not say that the payment stood already",
		"payment/resolve.go", "r.AlreadyRecorded = true", "r.AlreadyRecorded = false",
		suite, "TestRunRefusesDuplicates/faults/Resume_of"},

	{"a payment is taken for a read",
		"brightpearl/customerpayment.go", "Class: transport.Write, Method: http.MethodPost", "Class: transport.Read, Method: http.MethodPost",
		brightpearl, "TestConformance/faults/Record"},
	{"no look after a refusal",
		"brightpearl/recorder.go", "if !refusedByVendor(err) {", "if true {",
		brightpearl, "TestConformance/(conflict|duplicates/one)"},
	{"what is found is taken for the payment, whatever it is",
		"brightpearl/recorder.go", "err == nil && !found.Matches(cp)", "false && !found.Matches(cp)",
		brightpearl, "TestConformance/conflict"},
	{"duplicates are said to be refused under any method",
		"brightpearl/recorder.go", "if strings.EqualFold(m.Code, r.method(p)) {", "if strings.EqualFold(m.Code, m.Code) {",
		brightpearl, "TestOnceDoesNotRepeatUnderAnUnknownMethod"},
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

	{"an echoed credential is shown",
		"internal/transport/spelling.go", "for i := 0; i < len(b); i++ {\n\t\tn, whole := find(", "for i := len(b); i < len(b); i++ {\n\t\tn, whole := find(",
		brightpearl, "TestConformance/sealed/staff_refused"},
	{"an unknown outcome encodes its payment",
		"payment/once.go", "func (e UnresolvedError) MarshalJSON()", "func (e UnresolvedError) marshalJSON()",
		brightpearl, "TestConformance/sealed/staff$"},
	{"a payment prints its attributes",
		"payment/print.go", "func (p Payment) Format(", "func (p Payment) format(",
		brightpearl, "TestConformance/sealed/staff$"},
}
