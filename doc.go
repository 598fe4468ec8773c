// Package tenderkit records payments that were taken in one place with the
// vendors that have to know of them.
//
// It holds what all clients share: [Secret], and the options that say how a
// client talks. The work is done in the packages beside it:
//
//   - payment: exact money, the payment, the receipt, the errors, and
//     [github.com/tenderkit/tenderkit/payment.Once]
//   - payment/outbox: what is known of each payment, in SQLite or Postgres
//   - payment/salesdata: a till's sales documents
//   - payment/reconcile: two sides of payments compared
//   - brightpearl: customer and supplier payments in Brightpearl (Sage)
//   - spektrix: custom payments that balance a basket in Spektrix
//   - rubi: basket payments and Stripe results in RubiCRM
//   - backendpay: payments of a customer in Billing Platform UK
//   - payment/paymenttest and the packages named after a vendor with "test":
//     emulators, fault scripts, and the clauses of each vendor's contract
//
// The shortest program:
//
//	client, err := brightpearl.New(brightpearl.Config{
//		Account: "acme", Datacenter: "euw1",
//		Auth: brightpearl.StaffToken("acme_till", tenderkit.Secret(token)),
//	})
//	if err != nil {
//		return err
//	}
//	receipt, err := payment.Once(ctx, client.Recorder(brightpearl.RecorderOptions{}), payment.Payment{
//		Reference: payment.NewReference("till 7", "receipt 4711"), // the same on every try
//		Kind:      payment.Sale,
//		Amount:    amount, // payment.ParseMoney("318.00", "GBP")
//		Date:      taken,  // when the till took it
//		Method:    "CARD",
//		Target:    "2002", // the order
//	}, payment.WithStore(store)) // of package outbox
//
// None of the vendors has an idempotency key. So a write is sent again only if
// it is certain that nothing has happened; where nobody can know, the error
// says so and carries what is needed to find out.
package tenderkit
