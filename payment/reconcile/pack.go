package reconcile

import (
	"encoding/binary"

	"github.com/tenderkit/tenderkit/payment"
)

// side is 0 for the left and 1 for the right.
type side int

const (
	leftSide side = iota
	rightSide
)

func (s side) String() string { return [...]string{"left", "right"}[s] }

// place says where a packed record stands: chunk, offset in it, and side.
type place uint64

func (p place) side() side  { return side(p & 1) }
func (p place) chunk() int  { return int(p >> 33) }
func (p place) offset() int { return int(uint32(p >> 1)) }

const (
	firstChunk = 4 << 10
	chunkSize  = 1 << 20
)

// pack holds records as bytes: 100 of them take as much memory as 20 of a
// slice, and nothing for the garbage collector to follow.
type pack struct {
	chunks   [][]byte
	accounts []payment.Account
	numbers  map[payment.Account]uint64
}

func newPack() *pack { return &pack{numbers: map[payment.Account]uint64{}} }

func (p *pack) account(a payment.Account) uint64 {
	n, ok := p.numbers[a]
	if !ok {
		n = uint64(len(p.accounts))
		p.accounts = append(p.accounts, a)
		p.numbers[a] = n
	}
	return n
}

// add packs a record.
func (p *pack) add(s side, r Record) place {
	if n := len(p.chunks); n == 0 || len(p.chunks[n-1]) > cap(p.chunks[n-1])*15/16 {
		p.chunks = append(p.chunks, make([]byte, 0, min(chunkSize, firstChunk<<min(n, 8))))
	}
	last := len(p.chunks) - 1
	b := p.chunks[last]
	at := place(last)<<33 | place(len(b))<<1 | place(s)
	b = binary.AppendUvarint(b, p.account(r.Account))
	b = binary.AppendVarint(b, int64(dayNumber(r.Date)))
	amount := r.Amount.String()
	for _, text := range [...]string{r.ID, r.Reference, string(r.Kind), amount, r.Method, r.Target, r.Reverses, r.Source} {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	p.chunks[last] = b
	return at
}

// get unpacks a record. All its texts share one allocation.
func (p *pack) get(at place) (r Record) {
	b := p.chunks[at.chunk()][at.offset():]
	account, n := binary.Uvarint(b)
	b = b[n:]
	day, n := binary.Varint(b)
	b = b[n:]
	var amount string
	fields := [...]*string{&r.ID, &r.Reference, (*string)(&r.Kind), &amount, &r.Method, &r.Target, &r.Reverses, &r.Source}
	all := string(b[:size(b, len(fields))])
	for _, field := range fields {
		length, n := uvarint(all)
		*field, all = all[n:n+length], all[n+length:]
	}
	r.Account, r.Date = p.accounts[account], dateOf(int(day))
	_ = r.Amount.UnmarshalText([]byte(amount)) // was written by add
	return r
}

// size measures n texts.
func size(b []byte, n int) (total int) {
	for range n {
		length, width := binary.Uvarint(b[total:])
		total += width + int(length)
	}
	return total
}

func uvarint(s string) (value, width int) {
	for shift := 0; ; shift += 7 {
		c := s[width]
		width++
		value |= int(c&0x7f) << shift
		if c < 0x80 {
			return value, width
		}
	}
}
