package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/environ"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// system is what a run asks: a live account, an emulator or a recording.
type system struct {
	target paymenttest.Target
	note   string
	live   bool   // somebody works with it
	tape   *tape  // nil without -record and -replay
	stop   func() // nil if nothing runs
}

// close saves a recording and stops what runs. It can be called again.
func (s *system) close() (err error) {
	if s.tape != nil {
		err = s.tape.close()
	}
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
	return err
}

func (s *system) missing() []string {
	if s.tape == nil {
		return nil
	}
	return s.tape.missing()
}

// label is what a recording holds beside the exchanges: what it takes to make
// the same run again. Credentials are replaced.
type label struct {
	Vendor   string            `json:"vendor"`
	Account  string            `json:"account"`
	Emulator bool              `json:"emulator"`
	Seed     string            `json:"seed"`
	Began    time.Time         `json:"began"`
	Env      map[string]string `json:"env,omitempty"`
	Objects  map[string]string `json:"objects,omitempty"`
	Allow    paymenttest.Allow `json:"allow"`
}

// open returns the system that the settings and the environment ask for.
func open(v vendor, set settings, getenv func(string) string) (*system, error) {
	if set.replay != "" {
		return openReplay(v, set)
	}
	if err := environ.Check(getenv, v.env...); err != nil {
		return nil, err
	}
	s := &system{}
	label := label{Vendor: v.name, Env: map[string]string{}}
	live := getenv(v.env[0]) != ""
	s.live = live
	if live && set.likeIn != "" {
		return nil, fmt.Errorf("-as sets an emulator, but %s asks for the live system", v.env[0])
	}
	if live {
		s.target = v.live(getenv)
		s.target.Objects, s.target.Allow = set.objects, set.allow
		s.note = fmt.Sprintf("Live system: %s %s at %s.", v.name, s.target.Account, s.target.URL)
		for _, name := range v.env {
			label.Env[name] = getenv(name)
		}
	} else if err := s.emulate(v, set); err != nil {
		return nil, err
	}
	if set.budget > 0 {
		s.target.Budget = set.budget
	}
	if set.pause > 0 {
		s.target.Pause = set.pause
	}
	label.Account, label.Emulator, label.Allow, label.Objects = s.target.Account, !live, s.target.Allow, s.target.Objects
	if set.record == "" {
		return s, nil
	}
	s.target.Seed = strings.ToLower(time.Now().UTC().Format("0102t150405"))
	label.Seed, label.Began = s.target.Seed, now(s.target).UTC().Truncate(time.Second)
	// The run begins at a time that the recording knows.
	s.target.Now = from(label.Began, s.target.Now)
	var err error
	s.tape, err = recordTo(set.record, v, label, s.target)
	if err != nil {
		_ = s.close()
		return nil, err
	}
	s.target.Transport = s.tape
	return s, nil
}

func now(t paymenttest.Target) time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

// from returns a clock that shows began first and then goes on as the other.
func from(began time.Time, clock func() time.Time) func() time.Time {
	if clock == nil {
		clock = time.Now
	}
	var once sync.Once
	return func() (at time.Time) {
		at = clock()
		once.Do(func() { at = began })
		return at
	}
}

func (s *system) emulate(v vendor, set settings) error {
	known := map[string]paymenttest.Known{}
	if set.likeIn != "" {
		found, err := readFindings(set.likeIn, v.name)
		if err != nil {
			return err
		}
		known = found.Facts
	}
	var err error
	s.target, s.stop, err = v.sandbox(known)
	s.note = fmt.Sprintf("An emulator of %s: set %s to ask the live system.", v.name, v.env[0])
	return err
}

// openReplay returns the system of a recording. Nothing is sent anywhere.
func openReplay(v vendor, set settings) (*system, error) {
	label, err := readLabel(set.replay, v.name)
	if err != nil {
		return nil, err
	}
	s := &system{note: fmt.Sprintf("A recording of %s %s, made at %s.", v.name, label.Account, label.Began.Format(time.RFC3339))}
	if label.Emulator {
		s.target, s.stop, err = v.sandbox(nil)
	} else {
		s.target = v.live(func(name string) string { return label.Env[name] })
		s.target.Objects = map[string]string{}
	}
	if err != nil {
		return nil, err
	}
	for name, value := range label.Objects {
		if !label.Emulator || isSecret(name) { // the others of an emulator are its own
			s.target.Objects[name] = value
		}
	}
	s.target.Seed, s.target.Pause, s.target.Allow = label.Seed, 0, label.Allow
	s.target.Allow.Account = s.target.Account
	s.target.Now, s.target.Sleep = stillClock(label.Began)
	if s.tape, err = replayFrom(set.replay, v, s.target); err != nil {
		_ = s.close()
		return nil, err
	}
	s.target.Transport = s.tape
	return s, nil
}

// stillClock returns a clock that only moves by sleeping.
func stillClock(began time.Time) (now func() time.Time, sleep func(context.Context, time.Duration) error) {
	var mu sync.Mutex
	now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return began
	}
	sleep = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		began = began.Add(d)
		return ctx.Err()
	}
	return now, sleep
}

func labelFile(dir, vendor string) string { return filepath.Join(dir, vendor+".json") }

func readLabel(dir, vendor string) (l label, err error) {
	data, err := os.ReadFile(labelFile(dir, vendor))
	if errors.Is(err, os.ErrNotExist) {
		return l, fmt.Errorf("%s holds no recording of %s", dir, vendor)
	}
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err == nil && (l.Vendor != vendor || l.Seed == "") {
		err = errors.New("it is not a label of this vendor")
	}
	if err != nil {
		return l, fmt.Errorf("%s: %w", labelFile(dir, vendor), err)
	}
	return l, nil
}

// write writes the label with credentials replaced.
func (l label) write(dir string, v vendor) error {
	l.Env, l.Objects = maps.Clone(l.Env), maps.Clone(l.Objects)
	for name, value := range l.Env {
		if slices.Contains(v.secret, name) && value != "" {
			l.Env[name] = placeholder(name)
		}
	}
	for name, value := range l.Objects {
		l.Objects[name] = l.object(name, value)
	}
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(labelFile(dir, v.name), append(text, '\n'), 0o600)
}

// isSecret reports whether a sandbox object is a credential.
func isSecret(object string) bool {
	return slices.ContainsFunc([]string{"secret", "token", "password", "key"}, func(word string) bool {
		return strings.HasSuffix(object, word)
	})
}

// placeholder stands for a credential: the same text each time, and one that
// every vendor's client takes.
func placeholder(name string) string {
	return base64.StdEncoding.EncodeToString([]byte("redacted " + name))
}
