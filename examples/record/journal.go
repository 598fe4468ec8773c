package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
)

// The steps that a journal holds of a payment.
const (
	stepBegun    = "begun"    // it may have been handed to the vendor
	stepRecorded = "recorded" // the vendor has it
	stepUnknown  = "unknown"  // nobody could find out
	stepRefused  = "refused"  // the vendor does not have it
)

// entry is one line of a journal.
type entry struct {
	Vendor    string        `json:"vendor"`
	Reference string        `json:"reference"`
	Target    string        `json:"target"`
	Amount    payment.Money `json:"amount"`
	Step      string        `json:"step"`
	ID        string        `json:"id,omitempty"`
}

// journal remembers what was done with each payment across runs that were
// killed. It is append-only: one JSON line a step, on disk before the step is
// taken. One run at a time may use it.
//
// At a vendor that cannot be asked, a payment that was begun stays unknown. When
// somebody has looked it up there, a line with the step "recorded" or "refused"
// at the journal's end settles it.
type journal struct {
	file *os.File // nil without a journal
	last map[string]entry
}

// openJournal reads what earlier runs have done. An empty path is no journal.
func openJournal(path string) (*journal, error) {
	j := &journal{last: make(map[string]entry)}
	if path == "" {
		return j, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j.file = file
	if err := j.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("journal %s: %w", path, err), file.Close())
	}
	return j, nil
}

// read takes all whole lines. A last line without its end was being written
// when the run was killed: the step was not taken, and the line is cut off.
func (j *journal) read() error {
	var whole int64
	lines := bufio.NewReader(j.file)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		var e entry
		if err := json.Unmarshal(bytes.TrimSpace(line), &e); err != nil || e.Reference == "" {
			return fmt.Errorf("line %d is not an entry", n)
		}
		j.last[e.Vendor+" "+e.Reference] = e
		whole += int64(len(line))
	}
	if err := j.file.Truncate(whole); err != nil {
		return err
	}
	_, err := j.file.Seek(whole, io.SeekStart)
	return err
}

// of gives what is known of a payment, and refuses one that is not the same as
// before: its reference would stand for two things.
func (j *journal) of(vendor string, p payment.Payment) (entry, error) {
	e, ok := j.last[vendor+" "+p.Reference]
	if ok && (!e.Amount.Equal(p.Amount) || e.Target != p.Target) {
		return e, fmt.Errorf("payment %s: the journal has it over %v for %s", p.Reference, e.Amount, e.Target)
	}
	return e, nil
}

// knows reports whether an earlier run has begun one of the payments.
func (j *journal) knows(vendor string, list []payment.Payment) bool {
	return slices.ContainsFunc(list, func(p payment.Payment) bool {
		_, ok := j.last[vendor+" "+p.Reference]
		return ok
	})
}

// note puts a step on disk.
func (j *journal) note(vendor string, p payment.Payment, step, id string) error {
	if j.file == nil {
		return nil
	}
	e := entry{Vendor: vendor, Reference: p.Reference, Target: p.Target, Amount: p.Amount, Step: step, ID: id}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	j.last[vendor+" "+p.Reference] = e
	return j.file.Sync()
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
