// Package rubi pays for what members put into their basket in Rubi (RubiCRM):
// event bookings and membership subscriptions, by invoice, by card, or as free.
//
// The shortest program pays all bookings of one contact by invoice:
//
//	client, err := rubi.New(rubi.Config{APIKey: tenderkit.Secret(key)})
//	if err != nil {
//		return err
//	}
//	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{
//		Item: rubi.Bookings,
//		Payment: rubi.UserPayment{
//			UID: uid, PaymentType: rubi.Invoice,
//			Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
//			EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
//		},
//	})
//
// For a card, [Client.Checkout] gives a transaction: store it, charge its Total
// with Stripe, store the charge ([Checkout.WithCharge]), and hand it to
// [Client.Complete].
//
// # Who may call
//
// The API key is the only credential, and with it any uid acts for that person.
// Both belong on a server, never in a browser or a log. The key is part of
// every request's body, so this package shows no body of a request to anyone,
// and takes the key out of what comes back. Types with a uid or an address
// print without them.
//
// # Once
//
// Rubi documents no idempotency key, no check for duplicates, no way to ask for
// a transaction, no refund and no void. What it has is the basket: items that
// were paid leave it. So nothing is written twice by this package, and after a
// lost answer [Client.Resume] reads the basket. A card payment is bound to the
// one TransactionID that was stored before the charge; a charge that Rubi was
// not told of is a [*ChargedError], and never dropped.
//
// # Mails
//
// Rubi mails a confirmation by itself after Invoice and Confirm (documented);
// only its support can turn that off. The EmailSubject and EmailBody that it
// answers are handed over, and sending them too would mean two mails. This
// package sends none.
//
// # Evidence
//
// Doc comments say where a fact is from: documented by the vendor or inferred.
// What is unknown is called unknown. No traffic has been observed. The form of
// a request and the layers of an answer are taken from the vendor's own jQuery
// sample.
package rubi
