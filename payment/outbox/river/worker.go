package outboxriver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// Config is what a [Worker] needs.
type Config struct {
	Store *outbox.Store
	// Recorder returns who writes to an account.
	Recorder func(ctx context.Context, a payment.Account) (payment.Recorder, error)
	// Options are handed to payment.Once, beside the Store.
	Options []payment.OnceOption
	// Timeout ends the context of one job. The default is 15 minutes: it has to
	// outlast the vendor's longest wait and the patience of payment.Once, because
	// it must never cancel a write midway. River's own default of a minute does not apply.
	Timeout time.Duration
	// Briefly and Longest bound how long a job is snoozed. The defaults are 5
	// seconds and an hour.
	Briefly, Longest time.Duration
	// GiveUp is the age at which a job whose outcome is unknown is left to a
	// person. The default is 24 hours.
	GiveUp time.Duration
}

// Worker hands payments over. TTx is the transaction type of River's driver.
type Worker[TTx any] struct {
	river.WorkerDefaults[Job]
	config Config
}

// NewWorker checks c and returns a worker, to be added with river.AddWorker.
func NewWorker[TTx any](c Config) (*Worker[TTx], error) {
	switch {
	case c.Store == nil:
		return nil, &payment.FieldError{Field: "Config.Store", Reason: "is nil"}
	case c.Recorder == nil:
		return nil, &payment.FieldError{Field: "Config.Recorder", Reason: "is nil"}
	case min(c.Timeout, c.GiveUp, c.Briefly, c.Longest) < 0:
		return nil, &payment.FieldError{Field: "Config", Reason: "holds a negative duration"}
	}
	c.Timeout = cmp.Or(c.Timeout, 15*time.Minute)
	c.Briefly = cmp.Or(c.Briefly, 5*time.Second)
	c.Longest = cmp.Or(c.Longest, time.Hour)
	c.GiveUp = cmp.Or(c.GiveUp, 24*time.Hour)
	return &Worker[TTx]{config: c}, nil
}

// Timeout implements river.Worker.
func (w *Worker[TTx]) Timeout(*river.Job[Job]) time.Duration { return w.config.Timeout }

// NextRetry implements river.Worker: a job whose process has died, or that could
// not reach the Store, is taken up again as soon as one that the vendor could not
// take. River's own pauses grow with the fourth power of the attempts.
func (w *Worker[TTx]) NextRetry(job *river.Job[Job]) time.Time {
	return time.Now().Add(w.bounded(w.age(job) / 4))
}

// Work implements river.Worker.
func (w *Worker[TTx]) Work(ctx context.Context, job *river.Job[Job]) error {
	k := job.Args.Key()
	listed, err := w.config.Store.Entry(ctx, k)
	if errors.Is(err, payment.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	p, err := listed.Payment()
	if err != nil {
		return river.JobCancel(err)
	}
	r, err := w.config.Recorder(ctx, k.Account)
	if err != nil || r == nil {
		return river.JobCancel(fmt.Errorf("%w: %v: %w", errNoRecorder, k.Account, err))
	}
	if got := payment.KeyOf(r, p); got != k {
		return river.JobCancel(fmt.Errorf("%w: it would write %v, and the job is %v", errNoRecorder, got, k))
	}
	_, err = payment.Once(ctx, r, p, append(w.config.Options[:len(w.config.Options):len(w.config.Options)], payment.WithStore(w.config.Store))...)
	return w.outcome(ctx, job, err)
}

// outcome tells River what to do with the job.
func (w *Worker[TTx]) outcome(ctx context.Context, job *river.Job[Job], err error) error {
	var held *payment.HeldError
	var entry *payment.EntryError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &held):
		return w.snooze(time.Until(held.Until))
	case errors.As(err, &entry):
		return river.JobCancel(err)
	case errors.Is(err, payment.ErrOutcomeUnknown), errors.Is(err, payment.ErrProtocol):
		return w.later(job, err)
	case errors.Is(err, payment.ErrUnauthorized), errors.Is(err, payment.ErrForbidden):
		return w.pause(ctx, job, err)
	case errors.Is(err, payment.ErrRateLimited), errors.Is(err, payment.ErrUnavailable):
		return w.snooze(max(retryAfter(err), w.age(job)/4))
	case errors.Is(err, payment.ErrInvalid), errors.Is(err, payment.ErrConflict), errors.Is(err, payment.ErrNoLookup),
		errors.Is(err, payment.ErrNotFound):
		return river.JobCancel(err)
	}
	return err
}

// later looks again after a pause that grows with the job's age, and leaves what
// stays unknown, or never has an answer that can be read, to a person. The entry
// says which.
func (w *Worker[TTx]) later(job *river.Job[Job], err error) error {
	age := w.age(job)
	if age >= w.config.GiveUp {
		return river.JobCancel(err)
	}
	return w.snooze(age / 2)
}

// pause stops the account's queue, for all processes: no payment of it can be
// recorded until somebody mends the credentials and resumes the queue.
func (w *Worker[TTx]) pause(ctx context.Context, job *river.Job[Job], err error) error {
	client, clientErr := river.ClientFromContextSafely[TTx](ctx)
	if clientErr == nil {
		clientErr = client.QueuePause(context.WithoutCancel(ctx), Queue(job.Args.Key().Account), nil)
	}
	if clientErr != nil {
		return errors.Join(err, clientErr)
	}
	return river.JobSnooze(time.Minute)
}

func (w *Worker[TTx]) age(job *river.Job[Job]) time.Duration { return time.Since(job.CreatedAt) }

// retryAfter is what the vendor asked for.
func retryAfter(err error) time.Duration {
	var e *payment.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

func (w *Worker[TTx]) snooze(d time.Duration) error {
	return river.JobSnooze(w.bounded(d))
}

func (w *Worker[TTx]) bounded(d time.Duration) time.Duration {
	return min(max(d, w.config.Briefly), w.config.Longest)
}
