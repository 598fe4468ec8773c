// Package brightpearl records payments in Brightpearl (Sage): on sales orders,
// sales credits and purchase orders that were paid somewhere else.
//
// The shortest program:
//
//	client, err := brightpearl.New(brightpearl.Config{
//		Account:    "acme",
//		Datacenter: "euw1",
//		Auth:       brightpearl.StaffToken("acme_till", tenderkit.Secret(token)),
//	})
//	if err != nil {
//		return err
//	}
//	id, err := client.CreateCustomerPayment(ctx, brightpearl.CustomerPayment{
//		TransactionRef:    "till-7-receipt-4711",
//		PaymentMethodCode: "CARD",
//		PaymentType:       brightpearl.TypeReceipt,
//		OrderID:           2002,
//		CurrencyISOCode:   "GBP",
//		AmountPaid:        amount,
//		PaymentDate:       time.Now(),
//	})
//
// # Once
//
// Brightpearl has no idempotency key. Its one guard is TransactionRef: the pair
// of reference and payment method is accepted once, provided that the account
// knows the method. So a reference is required here, it must be the caller's
// own and stay the same from attempt to attempt, and an answer that was lost
// can be looked up by it. [payment.Once] over [Client.Recorder] does all that.
//
// # What the vendor does with mistakes
//
// A misspelt method code is accepted, makes no journal and escapes the check of
// uniqueness. A missing amountPaid is taken for 0, the amount field of another
// type is ignored, a long journalRef is cut, an over-payment becomes credit on
// account. Payments cannot be edited. What can be refused of that, this package
// refuses before anything is sent.
//
// # Limits
//
// An account answers 200 requests a minute, all private apps together. A Client
// follows what the vendor's headers say is left, slows down near the end of a
// window, and waits for the next one.
//
// # Evidence
//
// Doc comments say where a fact is from: documented by the vendor, observed in
// real traffic, or inferred. What is unknown is called unknown.
package brightpearl
