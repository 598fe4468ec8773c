package backendpaytest

import (
	"net/http"
	"slices"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// PaymentType is a way to pay that an installation has set up.
type PaymentType struct {
	ID                 string
	Name               string // what a payment's paymentMethod holds
	DisplayName        string
	ShortName          string
	DisplayClass       string
	DisplayPosition    int
	Availability       string // Headline, Standard or Historic
	UseFor             []string
	UseForPaymentCards []string // card providers
	Code               string
	DisplayOnInvoice   string
}

type storedType struct {
	row
	PaymentType
}

// AddPaymentType adds a payment type without any check and returns its id.
func (s *Server) AddPaymentType(t PaymentType) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insertType(t).ID
}

func (s *Server) insertType(t PaymentType) *storedType {
	added := &storedType{PaymentType: t}
	added.ID = s.types.add(added, s.settings.clock())
	added.json = s.settings.encodeType(&added.PaymentType)
	return added
}

// PaymentTypes returns the payment types by ascending id, without deleted ones.
func (s *Server) PaymentTypes() []PaymentType {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []PaymentType
	for _, t := range s.types.rows {
		if !t.gone {
			list = append(list, t.PaymentType)
		}
	}
	return list
}

func (s *Server) hasType(name string) bool {
	return slices.ContainsFunc(s.types.rows, func(t *storedType) bool { return !t.gone && t.Name == name })
}

func (f *Facts) encodeType(t *PaymentType) []byte {
	o := f.object(nil)
	o.id(t.ID)
	o.text("paymentTypeName", t.Name)
	o.text("paymentTypeDisplayName", t.DisplayName)
	o.text("paymentTypeShortName", t.ShortName)
	o.text("paymentTypeDisplayClass", t.DisplayClass)
	o.raw("paymentTypeDisplayPosition", emulator.Encode(t.DisplayPosition))
	o.text("availability", t.Availability)
	o.texts("paymentTypeUseFor", t.UseFor)
	o.texts("paymentTypeUseForPaymentCardProviders", t.UseForPaymentCards)
	o.text("paymentTypeCode", t.Code)
	o.text("displayOnInvoice", t.DisplayOnInvoice)
	return o.end()
}

// getType is GET paymentTypes/ID (documented).
func (s *Server) getType(c call) reply {
	t, ok := s.types.find(c.id)
	if !ok {
		return notFound("payment type")
	}
	return success(http.StatusOK, t.json)
}

// listTypes is GET paymentTypes/ (documented).
func (s *Server) listTypes(c call) reply {
	q, refused := s.parseQuery(c, recordParameters, s.settings.extraPaging())
	if refused != nil {
		return *refused
	}
	return page(s, s.types.rows, q, func(*storedType) bool { return true })
}

// createType is POST paymentTypes/ (documented; the body's form inferred,
// clause types.write).
func (s *Server) createType(c call) reply {
	t := PaymentType{Availability: "Standard"}
	if refused := s.readType(c, &t); refused != nil {
		return *refused
	}
	return success(s.settings.createStatus(), s.insertType(t).json)
}

// updateType is PATCH paymentTypes/ID (documented).
func (s *Server) updateType(c call) reply {
	t, ok := s.types.find(c.id)
	if !ok {
		return notFound("payment type")
	}
	edited := t.PaymentType
	if refused := s.readType(c, &edited); refused != nil {
		return *refused
	}
	t.PaymentType, t.updated = edited, s.settings.clock()
	t.json = s.settings.encodeType(&t.PaymentType)
	return success(http.StatusOK, t.json)
}

func (s *Server) readType(c call, t *PaymentType) *reply {
	f, refused := s.parseFields(c)
	if refused != nil {
		return refused
	}
	set(f, "paymentTypeName", &t.Name)
	f.clearable("paymentTypeDisplayName", &t.DisplayName)
	f.clearable("paymentTypeShortName", &t.ShortName)
	f.clearable("paymentTypeDisplayClass", &t.DisplayClass)
	set(f, "paymentTypeDisplayPosition", &t.DisplayPosition)
	set(f, "availability", &t.Availability)
	set(f, "paymentTypeUseFor", &t.UseFor)
	set(f, "paymentTypeUseForPaymentCardProviders", &t.UseForPaymentCards)
	f.clearable("paymentTypeCode", &t.Code)
	f.clearable("displayOnInvoice", &t.DisplayOnInvoice)
	if refused := f.end(); refused != nil {
		return refused
	}
	return s.checkType(t)
}

func (s *Server) checkType(t *PaymentType) *reply {
	if t.Name == "" {
		return badRequest("The field paymentTypeName is missing")
	}
	if !slices.Contains([]string{"Headline", "Standard", "Historic"}, t.Availability) {
		return badRequest("The field availability is wrong")
	}
	for _, other := range s.types.rows {
		if !other.gone && other.Name == t.Name && other.ID != t.ID {
			return badRequest("The name is taken")
		}
	}
	return nil
}

// deleteType is DELETE paymentTypes/ID (documented; its answer unknown).
func (s *Server) deleteType(c call) reply {
	t, ok := s.types.find(c.id)
	if !ok {
		return notFound("payment type")
	}
	t.gone = true
	return s.deleted()
}
