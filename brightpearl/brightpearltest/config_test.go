package brightpearltest

import "testing"

func TestConfig(t *testing.T) {
	t.Parallel()
	s := start(t, WithAccount("shop"))
	got := s.Config()
	if got.Account != "shop" || got.Datacenter != "euw1" || got.BaseURL != s.URL || got.Auth == nil {
		t.Errorf("Config = %v", got)
	}
}
