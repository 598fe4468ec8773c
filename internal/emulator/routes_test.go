package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

func routes() *emulator.Routes[int] {
	var t emulator.Routes[int]
	t.AddSlashed("GET /api/orders", "Orders", 1)
	t.Add("GET /api/orders/{id}", "Order", 2)
	t.Add("DELETE /api/orders/{id}", "DeleteOrder", 3)
	return &t
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method, path string
		op, id       string
		handle       int
	}{
		{"GET", "/api/orders", "Orders", "", 1},
		{"GET", "/api/orders/", "Orders", "", 1},
		{"GET", "/api/orders/7", "Order", "7", 2},
		{"DELETE", "/api/orders/7", "DeleteOrder", "7", 3},
		{"GET", "/api/orders/a%2Fb%20c", "Order", "a/b c", 2},
		{"GET", "/api/orders/%2E%2E", "Order", "..", 2},
	} {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		got := routes().Find(r)
		if !got.Found || got.Op != tt.op || got.Handle != tt.handle || r.PathValue("id") != tt.id {
			t.Errorf("%s %s leads to %+v, id %q", tt.method, tt.path, got, r.PathValue("id"))
		}
	}
}

func TestRoutesWithoutAMatch(t *testing.T) {
	t.Parallel()
	both := []string{http.MethodDelete, http.MethodGet}
	for _, tt := range []struct {
		method, path string
		allow        []string
	}{
		{"GET", "/api/orders/7/", nil},
		{"GET", "/api//orders", nil},
		{"GET", "/api/./orders", nil},
		{"GET", "/api/order", nil},
		{"GET", "/api/orders%2F7", nil},
		{"GET", "/", nil},
		{"POST", "/api/orders/7", both},
		{"HEAD", "/api/orders", []string{http.MethodGet}},
	} {
		got := routes().Find(httptest.NewRequest(tt.method, tt.path, nil))
		if got.Found || got.Op != emulator.Unknown || got.Handle != 0 || !slices.Equal(got.Allow, tt.allow) {
			t.Errorf("%s %s leads to %+v", tt.method, tt.path, got)
		}
	}
}
