package wire

// cutter finds where a JSON value ends. It looks at quotes and brackets only.
type cutter struct {
	depth  int
	quoted bool
	bare   bool // a number or a word, which ends where something else begins
}

// scan looks at data from byte n on and gives the number of bytes seen; done
// says that they are the whole value. A cut value is scanned on with more data
// and the same cutter.
func (c *cutter) scan(data []byte, n int) (seen int, done bool) {
	for n < len(data) {
		if c.quoted {
			n = c.quote(data, n)
			if n > len(data) { // a backslash is the last byte so far
				return len(data) - 1, false
			}
			if c.quoted || c.depth > 0 {
				continue
			}
			return n, true
		}
		var done bool
		if n, done = c.step(data[n], n); done {
			return n, true
		}
	}
	return n, false
}

// step takes one byte outside quotes.
func (c *cutter) step(b byte, n int) (next int, done bool) {
	switch b {
	case '"':
		if c.bare {
			return n, true
		}
		c.quoted = true
	case '{', '[':
		if c.bare {
			return n, true
		}
		c.depth++
	case '}', ']':
		if c.depth == 0 {
			return n, true
		}
		c.depth--
		return n + 1, c.depth == 0
	case ',', ':', ' ', '\n', '\r', '\t':
		if c.depth == 0 {
			return n, true
		}
	default:
		c.bare = c.bare || c.depth == 0
	}
	return n + 1, false
}

// quote goes on to the end of the quotes or of data.
func (c *cutter) quote(data []byte, n int) int {
	for ; n < len(data); n++ {
		switch data[n] {
		case '\\':
			n++
			if n == len(data) {
				return n + 1
			}
		case '"':
			c.quoted = false
			return n + 1
		}
	}
	return n
}
