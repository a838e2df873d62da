package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

const commandsPage = "../../docs/commands.md"

func TestTheCommandsAreDocumented(t *testing.T) {
	root := newRoot(streams{}, printer{}, func(string) string { return "" })
	var page bytes.Buffer
	page.WriteString("# Commands\n\nThis page is made of the commands' own help: `go test ./cmd/cutover -update`.\n")
	for _, command := range root.Commands() {
		command.DisableAutoGenTag = true
		var out bytes.Buffer
		if err := doc.GenMarkdownCustom(command, &out, func(string) string { return "" }); err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(out.String(), "### SEE ALSO")
		page.WriteString("\n" + strings.TrimSpace(text) + "\n")
	}
	if *update {
		if err := os.WriteFile(commandsPage, page.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile(commandsPage)
	if err != nil || !bytes.Equal(written, page.Bytes()) {
		t.Errorf("docs/commands.md is not what the commands say (%v): go test ./cmd/cutover -update", err)
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	var walk func(command *cobra.Command)
	walk = func(command *cobra.Command) {
		if !strings.Contains(command.Example, command.CommandPath()) || command.Long == "" {
			t.Errorf("%s has no example of itself, or no long help", command.CommandPath())
		}
		for _, child := range command.Commands() {
			walk(child)
		}
	}
	walk(newRoot(streams{}, printer{}, func(string) string { return "" }))
}
