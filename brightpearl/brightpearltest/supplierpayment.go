package brightpearltest

const supplierJournalRefLimit = 64

// createSupplierPayment is POST supplier-payment (documented).
func (s *Server) createSupplierPayment(c call) reply {
	f, refused := c.fields()
	if refused != nil {
		return *refused
	}
	p, refused := readSupplierPayment(f)
	if refused != nil {
		return *refused
	}
	return s.record(&s.supplier, settle(p, supplierJournalRefLimit), "post-supplier-payment")
}

func readSupplierPayment(f *fields) (Payment, *reply) {
	p := f.payment()
	if refused := f.end(); refused != nil {
		return p, refused
	}
	if refused := checkPayment(p, typePayment, typeReceipt); refused != nil {
		return p, refused
	}
	return p, checkAmounts(p)
}

// searchSupplierPayments is GET supplier-payment-search (columns documented).
func (s *Server) searchSupplierPayments(c call) reply {
	return s.search(c, &s.supplier, supplierColumns())
}
