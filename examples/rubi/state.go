package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/disk"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

// kept is the memory of one checkout in one file. It is a [payment.Store] for
// one program at a time: a claim ends with its process. A program that runs in
// several processes uses package outbox.
type kept struct {
	system string
	path   string

	mu     sync.Mutex
	saved  saved
	tokens map[payment.Key]string // of the claims of this process
}

// saved is what stands in the file.
type saved struct {
	System  string // where the checkout was begun: it must not go on in another installation
	Agreed  agreed
	Charge  rubi.StripePayment `json:",omitzero"` // that Stripe has made
	Entries []entry
}

// agreed is what the payer has agreed to.
type agreed struct {
	Reference   string
	UID         string
	Item        rubi.Item
	PaymentType rubi.PaymentType
	Items       []string
	Total       payment.Money
}

type entry struct {
	Key      payment.Key
	Payload  []byte
	Progress payment.Progress
	Revision int64
}

// load reads what an earlier run has left. Without a file, the checkout has not
// begun.
func load(path, system string) (*kept, error) {
	k := &kept{system: system, path: path, saved: saved{System: system}, tokens: map[payment.Key]string{}}
	text, found, err := disk.Read(path)
	if err != nil || !found {
		return k, err
	}
	switch err := json.Unmarshal(text, &k.saved); {
	case err != nil:
		return nil, fmt.Errorf("%s is not the file of a checkout: %w", path, err)
	case k.saved.System != system:
		return nil, fmt.Errorf("%s is of a checkout in %s, not in %s", path, k.saved.System, system)
	case k.saved.Agreed.Reference == "" || !k.saved.Agreed.Total.IsSet():
		return nil, fmt.Errorf("%s is not the file of a checkout", path)
	}
	return k, nil
}

// begun reports whether an earlier run has begun the checkout.
func (k *kept) begun() bool { return k.saved.Agreed.Reference != "" }

// agree keeps what was agreed before anything is submitted.
func (k *kept) agree(a agreed) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.saved.Agreed = a
	return k.write()
}

// charge keeps the charge before it is reported.
func (k *kept) charge(p rubi.StripePayment) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.saved.Charge = p
	return k.write()
}

func (k *kept) write() error { return disk.WriteJSON(k.path, k.saved) }

// Claim implements [payment.Store].
func (k *kept) Claim(ctx context.Context, key payment.Key, payload []byte, _ time.Duration) (payment.Entry, error) {
	if err := ctx.Err(); err != nil {
		return payment.Entry{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tokens[key] != "" {
		return payment.Entry{}, &payment.HeldError{Key: key}
	}
	e := k.find(key)
	switch {
	case e == nil && payload == nil:
		return payment.Entry{}, fmt.Errorf("%v: %w", key, payment.ErrNotFound)
	case e == nil:
		k.saved.Entries = append(k.saved.Entries, entry{Key: key, Payload: payload, Progress: payment.Progress{Status: payment.Open}})
		e = k.find(key)
	}
	return k.hold(*e), nil
}

// Save implements [payment.Store].
func (k *kept) Save(ctx context.Context, next payment.Entry, lease time.Duration) (payment.Entry, error) {
	if err := ctx.Err(); err != nil {
		return payment.Entry{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.find(next.Key)
	if e == nil || k.tokens[next.Key] != next.Token {
		return payment.Entry{}, &payment.HeldError{Key: next.Key}
	}
	old := *e
	*e = entry{Key: next.Key, Payload: next.Payload, Progress: next.Progress, Revision: old.Revision + 1}
	if err := k.write(); err != nil {
		*e = old
		return payment.Entry{}, err
	}
	held := k.hold(*e)
	if lease == 0 {
		delete(k.tokens, next.Key)
	}
	return held, nil
}

func (k *kept) find(key payment.Key) *entry {
	for i := range k.saved.Entries {
		if k.saved.Entries[i].Key == key {
			return &k.saved.Entries[i]
		}
	}
	return nil
}

// hold returns an entry under a new token. The file is all that ever happened to
// the checkout, so the entry is certain.
func (k *kept) hold(e entry) payment.Entry {
	token := strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.FormatInt(e.Revision, 36)
	k.tokens[e.Key] = token
	return payment.Entry{Key: e.Key, Payload: e.Payload, Progress: e.Progress, Revision: e.Revision, Token: token, Certain: true}
}
