package outbox_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// closing closes the database with the store.
type closing struct {
	*outbox.Store
	db *sql.DB
}

func (c closing) Close() error { return c.db.Close() }

func openAt(driver, source string, d outbox.Dialect) (payment.Store, error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	s, err := outbox.Open(context.Background(), db, d)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return closing{s, db}, nil
}

func TestRunStoreSQLite(t *testing.T) {
	open := func(place string) (payment.Store, error) {
		return openAt("sqlite", "file:"+filepath.Join(place, "outbox.db"), outbox.SQLite)
	}
	paymenttest.RunStore(t, paymenttest.StoreHarness{Open: open, Restore: restore(open)})
}

func restore(open func(string) (payment.Store, error)) func(string) error {
	return func(place string) error {
		s, err := open(place)
		if err != nil {
			return err
		}
		c := s.(closing)
		return errors.Join(c.Restored(context.Background()), c.Close())
	}
}

const urlEnv = "TENDERKIT_RUNSTORE_POSTGRES"

// Each place is a database of one server, which the suite's processes share.
func TestRunStorePostgres(t *testing.T) {
	url := os.Getenv(urlEnv)
	if url == "" {
		url = outboxtest.Start(t).URL()
		t.Setenv(urlEnv, url)
	}
	open := func(place string) (payment.Store, error) {
		name, err := placeURL(url, place)
		if err != nil {
			return nil, err
		}
		return openAt("pgx", name, outbox.Postgres)
	}
	paymenttest.RunStore(t, paymenttest.StoreHarness{Open: open, Restore: restore(open)})
}

// placeURL makes the database of a place, if it does not exist, and returns its URL.
func placeURL(url, place string) (string, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	digest := sha256.Sum256([]byte(place))
	name := "place_" + hex.EncodeToString(digest[:8])
	_, err = db.Exec("CREATE DATABASE " + name)
	var exists *pgconn.PgError
	if err != nil && (!errors.As(err, &exists) || exists.Code != "42P04" && exists.Code != "23505") {
		return "", err
	}
	return strings.Replace(url, "/postgres?", "/"+name+"?", 1), nil
}
