package spektrixtest

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/spektrix"
)

// signing is how a raw request is signed otherwise than it should be.
type signing struct {
	shift      time.Duration // of the date
	noHash     bool          // without the line of the body's hash
	wrongKey   bool
	wrongLogin bool
	capitals   bool // the client name in capitals
	userAgent  string
}

type signingKey struct{}

// signedAs makes [paymenttest.Trial.Send] sign its request in that way.
func signedAs(ctx context.Context, how signing) context.Context {
	return context.WithValue(ctx, signingKey{}, how)
}

// signRaw returns a function that signs a request as the vendor documents it.
func signRaw(config spektrix.Config, now func() time.Time) func(*http.Request) error {
	secret, secretErr := base64.StdEncoding.DecodeString(string(config.Secret))
	return func(r *http.Request) error {
		if secretErr != nil {
			return errors.New("the secret is not base64")
		}
		how, _ := r.Context().Value(signingKey{}).(signing)
		login, key := config.Login, secret
		if how.wrongLogin {
			login = "contract-none"
		}
		if how.wrongKey {
			key = append([]byte("contract"), key...)
		}
		if how.capitals {
			name := strings.ToLower(config.ClientName)
			r.URL.Path = strings.Replace(r.URL.Path, name, strings.ToUpper(name), 1)
		}
		date := now().Add(how.shift).UTC().Format(http.TimeFormat)
		lines := []string{r.Method, r.URL.Scheme + "://" + r.URL.Host + r.URL.RequestURI(), date}
		if r.Method != http.MethodGet && !how.noHash {
			hash, err := bodyHash(r)
			if err != nil {
				return err
			}
			lines = append(lines, hash)
		}
		mac := hmac.New(sha1.New, key)
		mac.Write([]byte(strings.Join(lines, "\n")))
		r.Header.Set("Date", date)
		r.Header.Set("Authorization", authScheme+login+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		r.Header.Set("Accept", "application/json")
		r.Header.Set("User-Agent", productAgent)
		if how.userAgent != "" {
			r.Header.Set("User-Agent", how.userAgent)
		}
		return nil
	}
}

const productAgent = "tenderkit-contract"

func bodyHash(r *http.Request) (string, error) {
	sum := md5.New()
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return "", err
		}
		if _, err := io.Copy(sum, body); err != nil {
			return "", err
		}
	}
	return base64.StdEncoding.EncodeToString(sum.Sum(nil)), nil
}
