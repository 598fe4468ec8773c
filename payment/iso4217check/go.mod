module github.com/tenderkit/tenderkit/payment/iso4217check

go 1.26

require (
	github.com/moov-io/iso4217 v0.4.0
	github.com/tenderkit/tenderkit v0.0.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
)

replace github.com/tenderkit/tenderkit => ../..
