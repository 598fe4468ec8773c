package outbox

import (
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
)

// TestPostgresFindsRowsByIndex: a plan is kept by the connection, also one that
// was made while the table was empty. None reads the whole table.
func TestPostgresFindsRowsByIndex(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("pgx", outboxtest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s, err := Open(t.Context(), db, Postgres)
	if err != nil {
		t.Fatal(err)
	}
	argument, err := json.Marshal([]wireStep{{Vendor: "v", Tenant: "t", Host: "h", Op: "payment", Reference: "r", Status: "open", Token: "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, statement := range map[string]string{"claim": postgresClaim, "claim only": postgresClaimOnly, "save": postgresSave} {
		rows, err := db.QueryContext(t.Context(), "EXPLAIN "+s.dialect.statement(statement), string(argument))
		if err != nil {
			t.Fatal(err)
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(line + "\n")
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if text := plan.String(); !strings.Contains(text, "tenderkit_entries_pkey") || strings.Contains(text, "Seq Scan on tenderkit_entries") {
			t.Errorf("%s is planned as\n%s", name, text)
		}
	}
}
