package outboxriver

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// Sweep is a periodic job that inserts a job for each entry that should have
// one: its process has died, its job was lost with a restored backup, or the
// entry was put into the outbox without a job.
type Sweep struct{}

// Kind implements river.JobArgs.
func (Sweep) Kind() string { return "tenderkit_sweep" }

// LookAgain is a periodic job that inserts a job for each entry made in the last
// two days that took more than one write: the first may have taken effect late.
type LookAgain struct{}

// Kind implements river.JobArgs.
func (LookAgain) Kind() string { return "tenderkit_look_again" }

// Sweeper works [Sweep] and [LookAgain].
type Sweeper[TTx any] struct {
	Store *outbox.Store
	Idle  time.Duration // entries that changed later are left alone; the default is a minute
}

// Periodic returns River's configuration of both jobs, to be run by the queue
// that River calls the default one.
func Periodic(sweep, lookAgain time.Duration) []*river.PeriodicJob {
	every := func(d time.Duration, args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByState: alive}}
		}, &river.PeriodicJobOpts{RunOnStart: true})
	}
	return []*river.PeriodicJob{every(sweep, Sweep{}), every(lookAgain, LookAgain{})}
}

// AddTo adds the workers of both jobs.
func (s *Sweeper[TTx]) AddTo(workers *river.Workers) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[Sweep]) error {
		idle := s.Idle
		if idle == 0 {
			idle = time.Minute
		}
		return s.insert(ctx, outbox.Filter{
			Statuses: []payment.Status{payment.Open, payment.Begun}, Free: true, Before: time.Now().Add(-idle),
		})
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[LookAgain]) error {
		return s.insert(ctx, outbox.Filter{
			Statuses: []payment.Status{payment.Recorded}, Free: true, MinWrites: 2, Created: time.Now().Add(-48 * time.Hour),
		})
	}))
}

// insert makes jobs for entries. A job that lives already is not made again.
func (s *Sweeper[TTx]) insert(ctx context.Context, f outbox.Filter) error {
	client := river.ClientFromContext[TTx](ctx)
	const most = 500
	jobs := make([]river.InsertManyParams, 0, most)
	flush := func() error {
		if len(jobs) == 0 {
			return nil
		}
		_, err := client.InsertMany(ctx, jobs)
		jobs = jobs[:0]
		return err
	}
	for l, err := range s.Store.Entries(ctx, f) {
		if err != nil {
			return err
		}
		jobs = append(jobs, river.InsertManyParams{Args: NewJob(l.Key), InsertOpts: InsertOpts(l.Key)})
		if len(jobs) == most {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
