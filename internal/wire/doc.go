// Package wire holds the forms in which vendors write numbers, ids, flags and
// times, over encoding/json/v2, and one way to read a document: a name twice in
// one object is an error, broken text is U+FFFD, and every error tells the place.
//
// No error of this package holds a value of the document.
package wire
