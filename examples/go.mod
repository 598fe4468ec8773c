module github.com/tenderkit/tenderkit/examples

go 1.26

require (
	github.com/tenderkit/tenderkit v0.0.0
	gopkg.in/dnaeon/go-vcr.v4 v4.0.7
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
	go.yaml.in/yaml/v4 v4.0.0-rc.6 // indirect
)

replace github.com/tenderkit/tenderkit => ../
