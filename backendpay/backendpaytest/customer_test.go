package backendpaytest

import "testing"

func TestCustomers(t *testing.T) {
	t.Parallel()
	s := start(t)
	if id := s.AddCustomer(Customer{AccountNumber: "C9", Dropped: true}); id != "124" {
		t.Errorf("the second customer is %s", id)
	}
	const first = `{"id":"123","accountNumber":"C12345","CRMReference":"CRM-12345"}`
	const second = `{"id":"124","accountNumber":"C9","CRMReference":null}`
	for path, want := range map[string]string{
		"customers/":                                            "[" + first + "," + second + "]",
		"customers/124":                                         second,
		"customers?accountNumber=C12345":                        "[" + first + "]",
		"customers?CRMReference=CRM-12345":                      "[" + first + "]",
		"customers?accountNumber=C12345&active=true":            "[" + first + "]",
		"customers?accountNumber=c12345":                        "[]",
		"customers?accountNumber=":                              "[]",
		"customers?dropped":                                     "[" + second + "]",
		"customers?active":                                      "[" + first + "]",
		"customers?idAfter=123&limit=1":                         "[" + second + "]",
		"customers?droppedSince=2024-11-25T00:00:00Z&finalBill": "[" + first + "," + second + "]",
		"customers/123?expandNumbers=true&numberActive=true":    `{"id":"123","accountNumber":"C12345","CRMReference":"CRM-12345","numbers":[]}`,
	} {
		get(t, s, path).want(t, 200, want)
	}
	for _, path := range []string{"customers?minDate=2024-11-25", "customers?droppedSince=x", "customers?active=maybe", "customers/123?active=true"} {
		get(t, s, path).refused(t, 400)
	}
}
