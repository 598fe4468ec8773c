module github.com/tenderkit/tenderkit/bench

go 1.26.0

require (
	github.com/carlmjohnson/requests v0.23.5
	github.com/digitalocean/godo v1.239.0
	github.com/google/go-github/v74 v74.0.0
	github.com/govalues/decimal v0.1.36
	github.com/hashicorp/go-retryablehttp v0.7.8
	github.com/shopspring/decimal v1.6.0
	github.com/stripe/stripe-go/v82 v82.5.1
	github.com/tenderkit/tenderkit v0.0.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/go-querystring v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	golang.org/x/net v0.23.0 // indirect
	golang.org/x/oauth2 v0.27.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/tenderkit/tenderkit => ../..
