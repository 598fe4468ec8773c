package spektrixtest

import "slices"

// AddPaymentType defines a type, or redefines the one with the same id, and
// returns its id.
func (s *Server) AddPaymentType(t PaymentType) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Attributes = slices.Clone(t.Attributes)
	if t.ID == "" {
		t.ID = s.newID()
	}
	if old := s.paymentType(t.ID); old != nil {
		*old = t
	} else {
		s.types = append(s.types, t)
	}
	return t.ID
}

// PaymentTypes lists all types, inactive ones included.
func (s *Server) PaymentTypes() []PaymentType {
	s.mu.Lock()
	defer s.mu.Unlock()
	types := slices.Clone(s.types)
	for i := range types {
		types[i].Attributes = slices.Clone(types[i].Attributes)
	}
	return types
}

// paymentType finds a type. The pointer is good while the lock is held.
func (s *Server) paymentType(id string) *PaymentType {
	i := slices.IndexFunc(s.types, func(t PaymentType) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &s.types[i]
}

type typeJSON struct {
	Name                 string           `json:"name"`
	ID                   string           `json:"id"`
	IsRefund             bool             `json:"isRefund"`
	AttributeDefinitions []definitionJSON `json:"attributeDefinitions"`
}

type definitionJSON struct {
	Name       string `json:"name"`
	IsRequired bool   `json:"isRequired"`
	Type       string `json:"type"`
}

// listTypes answers with the active types: a bare array, as documented.
func (s *Server) listTypes(string, request) reply {
	list := []typeJSON{}
	for _, t := range s.types {
		if !t.Inactive {
			list = append(list, t.wire())
		}
	}
	return success(list)
}

func (t *PaymentType) wire() typeJSON {
	out := typeJSON{Name: t.Name, ID: t.ID, IsRefund: t.IsRefund}
	for _, d := range t.Attributes {
		if d.Type == "" {
			d.Type = TextField
		}
		out.AttributeDefinitions = append(out.AttributeDefinitions, definitionJSON{d.Name, d.Required, d.Type})
	}
	return out
}
