package brightpearltest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// PaymentMethod is a payment method of the account.
type PaymentMethod struct {
	ID                     int64 // assigned by [Server.AddPaymentMethod]
	Name                   string
	Code                   string // stored in upper case
	Inactive               bool
	BankAccounts           []BankAccount
	InstalledIntegrationID string // "0" if empty
}

// BankAccount is where a method books payments in one currency.
type BankAccount struct {
	Currency    string // ISO 4217 code
	NominalCode string
}

// sampleMethods are those of the vendor's documentation.
func sampleMethods() []PaymentMethod {
	return []PaymentMethod{
		{Name: "Sage Pay UK", Code: "SAGEPAY_UK", BankAccounts: []BankAccount{{"GBP", "1200"}}, InstalledIntegrationID: "1"},
		{Name: "Sage Pay US", Code: "SAGEPAY_US", BankAccounts: []BankAccount{{"USD", "1201"}}, InstalledIntegrationID: "1"},
	}
}

// AddPaymentMethod adds a method, or replaces the one with the same code in
// any case, and returns its id. A new emulator has the two methods of the
// vendor's documentation, SAGEPAY_UK (GBP) and SAGEPAY_US (USD).
func (s *Server) AddPaymentMethod(m PaymentMethod) int64 {
	m.Code = strings.ToUpper(m.Code)
	m.BankAccounts = slices.Clone(m.BankAccounts)
	if m.InstalledIntegrationID == "" {
		m.InstalledIntegrationID = "0"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.methods, func(known PaymentMethod) bool { return known.Code == m.Code })
	if i < 0 {
		i = len(s.methods)
		s.methods = append(s.methods, m)
	}
	m.ID = int64(i + 1)
	s.methods[i] = m
	return m.ID
}

func (s *Server) method(code string) (PaymentMethod, bool) {
	for _, m := range s.methods {
		if m.Code == strings.ToUpper(code) {
			return m, true
		}
	}
	return PaymentMethod{}, false
}

func (m PaymentMethod) banks(currency string) bool {
	return slices.ContainsFunc(m.BankAccounts, func(b BankAccount) bool { return b.Currency == currency })
}

type methodRow struct {
	ID                     int64     `json:"id,omitzero"`
	Name                   string    `json:"name"`
	Code                   string    `json:"code"`
	IsActive               bool      `json:"isActive"`
	BankAccounts           []bankRow `json:"bankAccounts"`
	InstalledIntegrationID string    `json:"installedIntegrationId"`
}

type bankRow struct {
	PaymentMethodID        int64  `json:"paymentMethodId"`
	CurrencyISOCode        string `json:"currencyIsoCode"`
	BankAccountNominalCode string `json:"bankAccountNominalCode"`
}

// paymentMethods is GET payment-method and payment-method/{id} (documented).
// One method comes as an array of one; an unknown id is a 404 (inferred).
func (s *Server) paymentMethods(r *http.Request) reply {
	asked := r.PathValue("id")
	rows := make([]methodRow, 0, len(s.methods))
	for _, m := range s.methods {
		if asked == "" || asked == strconv.FormatInt(m.ID, 10) {
			rows = append(rows, s.methodRow(m))
		}
	}
	if asked != "" && len(rows) == 0 {
		return notFound("Cannot find payment method: " + asked)
	}
	return success("get-payment-method", rows)
}

func (s *Server) methodRow(m PaymentMethod) methodRow {
	row := methodRow{
		ID: m.ID, Name: m.Name, Code: m.Code, IsActive: !m.Inactive,
		BankAccounts: make([]bankRow, len(m.BankAccounts)), InstalledIntegrationID: m.InstalledIntegrationID,
	}
	if s.settings.facts.MethodsWithoutIDs {
		row.ID = 0
	}
	for i, b := range m.BankAccounts {
		row.BankAccounts[i] = bankRow{PaymentMethodID: m.ID, CurrencyISOCode: b.Currency, BankAccountNominalCode: b.NominalCode}
	}
	return row
}
