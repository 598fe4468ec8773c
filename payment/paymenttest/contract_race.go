//go:build race

package paymenttest

// underRace is set where the race detector makes everything several times
// slower: [RoundTrip] then tries a part of what it tries otherwise.
const underRace = true
