//go:build race

package payment_test

const underRace = true
