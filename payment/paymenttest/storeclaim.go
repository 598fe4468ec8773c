package paymenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func (s *shop) claims() {
	k := keyOf("r")
	e := s.claim(k, `{"a": 1}`, long)
	if e.Status != payment.Open || e.Writes != 0 || e.Revision != 0 || string(e.Payload) != `{"a": 1}` || len(e.Receipts)+len(e.Checkpoint) != 0 {
		s.Errorf("created as %v with payload %s, revision %d, %+v", e, e.Payload, e.Revision, e.Progress)
	}
	if e.Certain == s.h.InMemory {
		s.Errorf("a new entry is certain: %t", e.Certain)
	}
	_, err := s.Claim(s.Context(), k, []byte(`{"b":2}`), long)
	if held := s.held(err, k); held.Until.Sub(e.Until).Abs() > time.Millisecond {
		s.Errorf("held until %v, the claim ends %v", held.Until, e.Until)
	}
	released := s.save(e, 0)
	again := s.claim(k, `{"b":2}`, long)
	if string(again.Payload) != `{"a": 1}` || again.Revision != 1 || again.Token == released.Token || again.Token == e.Token {
		s.Errorf("claimed again with payload %s, revision %d, token %q after %q", again.Payload, again.Revision, again.Token, released.Token)
	}
	if again.Certain == s.h.InMemory {
		s.Errorf("a saved entry is certain: %t", again.Certain)
	}
}

func (s *shop) noPayload() {
	k := keyOf("r")
	for range 2 {
		if _, err := s.Claim(s.Context(), k, nil, long); !errors.Is(err, payment.ErrNotFound) || errors.Is(err, payment.ErrOutcomeUnknown) {
			s.Errorf("error %v, want ErrNotFound", err)
		}
	}
	s.save(s.claim(k, `{}`, long), 0)
	e, err := s.Claim(s.Context(), k, nil, long)
	if err != nil || string(e.Payload) != `{}` {
		s.Errorf("claimed %s, %v", e.Payload, err)
	}
}

// leases checks that a claim ends with its lease, that a Save renews it, and
// that its token stays good until somebody else claims.
func (s *shop) leases() {
	const short = 150 * time.Millisecond
	k := keyOf("r")
	began := time.Now()
	first := s.claim(k, `{}`, short)
	second := s.wait(k)
	if waited := time.Since(began); waited < short {
		s.Errorf("a lease of %v ended after %v", short, waited)
	}
	_, err := s.Save(s.Context(), first, long)
	s.held(err, k)
	renewed := s.save(second, short)
	time.Sleep(2 * short)
	renewed = s.save(renewed, long) // nobody has claimed it since
	time.Sleep(2 * short)
	_, err = s.Claim(s.Context(), k, nil, short)
	s.held(err, k)
	s.save(renewed, 0)
	s.claim(k, `{}`, short)
}

func (s *shop) saves() {
	k := keyOf("r")
	want := s.full(s.claim(k, `{}`, long))
	kept := want
	kept.Payload, kept.Checkpoint = bytes.Clone(want.Payload), bytes.Clone(want.Checkpoint)
	saved := s.save(want, 0)
	s.same(saved, kept)
	scratch(want)
	scratch(saved)
	want = kept
	got := s.claim(k, `{"other":1}`, long)
	s.same(got, want)
	want = got
	want.Progress, want.Payload = payment.Progress{Status: payment.Begun, Writes: 1}, []byte(`{"c" :3}`)
	s.same(s.save(want, 0), want)
	s.same(s.claim(k, `{}`, long), want)
}

// scratch writes over the bytes of an entry, which the Store must not share.
func scratch(e payment.Entry) {
	for _, b := range [][]byte{e.Payload, e.Checkpoint} {
		for i := range b {
			b[i] = '!'
		}
	}
}

// oldTokens checks that a Save with a token of the past changes nothing.
func (s *shop) oldTokens() {
	k := keyOf("r")
	first := s.claim(k, `{}`, long)
	second := s.full(s.save(first, long))
	third := s.save(second, long)
	for _, old := range []payment.Entry{first, second} {
		old.Status, old.Writes = payment.Begun, 3
		_, err := s.Save(s.Context(), old, 0)
		s.held(err, k)
	}
	forged := third
	forged.Token += "x"
	_, err := s.Save(s.Context(), forged, 0)
	s.held(err, k)
	_, err = s.Claim(s.Context(), k, nil, long)
	s.held(err, k) // none of them has ended the claim
	s.same(s.save(third, 0), third)
	strange := third
	strange.Key = keyOf("never claimed")
	_, err = s.Save(s.Context(), strange, 0)
	s.held(err, strange.Key)
	if _, err := s.Claim(s.Context(), strange.Key, nil, long); !errors.Is(err, payment.ErrNotFound) {
		s.Errorf("a Save of an unknown key created an entry: %v", err)
	}
}

// keys checks that keys that look alike are different.
func (s *shop) keys() {
	base := keyOf("r")
	all := []payment.Key{base}
	for _, reference := range []string{"R", "r ", " r", "r\n", "é", "e\u0301", "r/", "r'", `r"`, "r%", "r_", "r\\", "r\x1f", strings.Repeat("r", 500), strings.Repeat("r", 501)} {
		all = append(all, keyOf(reference))
	}
	for _, part := range []func(*payment.Key){
		func(k *payment.Key) { k.Op = "confirm" },
		func(k *payment.Key) { k.Account.Vendor = "V" },
		func(k *payment.Key) { k.Account.Tenant = "t2" },
		func(k *payment.Key) { k.Account.Host = "h:444" },
		func(k *payment.Key) { k.Account.Vendor, k.Account.Tenant = "v/t", "h:443" },
		func(k *payment.Key) { k.Account.Vendor, k.Account.Tenant = "v", "t/h:443" },
		func(k *payment.Key) { k.Op, k.Reference = "paymentr", "x" },
		func(k *payment.Key) { k.Op, k.Reference = "payment", "rx" },
	} {
		k := base
		part(&k)
		all = append(all, k)
	}
	for i, k := range all {
		e := s.claim(k, fmt.Sprint(i), long)
		if string(e.Payload) != fmt.Sprint(i) || e.Revision != 0 {
			s.Errorf("%v shares the entry of another key: payload %s", k, e.Payload)
		}
		s.save(e, 0)
	}
	for i, k := range all {
		if e := s.claim(k, "x", long); string(e.Payload) != fmt.Sprint(i) {
			s.Errorf("%v has payload %s, want %d", k, e.Payload, i)
		}
	}
}

func (s *shop) badInput() {
	good := s.claim(keyOf("r"), `{}`, long)
	for name, err := range map[string]error{
		"lease of 0":       s.claimError(keyOf("s"), 0),
		"negative lease":   s.claimError(keyOf("s"), -1),
		"no vendor":        s.claimError(payment.Key{Account: payment.Account{Tenant: "t", Host: "h"}, Op: "payment", Reference: "s"}, long),
		"no tenant":        s.claimError(payment.Key{Account: payment.Account{Vendor: "v", Host: "h"}, Op: "payment", Reference: "s"}, long),
		"no reference":     s.claimError(keyOf(""), long),
		"reference \\xff":  s.claimError(keyOf("\xff"), long),
		"a negative renew": s.saveError(good, -1),
		"no status":        s.saveError(payment.Entry{Key: good.Key, Token: good.Token}, 0),
		"no token":         s.saveError(payment.Entry{Key: good.Key, Progress: payment.Progress{Status: payment.Open}}, 0),
	} {
		if !errors.Is(err, payment.ErrInvalid) && !errors.Is(err, payment.ErrProtocol) {
			s.Errorf("%s: error %v, want ErrInvalid or ErrProtocol", name, err)
		}
	}
	if _, err := s.Claim(s.Context(), keyOf("s"), nil, long); !errors.Is(err, payment.ErrNotFound) {
		s.Errorf("a refused claim has created an entry: %v", err)
	}
	s.same(s.save(good, 0), good)
}

func (s *shop) claimError(k payment.Key, lease time.Duration) error {
	_, err := s.Claim(s.Context(), k, []byte(`{}`), lease)
	return err
}

func (s *shop) saveError(e payment.Entry, lease time.Duration) error {
	_, err := s.Save(s.Context(), e, lease)
	return err
}

func (s *shop) endedContext() {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	if _, err := s.Claim(ctx, keyOf("r"), []byte(`{}`), long); !errors.Is(err, context.Canceled) {
		s.Errorf("Claim: %v", err)
	}
	e := s.claim(keyOf("r"), `{}`, long)
	if _, err := s.Save(ctx, s.full(e), 0); !errors.Is(err, context.Canceled) {
		s.Errorf("Save: %v", err)
	}
	s.same(s.save(e, 0), e)
}
