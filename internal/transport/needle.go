package transport

import "unicode/utf8"

const (
	maxWindow = 16 // bytes at a needle's end by which it is looked up
	wholeWord = 6  // a shorter needle is found as a whole word only
)

// needles are texts to look for, all at once: the time is linear in the text and
// in the needles, whatever either of them holds. Each needle is found by the
// hash of its last bytes and then by the hash of all of it. What only has the
// same hash is redacted too, which does no harm.
type needles struct {
	all     [][]byte
	windows [maxWindow + 1]*window // by their length
	hashes  []uint64               // of each needle
}

// window is the needles that are found by so many bytes at their end.
type window struct {
	byHash map[uint64][]int
	filter [1 << 10]uint64 // a bit for the top bits of each hash, to say no fast
}

func (w *window) add(key uint64, needle int) {
	w.byHash[key] = append(w.byHash[key], needle)
	w.filter[key>>54] |= 1 << (key >> 48 & 63)
}

func (w *window) find(key uint64) []int {
	if w.filter[key>>54]&(1<<(key>>48&63)) == 0 {
		return nil
	}
	return w.byHash[key]
}

func newNeedles(texts [][]byte) *needles {
	n := &needles{}
	seen := map[string]bool{}
	for _, text := range texts {
		if len(text) == 0 || seen[string(text)] {
			continue
		}
		seen[string(text)] = true
		w := min(len(text), maxWindow)
		if n.windows[w] == nil {
			n.windows[w] = &window{byHash: map[uint64][]int{}}
		}
		n.windows[w].add(hashOf(text[len(text)-w:]), len(n.all))
		n.all, n.hashes = append(n.all, text), append(n.hashes, hashOf(text))
	}
	return n
}

// find calls hit for every place of text where a needle is.
func (n *needles) find(text []byte, hit func(start, end int)) {
	if len(n.all) == 0 || len(text) == 0 {
		return
	}
	h := newHashes(text)
	for w, window := range n.windows {
		if window == nil {
			continue
		}
		for end := w; end <= len(text); end++ {
			for _, i := range window.find(h.of(end-w, end)) {
				start := end - len(n.all[i])
				if start >= 0 && h.of(start, end) == n.hashes[i] && (end-start >= wholeWord || isWord(text, start, end)) {
					hit(start, end)
				}
			}
		}
	}
}

// isWord reports whether no letter or digit continues what stands between start
// and end.
func isWord(text []byte, start, end int) bool {
	before := start > 0 && isWordByte(text[start-1]) && isWordByte(text[start])
	after := end < len(text) && isWordByte(text[end-1]) && isWordByte(text[end])
	return !before && !after
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// beginning returns where the end of text is the beginning of a needle, or the
// length of text.
func (n *needles) beginning(text []byte) int {
	h, longest := newHashes(text), 0
	for _, needle := range n.all {
		var prefix uint64
		for i, c := range needle[:min(len(needle)-1, len(text))] {
			prefix = prefix*hashBase + uint64(c) + 1
			start := len(text) - i - 1
			if i+1 > longest && h.of(start, len(text)) == prefix {
				longest = i + 1
			}
		}
	}
	return len(text) - longest
}

const hashBase = 0x9E3779B97F4A7C15 | 1

// hashes returns the hash of any part of a text at once.
type hashes struct{ prefix, power []uint64 }

func newHashes(text []byte) hashes {
	h := hashes{make([]uint64, len(text)+1), make([]uint64, len(text)+1)}
	h.power[0] = 1
	for i, c := range text {
		h.prefix[i+1] = h.prefix[i]*hashBase + uint64(c) + 1
		h.power[i+1] = h.power[i] * hashBase
	}
	return h
}

func (h hashes) of(start, end int) uint64 { return h.prefix[end] - h.prefix[start]*h.power[end-start] }

func hashOf(text []byte) (h uint64) {
	for _, c := range text {
		h = h*hashBase + uint64(c) + 1
	}
	return h
}
