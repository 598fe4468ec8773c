// Package wire reads and writes JSON where encoding/json is not exact enough:
// it tells where a document is wrong, reads vendors' times, cuts a stream into
// its elements, and writes text without HTML escapes.
//
// No error of this package holds a value of the document.
package wire
