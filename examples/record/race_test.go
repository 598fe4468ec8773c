//go:build race

package main

const underRace = true

// The program that is killed runs under the race detector if its test does.
func init() { buildFlags = append(buildFlags, "-race") }
