package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// grace is how long payments in hand may take after an interrupt.
const grace = 30 * time.Second

// record is the main job.
func record(ctx context.Context, set settings, getenv func(string) string, stdout, stderr io.Writer) error {
	till, err := openTill(set)
	if err != nil {
		return err
	}
	defer till.close()
	seen := newProgress(stderr, set.file)
	to, err := openDestination(set, getenv, tenderkit.WithObserver(seen.exchange))
	if err != nil {
		return err
	}
	defer to.close()
	kept, note, err := openStore(ctx, set, to)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()

	out := newReport(stdout, stderr, set.json)
	out.note(fmt.Sprintf("Recording in %s. %s", to.name, note))
	j := &job{
		till: till, to: to, look: kept.Look, once: onceOptions(set, to, kept, seen),
		ask: set.ask, dry: set.dryRun, lease: set.lease, hurry: ctx.Done(), onDone: seen.payment,
	}
	stop := seen.start()
	err = j.document(ctx, set.workers, out)
	stop()
	return errors.Join(err, out.summary(set.dryRun))
}

func onceOptions(set settings, to *destination, kept payment.Store, seen *progress) []payment.OnceOption {
	opts := []payment.OnceOption{
		payment.WithStore(kept), payment.WithPatience(set.looks, time.Second), payment.WithLease(set.lease), payment.WithObserver(seen.step),
	}
	if set.settle != 0 {
		opts = append(opts, payment.WithSettle(set.settle))
	}
	if to.emulated {
		opts = append(opts, payment.WithFirstTry()) // the emulator is as new as the store
	}
	return opts
}

// openStore opens the store of real payments, or one in memory for an emulator.
func openStore(ctx context.Context, set settings, to *destination) (kept *store.Store, note string, err error) {
	if to.emulated {
		if set.store != "" {
			return nil, "", errors.New("-store is for a real account: nothing of an emulator outlives the run")
		}
		return store.Memory(), "Nothing is kept.", nil
	}
	where := cmp.Or(set.store, store.Default)
	isNew := !store.Exists(where)
	if isNew && set.dryRun {
		return store.Memory(), "Nothing is written.", nil
	}
	var opts []outbox.Option
	if set.loopback {
		opts = append(opts, outbox.AllowLoopback())
	}
	if kept, err = store.Open(ctx, where, opts...); err != nil {
		return nil, "", err
	}
	note = "What is known of each payment is kept in " + kept.Where + "."
	if isNew {
		note += " It is new: what an earlier run kept elsewhere is not known here, and -ask looks for each payment first."
	}
	return kept, note, nil
}
