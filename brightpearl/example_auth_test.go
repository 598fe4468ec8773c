package brightpearl_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

// What is wrong with a configuration is told by name, before anything is sent.
func ExampleNew() {
	staff := brightpearl.StaffToken("acme_till", "the-token")
	client, err := brightpearl.New(brightpearl.Config{Account: "acme", Datacenter: "euw1", Auth: staff},
		tenderkit.WithTimeout(10*time.Second))
	fmt.Println(client != nil, err)

	_, err = brightpearl.New(brightpearl.Config{Datacenter: "euw1", Auth: staff})
	fmt.Println(err)
	_, err = brightpearl.New(brightpearl.Config{Account: "acme", Datacenter: "mars", Auth: staff})
	fmt.Println(err)
	var field *payment.FieldError
	fmt.Println(errors.As(err, &field), field.Field)
	// Output:
	// true <nil>
	// brightpearl: Config.Account: is empty
	// brightpearl: Config.Datacenter: is neither euw1 nor use1, the documented ones; BaseURL takes another host
	// true Config.Datacenter
}

// The three styles whose token never changes.
func ExampleStaffToken() {
	server := brightpearltest.New(
		brightpearltest.WithStaffToken("acme_till", "staff-token"),
		brightpearltest.WithAccountToken("acme_old", "account-token"),
		brightpearltest.WithSignedToken("maker", "maker_app", "unsigned-token", "dev-secret"),
	)
	defer server.Close()

	for _, auth := range []brightpearl.Auth{
		brightpearl.StaffToken("acme_till", "staff-token"),                            // a new private app
		brightpearl.AccountToken("acme_old", "account-token"),                         // an older private app
		brightpearl.SignedToken("maker", "maker_app", "unsigned-token", "dev-secret"), // an older public app
		brightpearl.StaffToken("acme_till", "two words"),                              // which cannot stand in a header
	} {
		config := server.Config()
		config.Auth = auth
		client, err := brightpearl.New(config)
		if err != nil {
			fmt.Println(err)
			continue
		}
		method, err := client.PaymentMethod(context.Background(), 1)
		fmt.Println(auth, method.Code, err)
	}
	// Output:
	// brightpearl.StaffToken SAGEPAY_UK <nil>
	// brightpearl.AccountToken SAGEPAY_UK <nil>
	// brightpearl.SignedToken SAGEPAY_UK <nil>
	// brightpearl: Auth.Token: holds white space, a control character or a character beyond ASCII
}

// A public app: the user of an account approves it, the code becomes a token,
// and every refreshed token is stored before it is used.
func ExampleOAuth() {
	app := brightpearltest.OAuthClient{DevRef: "maker", AppRef: "maker_app", RedirectURI: "https://app.example/back"}
	server := brightpearltest.New(brightpearltest.WithAccount("acme"), brightpearltest.WithOAuthClient(app))
	defer server.Close()
	ctx := context.Background()

	fmt.Println(brightpearl.AuthorizeURL("acme", app.AppRef, app.RedirectURI, "state-1")) // send the user there
	code := server.IssueCode(app.AppRef)                                                  // which comes back to RedirectURI

	config := server.Config()
	config.BaseURL = server.URL
	stored := map[string][]byte{} // stands for a safe place in a database
	oauth := brightpearl.OAuthConfig{
		DevRef: app.DevRef, AppRef: app.AppRef,
		TokenURL: server.URL, Domains: []string{config.BaseURL[len("http://"):]}, // of the emulator alone
		Save: func(_ context.Context, t brightpearl.Token) (err error) {
			stored["acme"], err = t.MarshalBinary()
			return err
		},
	}
	token, err := brightpearl.ExchangeCode(ctx, oauth, config.Account, code, app.RedirectURI)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.AccessToken, token.RefreshToken) // secrets do not print
	oauth.Token = token
	config.Auth = brightpearl.OAuth(oauth)
	client, err := brightpearl.New(config)
	if err != nil {
		log.Fatal(err)
	}

	server.ExpireTokens()
	method, err := client.PaymentMethod(ctx, 1)
	fmt.Println(method.Code, err)
	var kept brightpearl.Token // the token of the program's next run
	if err := kept.UnmarshalBinary(stored["acme"]); err != nil {
		log.Fatal(err)
	}
	fmt.Println("a new token is stored:", kept.AccessToken != "" && kept.AccessToken != token.AccessToken)
	// Output:
	// https://oauth.brightpearl.com/authorize/acme?client_id=maker_app&redirect_uri=https%3A%2F%2Fapp.example%2Fback&response_type=code&state=state-1
	// [redacted] [redacted]
	// SAGEPAY_UK <nil>
	// a new token is stored: true
}
