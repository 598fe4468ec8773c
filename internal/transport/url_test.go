package transport

import (
	"net/url"
	"strings"
	"testing"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		base     string
		insecure bool
		ok       bool
	}{
		{"https://api.example.com", false, true},
		{"HTTPS://api.example.com:8443/", false, true},
		{"http://localhost:80", false, true},
		{"http://LOCALHOST", false, true},
		{"http://127.0.0.1:9", false, true},
		{"http://127.8.7.6", false, true},
		{"http://[::1]:9", false, true},
		{"http://[::1]", false, true},
		{"http://api.example.com", false, false},
		{"http://api.example.com", true, true},
		{"http://localhost.example.com", false, false},
		{"http://[::2]", false, false},
		{"http://0.0.0.0", false, false},
		{"http://127.0.0.1.example.com", false, false},
		{"ftp://api.example.com", true, false},
		{"https://user@api.example.com", false, false},
		{"https://user:pass-word@api.example.com", false, false},
		{"https://api.example.com/path", false, false},
		{"https://api.example.com//", false, false},
		{"https://api.example.com?q", false, false},
		{"https://api.example.com?", false, false},
		{"https://api.example.com#f", false, false},
		{"https://api.example.com#", false, false},
		{"https://:443", false, false},
		{"https://", false, false},
		{"api.example.com", false, false},
		{"//api.example.com", false, false},
		{"", false, false},
		{" https://api.example.com", false, false},
		{"https://api.example.com\n", false, false},
		{"https:api.example.com", false, false},
	} {
		var opts []Option
		if tt.insecure {
			opts = append(opts, WithInsecureHTTP())
		}
		_, err := New(Config{Vendor: "vendor", BaseURL: tt.base}, opts...)
		if tt.ok != (err == nil) {
			t.Errorf("%q: %v", tt.base, err)
		}
		if err != nil {
			refusedInput(t, err, "Config.BaseURL")
			if strings.Contains(err.Error(), "pass-word") || strings.Contains(err.Error(), "example") {
				t.Errorf("the value is in %q", err)
			}
		}
	}
}

func TestFillPath(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		template string
		ids      []string
		want     string // or the field that is refused, after "!"
	}{
		{"payments", nil, "payments"},
		{"payments/{id}", []string{"7"}, "payments/7"},
		{"a/{a}/b/{b}/", []string{"x", "y"}, "a/x/b/y/"},
		{"{a}", []string{"..."}, "..."},
		{"{a}", []string{"a b"}, "!a"},
		{"{a}", []string{"a+b@c=d&e$"}, "a+b@c=d&e$"},
		{"{a}", []string{"1,2-4"}, "1,2-4"},
		{"{a}", []string{"{b}"}, "%7Bb%7D"},
		{"{a}", []string{"ü"}, "%C3%BC"},
		{"{a}", []string{"x;y"}, "x%3By"},
		{"{a}", []string{""}, "!a"},
		{"{a}", []string{"."}, "!a"},
		{"{a}", []string{".."}, "!a"},
		{"{a}", []string{"a/b"}, "!a"},
		{"{a}", []string{`a\b`}, "!a"},
		{"{a}", []string{"a?b"}, "!a"},
		{"{a}", []string{"a#b"}, "!a"},
		{"{a}", []string{"%2e%2e"}, "!a"},
		{"{a}", []string{"a\x00"}, "!a"},
		{"{a}", []string{"a\r\nb"}, "!a"},
		{"{a}", []string{"a\u0085"}, "!a"},
		{"{a}", []string{"a\u2028"}, "!a"},
		{"{a}", []string{"a\x7f"}, "!a"},
		{"{a}", []string{"\xff"}, "!a"},
		{"{a}/{b}", []string{"x", ""}, "!b"},
		{"{a}/{b}", []string{"x"}, "!IDs"},
		{"a", []string{"x"}, "!IDs"},
	} {
		got, err := fillPath(tt.template, tt.ids)
		if field, bad := strings.CutPrefix(tt.want, "!"); bad {
			refusedInput(t, err, field)
		} else if err != nil || got != tt.want {
			t.Errorf("%q with %q is %q, %v", tt.template, tt.ids, got, err)
		}
	}
}

// FuzzFillPath: whatever the ids are, the path has the segments of its
// template, before and after a server has unescaped it.
func FuzzFillPath(f *testing.F) {
	for _, seed := range []string{"7", "..", "a/b", "%2e%2e", "%252e", "x;y=z", "ü", "{b}", "a\\..", "．．", " ", "\x00", "?q", "#f", "1,2"} {
		f.Add(seed, "1")
		f.Add("1", seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		path, err := fillPath("one/{a}/two/{b}", []string{a, b})
		if err != nil {
			return
		}
		u, err := url.Parse("https://api.example.com/v1/" + path)
		if err != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
			t.Fatalf("%q, %q give %q: %v", a, b, path, err)
		}
		for _, form := range []string{u.Path, u.EscapedPath(), u.JoinPath().Path} {
			if s := strings.Split(form, "/"); len(s) != 6 || s[2] != "one" || s[4] != "two" {
				t.Fatalf("%q, %q give %q", a, b, form)
			}
		}
		if s := strings.Split(u.Path, "/"); s[3] != a || s[5] != b {
			t.Fatalf("%q, %q arrive as %q", a, b, u.Path)
		}
		c := &Client{origin: url.URL{Scheme: "https", Host: "api.example.com"}, prefix: "/v1/"}
		if got := c.url(path, nil).String(); got != "https://api.example.com/v1/"+path {
			t.Fatalf("%q is sent as %q", path, got)
		}
	})
}
