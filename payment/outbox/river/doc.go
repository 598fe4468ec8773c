// Package outboxriver records payments of an outbox with River workers: many
// processes on Postgres, or one machine on SQLite.
//
// [Enqueue] puts the payment and its River job into the caller's own
// transaction. A [Worker] takes the job, hands the payment to payment.Once with
// the outbox's Store, and tells River what came of it:
//
//	recorded                        the job is done
//	held by another call            snoozed until the claim ends
//	rate limited, unavailable       snoozed for as long as the vendor asks
//	unauthorized, forbidden         snoozed, and the account's queue is paused
//	outcome unknown, garbled        snoozed with growing pauses, then left to a person
//	invalid, conflict, no lookup    cancelled; the entry tells the reason
//
// A job whose process has died waits as long as one of its age that is snoozed.
//
// The Store decides what is sent, not the job: a job that runs twice, on two
// machines or after a crash, is one payment. Jobs are unique by account and
// reference, one queue for each account ([Queue], [Queues]).
//
// [Sweep], [LookAgain] and [Reconcile] are periodic jobs: the first takes up what
// has no live job, the second looks again at what took more than one write, the
// third compares a day with what the vendor shows of it, and reports.
//
// # Limits
//
// River's MaxWorkers counts per process. Processes that share an account share
// the vendor's limit through the vendor's own headers; where it has none, keep
// the sum of all workers below it. Beyond one Postgres, accounts are the
// partition: an account and its entries live in one database.
package outboxriver
