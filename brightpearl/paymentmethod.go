package brightpearl

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// PaymentMethod is a way of paying that the account knows (documented). Names
// and codes are unique ignoring case; codes are kept in upper case.
type PaymentMethod struct {
	ID                     int64 // observed, not in the documented sample
	Name                   string
	Code                   string // at most 32
	IsActive               bool
	BankAccounts           []BankAccount
	InstalledIntegrationID string // "0" if there is none

	Raw json.RawMessage // the method as it came
}

// BankAccount is where a method books one currency's money. Without one for a
// payment's currency the vendor stores the payment and makes no journal.
type BankAccount struct {
	PaymentMethodID        int64
	CurrencyISOCode        string
	BankAccountNominalCode string
}

// PaymentMethods streams the account's methods, including inactive ones: GET
// accounting-service/payment-method/ (documented). It is one request. A value
// that cannot be read is left at zero; Raw has it.
func (c *Client) PaymentMethods(ctx context.Context) iter.Seq2[PaymentMethod, error] {
	return func(yield func(PaymentMethod, error) bool) {
		list, err := transport.Call(ctx, c.http, get("PaymentMethods", "payment-method/"), open[[]methodBody])
		if err != nil {
			yield(PaymentMethod{}, err)
			return
		}
		for _, m := range list {
			if !yield(m.PaymentMethod, nil) {
				return
			}
		}
	}
}

// PaymentMethod returns the method with that id: GET
// accounting-service/payment-method/{id} (documented). What the vendor answers
// for an unknown id is unknown (clause methods.unknown); an answer without a
// method is [payment.ErrNotFound].
func (c *Client) PaymentMethod(ctx context.Context, id int64) (PaymentMethod, error) {
	if id <= 0 {
		return PaymentMethod{}, c.http.Refuse("PaymentMethod", invalid("id", "is not positive"))
	}
	m, err := transport.Call(ctx, c.http, get("PaymentMethod", "payment-method/{id}", strconv.FormatInt(id, 10)), openOne[methodBody])
	return m.PaymentMethod, err
}

// methodBody is a method as it is read. No payment rests on it, so a value in
// another form does not fail the list.
type methodBody struct{ PaymentMethod }

type bankAccountBody struct {
	PaymentMethodID        wire.Lenient[wire.Int]  `json:"paymentMethodId"`
	CurrencyISOCode        wire.Lenient[wire.Text] `json:"currencyIsoCode"`
	BankAccountNominalCode wire.Lenient[wire.Text] `json:"bankAccountNominalCode"`
}

// UnmarshalJSONFrom reads an object with any members.
func (m *methodBody) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var body struct {
		ID                     wire.Lenient[wire.Int]          `json:"id"`
		Name                   wire.Lenient[wire.Text]         `json:"name"`
		Code                   wire.Lenient[wire.Text]         `json:"code"`
		IsActive               wire.Lenient[bool]              `json:"isActive"`
		BankAccounts           wire.Lenient[[]bankAccountBody] `json:"bankAccounts"`
		InstalledIntegrationID wire.Lenient[wire.Text]         `json:"installedIntegrationId"`
	}
	if err := wire.Unmarshal(raw, &body); err != nil {
		return err
	}
	m.PaymentMethod = PaymentMethod{
		ID: int64(body.ID.Value), Name: string(body.Name.Value), Code: string(body.Code.Value), IsActive: body.IsActive.Value,
		InstalledIntegrationID: string(body.InstalledIntegrationID.Value), Raw: json.RawMessage(raw.Clone()),
	}
	for _, b := range body.BankAccounts.Value {
		m.BankAccounts = append(m.BankAccounts, BankAccount{
			int64(b.PaymentMethodID.Value), string(b.CurrencyISOCode.Value), string(b.BankAccountNominalCode.Value),
		})
	}
	return nil
}

// knownFor is how long a method that the account knows is taken to stay.
const knownFor = 5 * time.Minute

// methods remembers which methods an account knows.
type methods struct {
	client *Client
	busy   chan struct{} // holds one token while the list is read

	mu    sync.Mutex
	codes map[string]string // by code in upper case
	read  time.Time
}

func newMethods(c *Client) *methods { return &methods{client: c, busy: make(chan struct{}, 1)} }

// find returns a code as the account spells it, or "" if the account does not
// know it. A list older than maxAge, and one without the code, is read again.
func (m *methods) find(ctx context.Context, code string, maxAge time.Duration) (string, error) {
	asked := time.Now()
	if known, _ := m.lookUp(code, asked.Add(-maxAge)); known != "" {
		return known, nil
	}
	select {
	case m.busy <- struct{}{}:
		defer func() { <-m.busy }()
	case <-ctx.Done():
		return "", fmt.Errorf("brightpearl: PaymentMethods: %w: waiting for the list of another call: %w", payment.ErrUnavailable, ctx.Err())
	}
	if known, fresh := m.lookUp(code, asked); fresh {
		return known, nil // somebody else has read it meanwhile
	}
	codes := map[string]string{}
	began := time.Now()
	for method, err := range m.client.PaymentMethods(ctx) {
		if err != nil {
			return "", err
		}
		codes[strings.ToUpper(method.Code)] = method.Code
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.codes, m.read = codes, began
	return codes[strings.ToUpper(code)], nil
}

// lookUp answers from a list that was read after since.
func (m *methods) lookUp(code string, since time.Time) (known string, fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.codes == nil || m.read.Before(since) {
		return "", false
	}
	return m.codes[strings.ToUpper(code)], true
}
