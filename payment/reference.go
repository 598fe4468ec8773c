package payment

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// references is the name space of all references of this package.
var references = uuid.UUID{0x1d, 0x5b, 0x6b, 0x0e, 0x8a, 0x2f, 0x4c, 0x57, 0x9e, 0x61, 0x3c, 0x0d, 0x7a, 0x44, 0xb2, 0x95}

// NewReference returns a reference that is the same for the same parts, on
// every run and machine: a UUID of version 5 (RFC 9562), 36 characters in
// lower case. Parts are told apart: ("a", "bc") and ("ab", "c") differ. Use what
// makes the payment unique at its source, such as the till's and the payment's id.
func NewReference(parts ...string) string {
	var name []byte
	for _, part := range parts {
		name = binary.AppendUvarint(name, uint64(len(part)))
		name = append(name, part...)
	}
	return uuid.NewSHA1(references, name).String()
}
