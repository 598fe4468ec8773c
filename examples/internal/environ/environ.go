// Package environ reads which account the environment means.
package environ

import "fmt"

// Check refuses variables of an account without the first of them, the one that
// selects it: who sets some of them does not mean an emulator.
func Check(getenv func(string) string, names ...string) error {
	if getenv(names[0]) != "" {
		return nil
	}
	for _, name := range names[1:] {
		if getenv(name) != "" {
			return fmt.Errorf("%s is not set, and %s is", names[0], name)
		}
	}
	return nil
}
