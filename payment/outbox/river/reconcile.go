package outboxriver

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/riverqueue/river"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// Reconcile is a job that compares the entries of one day with what the vendor
// shows of it. It is worked by a [Reconciler].
type Reconcile struct {
	Day payment.Date `json:"day"`
}

// Kind implements river.JobArgs.
func (Reconcile) Kind() string { return "tenderkit_reconcile" }

// Reconciler works [Reconcile]. All fields but Rules and Zone are required.
type Reconciler struct {
	Store    *outbox.Store
	Accounts []payment.Account
	// Vendor returns what the vendor of an account shows of a day, such as
	// Client.Records of packages brightpearl and backendpay.
	Vendor func(ctx context.Context, a payment.Account, day payment.Date) iter.Seq2[reconcile.Record, error]
	// Report is called once for each account, also if nothing differs. It has to
	// return the error that findings ends with: River tries the job again then.
	Report func(ctx context.Context, a payment.Account, day payment.Date, findings iter.Seq2[reconcile.Finding, error]) error
	Rules  reconcile.Rules
	Zone   *time.Location // in which days begin and end; nil is UTC
}

// AddTo adds the worker of the job. It refuses a Reconciler that is not whole.
func (r *Reconciler) AddTo(workers *river.Workers) error {
	switch {
	case r.Store == nil:
		return &payment.FieldError{Field: "Reconciler.Store", Reason: "is nil"}
	case len(r.Accounts) == 0:
		return &payment.FieldError{Field: "Reconciler.Accounts", Reason: "is empty"}
	case r.Vendor == nil:
		return &payment.FieldError{Field: "Reconciler.Vendor", Reason: "is nil"}
	case r.Report == nil:
		return &payment.FieldError{Field: "Reconciler.Report", Reason: "is nil"}
	}
	return river.AddWorkerSafely(workers, &comparer{Reconciler: r})
}

type comparer struct {
	river.WorkerDefaults[Reconcile]
	*Reconciler
}

// Timeout implements river.Worker: the vendor's limit may make a day's list long.
func (*comparer) Timeout(*river.Job[Reconcile]) time.Duration { return 6 * time.Hour }

// Work implements river.Worker. It reports each account, whatever became of the
// others.
func (r *comparer) Work(ctx context.Context, job *river.Job[Reconcile]) (err error) {
	day := job.Args.Day
	for _, a := range r.Accounts {
		findings := reconcile.Compare(ctx, r.entries(ctx, a, day), r.Vendor(ctx, a, day), r.Rules)
		err = errors.Join(err, r.Report(ctx, a, day, findings))
	}
	return err
}

// entries returns the payments of a day. None was put into the outbox before it
// was taken, give or take the clocks.
func (r *Reconciler) entries(ctx context.Context, a payment.Account, day payment.Date) iter.Seq2[reconcile.Record, error] {
	from := day.In(r.zone()).AddDate(0, 0, -1)
	return func(yield func(reconcile.Record, error) bool) {
		for record, err := range r.Store.Records(ctx, outbox.Filter{Account: a, Created: from}, r.zone()) {
			if err == nil && record.Date != day {
				continue
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func (r *Reconciler) zone() *time.Location { return cmp.Or(r.Zone, time.UTC) }

// Daily returns River's configuration of a job that compares the day before,
// every day so long after midnight in the Reconciler's zone, and when a process
// starts, if that was missed. It leaves the vendor that time to show the day's
// last payments.
func (r *Reconciler) Daily(after time.Duration) *river.PeriodicJob {
	d := daily{r.zone(), after}
	return river.NewPeriodicJob(d, func() (river.JobArgs, *river.InsertOpts) {
		return Reconcile{Day: d.due(time.Now())}, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// daily is a schedule of once a day.
type daily struct {
	zone  *time.Location
	after time.Duration // midnight
}

// due returns the last day whose time to be compared has come.
func (d daily) due(now time.Time) payment.Date {
	return payment.DateOf(now.Add(-d.after).In(d.zone).AddDate(0, 0, -1))
}

// Next implements river.PeriodicSchedule.
func (d daily) Next(now time.Time) time.Time {
	today := payment.DateOf(now.In(d.zone))
	for day := today.In(d.zone); ; day = day.AddDate(0, 0, 1) {
		if next := day.Add(d.after); next.After(now) {
			return next
		}
	}
}
