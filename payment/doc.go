// Package payment is the model that all vendors share: exact money, the
// payment itself, the receipt, and the errors that say what is known.
//
// An [Amount] is a decimal number that keeps every digit it was written with;
// [Money] is an amount in a [Currency]. No amount ever passes through a float.
//
// A [Payment] is handed to a [Recorder], which every vendor's client gives.
// [Once] does that and finds out what happened if the answer is lost; [Resume]
// takes a payment up again after a crash.
package payment
