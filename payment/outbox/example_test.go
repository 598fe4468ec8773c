package outbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// A program puts a payment into the outbox in the transaction of its own data.
// A worker reads what is open, later. The driver is modernc.org/sqlite.
func ExampleStore() {
	ctx := context.Background()
	store, db, done := openExample(ctx)
	defer done()

	account := payment.Account{Vendor: "shop", Tenant: "acme", Host: "shop.example"}
	amount, err := payment.ParseMoney("10.40", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	p := payment.Payment{
		Reference: "till-7-receipt-4711", Kind: payment.Sale, Amount: amount,
		Date: time.Date(2026, time.November, 28, 18, 30, 0, 0, time.UTC),
	}
	key := payment.Key{Account: account, Op: "payment", Reference: p.Reference} // payment.KeyOf(recorder, p)

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	// … and the rows of the program's own, in the same transaction
	if err := store.Put(ctx, tx, key, p); err != nil {
		log.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}

	for entry, err := range store.Entries(ctx, outbox.Filter{Statuses: []payment.Status{payment.Open}, Free: true}) {
		if err != nil {
			log.Fatal(err)
		}
		waiting, err := entry.Payment()
		fmt.Println(entry.Key.Reference, entry.Status, waiting.Amount, err)
		// receipt, err := payment.Once(ctx, recorder, waiting, payment.WithStore(store))
	}
	// Output: till-7-receipt-4711 open 10.40 GBP <nil>
}

// What a person does with a Store: decide what no call can find out, rename an
// account that has moved, say that a backup was copied back, and take personal
// data out.
func ExampleStore_Settle() {
	ctx := context.Background()
	store, _, done := openExample(ctx)
	defer done()
	key := payment.Key{Account: payment.Account{Vendor: "shop", Tenant: "acme", Host: "old.example"}, Op: "payment", Reference: "receipt-1"}
	begun, err := store.Claim(ctx, key, []byte(`{"reference":"receipt-1","kind":"sale","amount":{"amount":"10.40","currency":"GBP"}}`), time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	begun.Status, begun.Writes = payment.Begun, 1 // as Once leaves it after a lost answer
	if _, err := store.Save(ctx, begun, 0); err != nil {
		log.Fatal(err)
	}

	seen, err := store.Entry(ctx, key)
	if err != nil {
		log.Fatal(err)
	}
	decided, err := store.Settle(ctx, seen.Entry, payment.Decision{Recorded: true, ID: "100", By: "jo", At: time.Now()})
	fmt.Println(decided.Status, err)

	moved := key.Account
	moved.Host = "new.example"
	renamed, err := store.RenameAccount(ctx, key.Account, moved)
	fmt.Println("renamed:", renamed, err)

	fmt.Println("restored:", store.Restored(ctx))    // the vendor is asked first from now on
	fmt.Println("accepted:", store.AcceptEpoch(ctx)) // and no longer

	archived, err := store.Archive(ctx, time.Now().Add(time.Hour))
	fmt.Println("archived:", archived, err)
	for record, err := range store.Records(ctx, outbox.Filter{Account: moved}, time.UTC) {
		fmt.Println(record.ID, record.Signed(), err) // a side of reconcile.Compare
	}
	// Output:
	// recorded <nil>
	// renamed: 1 <nil>
	// restored: <nil>
	// accepted: <nil>
	// archived: 1 <nil>
	// 100 10.40 GBP <nil>
}

// openExample opens a Store in a new file.
func openExample(ctx context.Context) (*outbox.Store, *sql.DB, func()) {
	dir, err := os.MkdirTemp("", "outbox")
	if err != nil {
		log.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "outbox.db")))
	if err != nil {
		log.Fatal(err)
	}
	store, err := outbox.Open(ctx, db, outbox.SQLite)
	if err != nil {
		log.Fatal(err)
	}
	return store, db, func() {
		_ = db.Close()
		_ = os.RemoveAll(dir)
	}
}
