package rubitest

// subscription is Subscription (documented): Add takes a sale service, Remove
// the ItemGUID of a basket.
func (s *Server) subscription(given []string) reply {
	switch uid, id := given[0], given[1]; given[2] {
	case "Add":
		return s.subscribe(uid, id)
	case "Remove":
		i, refused := s.removable(uid, id, KindSubscription)
		if refused != nil {
			return *refused
		}
		i.Status = StatusCancelled
		return boolean(true)
	}
	return *badRequest("action is wrong")
}

func (s *Server) subscribe(uid, ssid string) reply {
	c := s.contact(uid)
	if c == nil {
		return *badRequest("uid is unknown")
	}
	for _, v := range s.services {
		if same(v.SSID, ssid) {
			s.insert(Item{Kind: KindSubscription, UID: c.UID, Details: v.Name, Contact: c.name(), Value: v.Value, Tax: v.Tax, TaxRate: v.TaxRate})
			return boolean(true)
		}
	}
	return *badRequest("ssid is unknown")
}
