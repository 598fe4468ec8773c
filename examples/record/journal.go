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
	stepBegun    = "begun"    // it may have been sent to the vendor
	stepRecorded = "recorded" // the vendor has it
	stepUnknown  = "unknown"  // whether the vendor has it could not be found out
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

// journal remembers what was done with each payment, also when the run is
// killed. Each step is one line of JSON, which is appended and on disk before
// the step is taken. Only one run at a time may use a journal.
//
// At a vendor that cannot be asked, a payment that was begun stays unknown. A
// person who has looked it up there settles it with a line at the journal's end
// whose step is "recorded" or "refused".
type journal struct {
	file *os.File // nil without a journal
	last map[string]entry
}

// openJournal reads what earlier runs have done. With an empty path there is no
// journal.
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

// read reads all whole lines. A last line without its end was being written
// when the run was killed. Its step was not taken, so it is cut off.
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

// of returns what is known of a payment. It refuses a payment that differs from
// what an earlier run recorded under the same reference.
func (j *journal) of(vendor string, p payment.Payment) (entry, error) {
	e, ok := j.last[vendor+" "+p.Reference]
	if ok && (!e.Amount.Equal(p.Amount) || e.Target != p.Target) {
		return e, fmt.Errorf("payment %s: the journal has it with %v for %s", p.Reference, e.Amount, e.Target)
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
