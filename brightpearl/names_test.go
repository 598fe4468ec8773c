package brightpearl

import (
	"strings"
	"testing"
)

// documentedNames lists what the vendor's documents name: the members of requests
// and answers, the parameters of searches, headers, paths and words. Each row has
// the document, the declaration that holds the names, and the names; named tells
// that exactly this name is sent or read.
//
// Not listed, because nothing reads them: firstResult, resultsAvailable and
// resultsReturned of a search (the last row and the announcement of more pages
// suffice, and resultsAvailable was seen to be wrong), its sorting and the
// properties of its columns, token_type (always Bearer), and a Message-Type.
var documentedNames = []struct {
	document, declaration, names string
	named                        func(t *testing.T, name string)
}{
	{"customer-payment", "customerBody.MarshalJSONTo", "transactionRef transactionCode paymentMethodCode paymentType orderId currencyIsoCode exchangeRate " +
		"amountAuthorized amountPaid authorizationExpiry paymentDate journalId journalRef", sentToCustomer},
	{"customer-payment", "Client.CreateCustomerPayment", "customer-payment", postedTo},
	{"customer-payment", "TypeAuth", "AUTH", wordOf(TypeAuth)},
	{"customer-payment", "TypeCapture", "CAPTURE", wordOf(TypeCapture)},
	{"customer-payment", "TypePayment", "PAYMENT", wordOf(TypePayment)},
	{"customer-payment", "TypeReceipt", "RECEIPT", wordOf(TypeReceipt)},
	{"customer-payment", "TypeVoid", "VOID", wordOf(TypeVoid)},

	{"supplier-payment", "supplierBody.MarshalJSONTo", "transactionRef paymentMethodCode paymentType orderId currencyIsoCode exchangeRate " +
		"amountPaid paymentDate journalId journalRef", sentToSupplier},
	{"supplier-payment", "Client.CreateSupplierPayment", "supplier-payment", postedTo},

	{"customer-search", "CustomerPaymentFilter.searcher", "customer-payment-search", searchedAt},
	{"customer-search", "customerColumns", "paymentId transactionRef transactionCode paymentMethodCode paymentType orderId currencyId currencyCode " +
		"amountAuthorized amountPaid expires paymentDate createdOn journalId", isColumn(false)},
	{"customer-search", "CustomerPaymentFilter.conditions", "paymentId transactionRef transactionCode paymentMethodCode paymentType orderId currencyId " +
		"currencyCode amountAuthorized amountPaid expires paymentDate createdOn journalId", isFilter},
	{"customer-search", "reader.payment", "paymentId transactionRef transactionCode paymentMethodCode paymentType orderId currencyId currencyCode " +
		"amountAuthorized amountPaid expires paymentDate createdOn journalId", isCell},
	{"customer-search", "searcher.query", "pageSize columns sort", isParameter},
	{"customer-search", "walk.read", "firstResult", isParameter},
	{"customer-search", "searcher.wanted", "paymentId", isParameter},
	{"customer-search", "searchAnswer", "results metaData", isMember},
	{"customer-search", "searchMeta", "morePagesAvailable lastResult columns", isOfMeta},
	{"customer-search", "searchColumn", "name", isOfMeta},

	{"supplier-search", "Client.SupplierPayments", "supplier-payment-search", searchedAt},
	{"supplier-search", "supplierColumns", "paymentId transactionRef paymentMethodCode paymentType orderId currencyId currencyCode amountPaid paymentDate " +
		"createdOn journalId", isColumn(true)},

	{"totals", "totalBody.UnmarshalJSONFrom", "orderId paymentCurrency amountPaid amountAuthorized amountCaptured", isTotal},
	{"payment-method", "methodBody.UnmarshalJSONFrom", "id name code isActive bankAccounts installedIntegrationId", isOfMethod},
	{"payment-method", "bankAccountBody", "paymentMethodId currencyIsoCode bankAccountNominalCode", isOfBankAccount},

	{"token", "AuthorizeURL", "response_type client_id redirect_uri state", isAuthorizing},
	{"token", "ExchangeCode", "grant_type code redirect_uri", isExchanged},
	{"token", "grantCode", "authorization_code", isGrant},
	{"token", "grantRefresh", "refresh_token", isGrant},
	{"token", "tokenEndpoint.ask", "client_id client_secret", isExchanged},
	{"token", "tokenEndpoint.refresh", "grant_type refresh_token", isRefreshed},
	{"token", "tokenEndpoint.decode", "access_token refresh_token installation_instance_id api_domain expires_in", isOfToken},
	{"token", "readTokenFault", "error error_description", isOfTokenError},

	{"envelope", "envelope", "response errors", isOfEnvelope},
	{"envelope", "openNothing", "errors response reference", isOfNothing},
	{"envelope", "readErrors", "response errors", isOfError},
	{"envelope", "vendorError", "code message", isOfError},

	{"headers", "StaffToken", "brightpearl-staff-token", signs(StaffToken("ref", "t"))},
	{"headers", "AccountToken", "brightpearl-account-token", signs(AccountToken("ref", "t"))},
	{"headers", "SignedToken", "brightpearl-account-token", signs(SignedToken("dev", "ref", "t", "s"))},
	{"headers", "fixed.open", "brightpearl-app-ref brightpearl-dev-ref", signs(SignedToken("dev", "ref", "t", "s"))},
	{"headers", "bearer.sign", "Authorization brightpearl-dev-ref brightpearl-app-ref", signs(OAuth(OAuthConfig{DevRef: "dev", AppRef: "ref", Token: Token{AccessToken: "t"}}))},
	{"headers", "readThrottle", "Brightpearl-Requests-Remaining Brightpearl-Next-Throttle-Period", isThrottle},
	{"headers", "Config.transport", "Ruid", isRequestID},
}

func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	for _, d := range documentedNames {
		for name := range strings.FieldsSeq(d.names) {
			t.Run(d.document+"/"+d.declaration+"/"+name, func(t *testing.T) {
				t.Parallel()
				d.named(t, name)
			})
		}
	}
}
