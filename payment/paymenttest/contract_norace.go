//go:build !race

package paymenttest

const underRace = false
