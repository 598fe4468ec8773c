package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const page = "# Page\n\n```sh\ngo build\n```\n\n```go\nif err := ctx.Err(); err != nil {\n\treturn err\n}\n_ = payment.NoSuchThing\n```\n\n" +
	"```go\nfunc TestX(t *testing.T) { t.Log(\"rubi.New\") }\n```\n\n  ```go\n  amount, err := payment.ParseMoney(\"1.00\", \"GBP\")\n  ...\n  ```\n"

func TestMarkdown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "PAGE.md")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	blocks, err := ofMarkdown(file, "PAGE.md")
	if err != nil || len(blocks) != 3 || blocks[0].line != 8 {
		t.Fatalf("%+v, %v", blocks, err)
	}
	wrong, err := compile(root(t), blocks)
	if err != nil || len(wrong) != 1 || !strings.HasPrefix(wrong[0], "PAGE.md:11: undefined: payment.NoSuchThing") {
		t.Errorf("%q, %v", wrong, err)
	}
	if strings.Contains(string(blocks[1].file()), "/rubi") {
		t.Error("a package in a text is imported")
	}
}

func TestPackageComment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.go")
	source := "// Package shop sells.\n//\n//\tclient, err := spektrix.New(1)\n//\n// And more:\n//\n//\tnot Go\npackage shop\n"
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	blocks, err := ofComment(file, "shop/shop.go")
	if err != nil || len(blocks) != 1 {
		t.Fatalf("%+v, %v", blocks, err)
	}
	wrong, err := compile(root(t), blocks)
	if err != nil || len(wrong) != 1 || !strings.HasPrefix(wrong[0], "shop, package comment, line 1 of the code: cannot use 1") {
		t.Errorf("%q, %v", wrong, err)
	}
}

// The documents that people read first have to be among the blocks.
func TestCollect(t *testing.T) {
	blocks, err := collect(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{"README.md", ".", "payment", "spektrix", "brightpearl", "rubi", "backendpay", "payment/outbox"} {
		if !slices.ContainsFunc(blocks, func(b block) bool { return b.source == source }) {
			t.Errorf("no block of %s", source)
		}
	}
}

func root(t *testing.T) string {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
