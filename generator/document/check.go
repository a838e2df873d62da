package document

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"cutover/generator/finding"
)

// checker walks a fresh tree once: it refuses duplicate and merge keys and writes
// every alias out, as long as the budget of added nodes lasts.
type checker struct {
	file   string
	budget *int
}

func (c checker) check(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if err := c.checkKeys(node); err != nil {
			return err
		}
	}
	for i, child := range node.Content {
		if child.Kind == yaml.AliasNode {
			expanded, err := c.expand(child, child)
			if err != nil {
				return err
			}
			node.Content[i] = expanded
			continue
		}
		if err := c.check(child); err != nil {
			return err
		}
	}
	node.Anchor = ""
	return nil
}

func (c checker) checkKeys(mapping *yaml.Node) error {
	seen := make(map[string]int, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		if key.Kind != yaml.ScalarNode {
			return at(c.file, key, "yaml-key", "a key is no plain text", "write the key as text")
		}
		if key.Tag == "!!merge" {
			return at(c.file, key, "yaml-merge", "merge keys (<<) are not read", "write the merged fields out")
		}
		if first, ok := seen[key.Value]; ok {
			return at(c.file, key, "yaml-duplicate-key",
				fmt.Sprintf("key %q stands twice in one mapping, first on line %d", key.Value, first),
				"keep one of the two: YAML readers differ on which of them counts")
		}
		seen[key.Value] = key.Line
	}
	return nil
}

// expand copies what an alias points to. The copy keeps the alias' position, so that
// messages name the line a reader is looking at.
func (c checker) expand(node, alias *yaml.Node) (*yaml.Node, error) {
	if *c.budget--; *c.budget < 0 {
		return nil, at(c.file, alias, "yaml-alias", "aliases grow the document beyond its limit", "write the repeated parts out")
	}
	if node.Kind == yaml.AliasNode {
		return c.expand(node.Alias, alias)
	}
	copied := *node
	copied.Anchor, copied.Line, copied.Column = "", alias.Line, alias.Column
	copied.Content = make([]*yaml.Node, len(node.Content))
	if copied.Kind == yaml.MappingNode {
		if err := c.checkKeys(node); err != nil {
			return nil, err
		}
	}
	for i, child := range node.Content {
		expanded, err := c.expand(child, alias)
		if err != nil {
			return nil, err
		}
		copied.Content[i] = expanded
	}
	return &copied, nil
}

var (
	syntaxLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)
	// quoted is what the parser repeats of the text, which may be a value of a Secret.
	quoted = regexp.MustCompile("'[^']*'|`[^`]*`")
)

// syntax turns an error of the parser into a finding. The parser leaves the first line out.
func syntax(file string, err error) finding.Finding {
	f := finding.Finding{
		Rule: "yaml-syntax", Severity: finding.Error, File: file, Message: err.Error(),
		Hint: "correct the YAML; `oc get … -o yaml` prints it well-formed",
	}
	if match := syntaxLine.FindStringSubmatch(err.Error()); match != nil {
		f.Line, _ = strconv.Atoi(match[1])
		f.Message = match[2]
	}
	if strings.HasPrefix(f.Message, "did not find expected") {
		f.Line++ // the grammar's errors count lines from 0, those of the scanner from 1
	}
	f.Line = max(f.Line, 1)
	f.Message = quoted.ReplaceAllString(f.Message, "…")
	return f
}

func at(file string, node *yaml.Node, rule, message, hint string) finding.Finding {
	return finding.Finding{Rule: rule, Severity: finding.Error, File: file, Line: node.Line, Message: message, Hint: hint}
}
