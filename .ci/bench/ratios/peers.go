package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/carlmjohnson/requests"
	"github.com/digitalocean/godo"
	"github.com/google/go-github/v74/github"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/stripe/stripe-go/v82"

	"github.com/tenderkit/tenderkit/bench/measure"
	"github.com/tenderkit/tenderkit/bench/work"
)

// all returns the rows, with the peers in those that they can do.
func all(root string) ([]measure.Row, error) {
	get, post, err := work.Typed()
	if err != nil {
		return nil, err
	}
	get.Works = append(get.Works, peers(http.MethodGet)...)
	post.Works = append(post.Works, peers(http.MethodPost)...)
	reads, writes, err := work.Vendors(root)
	if err != nil {
		return nil, err
	}
	rows := append([]measure.Row{get, post}, reads...)
	rows = append(rows, writes...)
	for _, more := range []func() ([]measure.Row, error){work.Onces, work.Bulk, func() ([]measure.Row, error) { return work.Parallel(root) }, work.Limited} {
		r, err := more()
		if err != nil {
			return nil, err
		}
		rows = append(rows, r...)
	}
	return append(rows, amounts()...), nil
}

// bearer signs for the peers that leave it to a transport.
type bearer struct{ next http.RoundTripper }

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	signed := req.Clone(req.Context())
	signed.Header.Set("Authorization", "Bearer "+work.Token)
	return b.next.RoundTrip(signed)
}

func peers(method string) []measure.Work {
	stub := &work.Stub{Body: work.Answer}
	path := func(i int) string {
		if method == http.MethodGet {
			return "v1/payments/" + strconv.Itoa(i)
		}
		return "v1/payments"
	}
	var sent any
	if method == http.MethodPost {
		sent = work.Sent
	}
	return []measure.Work{
		retryable(stub, method, path, sent), chained(stub, method, path, sent),
		digitalOcean(stub, method, path, sent), gitHub(stub, method, path, sent), viaStripe(stub, method, path, sent),
	}
}

func retryable(stub http.RoundTripper, method string, path func(int) string, sent any) measure.Work {
	client := retryablehttp.NewClient()
	client.Logger, client.HTTPClient = nil, &http.Client{Transport: stub}
	return work.Each("retryablehttp", func(ctx context.Context, i int) error {
		var body any
		if sent != nil {
			b, err := json.Marshal(sent)
			if err != nil {
				return err
			}
			body = b
		}
		req, err := retryablehttp.NewRequestWithContext(ctx, method, work.Origin+"/"+path(i), body)
		if err != nil {
			return err
		}
		req.Header.Set("User-Agent", work.Agent)
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Authorization", "Bearer "+work.Token)
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		var r work.Record
		return json.Unmarshal(answer, &r)
	})
}

func chained(stub http.RoundTripper, method string, path func(int) string, sent any) measure.Work {
	client := &http.Client{Transport: stub}
	return work.Each("requests", func(ctx context.Context, i int) error {
		var r work.Record
		b := requests.URL(work.Origin).Path("/" + path(i)).Client(client).Method(method).
			UserAgent(work.Agent).Accept("application/json").Bearer(work.Token).ToJSON(&r)
		if sent != nil {
			b = b.BodyJSON(sent)
		}
		return b.Fetch(ctx)
	})
}

func digitalOcean(stub http.RoundTripper, method string, path func(int) string, sent any) measure.Work {
	client := godo.NewClient(&http.Client{Transport: bearer{stub}})
	client.BaseURL, _ = url.Parse(work.Origin)
	return work.Each("godo", func(ctx context.Context, i int) error {
		req, err := client.NewRequest(ctx, method, path(i), sent)
		if err != nil {
			return err
		}
		var r work.Record
		_, err = client.Do(ctx, req, &r)
		return err
	})
}

func gitHub(stub http.RoundTripper, method string, path func(int) string, sent any) measure.Work {
	client := github.NewClient(&http.Client{Transport: stub}).WithAuthToken(work.Token)
	client.BaseURL, _ = url.Parse(work.Origin + "/")
	return work.Each("go-github", func(ctx context.Context, i int) error {
		req, err := client.NewRequest(method, path(i), sent)
		if err != nil {
			return err
		}
		var r work.Record
		_, err = client.Do(ctx, req, &r)
		return err
	})
}

// stripeRecord is the record as stripe-go reads it.
type stripeRecord struct {
	stripe.APIResource
	work.Record
}

func viaStripe(stub http.RoundTripper, method string, path func(int) string, sent any) measure.Work {
	backend := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		HTTPClient: &http.Client{Transport: stub}, URL: stripe.String(work.Origin), EnableTelemetry: stripe.Bool(false),
		LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	return work.Each("stripe-go", func(ctx context.Context, i int) error {
		params := &stripe.PaymentIntentParams{Params: stripe.Params{Context: ctx}}
		if sent != nil {
			params.Description, params.Amount = stripe.String(work.Sent.Ref), stripe.Int64(1040)
		}
		var r stripeRecord
		return backend.Call(method, "/"+path(i), work.Token, params, &r)
	})
}
