package spektrix_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/spektrix"
)

func TestTime(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		zoned bool
		in    time.Time // in London
	}{
		{`"2026-05-29T19:00:00"`, false, time.Date(2026, 5, 29, 18, 0, 0, 0, time.UTC)},
		{`"2024-06-01T00:00:00.0000000"`, false, time.Date(2024, 5, 31, 23, 0, 0, 0, time.UTC)},
		{`"2024-01-31T22:45:56.2997626+00:00"`, true, time.Date(2024, 1, 31, 22, 45, 56, 299762600, time.UTC)},
		{`"2024-06-01T00:00:00Z"`, true, time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)},
		{`"2024-06-01"`, false, time.Date(2024, 5, 31, 23, 0, 0, 0, time.UTC)},
		{`"soon"`, false, time.Time{}},
		{`null`, false, time.Time{}},
	} {
		var got spektrix.Time
		if err := json.Unmarshal([]byte(c.text), &got); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got.Zoned != c.zoned || !got.In(london).Equal(c.in) {
			t.Errorf("%s: zoned %v, %v", c.text, got.Zoned, got.In(london))
		}
		if back, err := json.Marshal(got); err != nil || string(back) != c.text {
			t.Errorf("%s: written as %s, %v", c.text, back, err)
		}
	}
}

func TestTimeInNoLocationIsUTC(t *testing.T) {
	t.Parallel()
	var got spektrix.Time
	if err := json.Unmarshal([]byte(`"2026-05-29T19:00:00"`), &got); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 5, 29, 19, 0, 0, 0, time.UTC); !got.In(nil).Equal(want) {
		t.Errorf("In(nil) = %v", got.In(nil))
	}
}

// What is no text is no time; nobody needs it, so it costs nothing.
func TestTimeThatIsNoText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`17`, `{}`, `[1]`, `true`, `"0000-00-00"`} {
		var got spektrix.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Wall.IsZero() || got.Text == "" {
			t.Errorf("%s was read as %v, %v", text, got, err)
		}
	}
}

func FuzzTime(f *testing.F) {
	f.Add(`"2026-05-29T19:00:00"`)
	f.Add(`"2024-01-31T22:45:56.2997626+00:00"`)
	f.Add(`""`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, second spektrix.Time
		if json.Unmarshal([]byte(text), &first) != nil {
			return
		}
		back, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(back, &second); err != nil || second.Text != first.Text || !second.Wall.Equal(first.Wall) {
			t.Errorf("%q became %q, %v", first.Text, second.Text, err)
		}
	})
}
