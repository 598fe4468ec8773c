// Package payment is the model that all vendors share: exact money, the
// payment itself, and recording it once.
//
// An [Amount] is a decimal number that keeps every digit it was written with;
// [Money] is an amount in a [Currency]. No amount ever passes through a float.
//
// A [Payment] is handed to a [Recorder], which every vendor's client returns, by
// [Once]:
//
//	receipt, err := payment.Once(ctx, client.Recorder(options), p, payment.WithStore(store))
//
// None of the vendors has an idempotency key. Once keeps what is known of each
// payment in a [Store], asks the vendor where nobody can know, and writes again
// only where that cannot record the payment twice. Its errors say what is known:
// test for the sentinels, such as [ErrOutcomeUnknown], with errors.Is.
package payment
