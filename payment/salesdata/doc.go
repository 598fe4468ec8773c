// Package salesdata reads and writes the sales documents of a till by Munu:
// orders with their payments and lines, as the vendor delivers them in files.
//
//	for order, err := range salesdata.Decode(file) {
//		if err != nil {
//			return err // says which order, which field, which byte
//		}
//		for _, p := range order.Payments {
//			record, err := p.In("NOK", closed) // a payment.Payment
//			...
//		}
//	}
//
// The vendor documents the same records twice, and a file does not say which
// form it has: [Root], with every field optional, and [MDS]. Each record keeps
// the [Shape] it came from. A root net_amount and an MDS amount are never mixed
// up: the tip is outside the one and inside the other. [Payment.Convert] goes
// from one to the other, and nothing else does.
//
// Amounts are exact and keep their digits; decode and encode give an equal
// document. [Balance] compares what the payments pay for lines with what the
// lines come to, and says what the comparison rests on.
//
// The vendor documents neither the currency nor the zone of times in these
// files, nor the signs of refunds: the caller supplies the first two, and
// nothing is turned by the type of an order.
package salesdata
