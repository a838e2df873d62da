// Package tree is a set of files in memory, and the careful hand that writes it to disk:
// everything is staged first, nothing is overwritten that cutover did not write itself,
// and a failure leaves the folder as it was.
package tree

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/generator/finding"
)

// SumFile records the generated files in the format of sha256sum, so that
// `sha256sum -c .cutover.sum` tells which of them were edited by hand.
const SumFile = ".cutover.sum"

// Tree maps slash-separated paths to the content of files.
type Tree map[string][]byte

// Paths gives all paths, sorted.
func (t Tree) Paths() []string { return slices.Sorted(maps.Keys(t)) }

// Sum gives the digests of all files but those that state keeps, which change with every
// step of the migration.
func (t Tree) Sum(state ...string) Sum {
	sum := make(Sum, len(t))
	for path, content := range t {
		if !slices.Contains(state, path) && path != SumFile {
			sum[path] = digest(content)
		}
	}
	return sum
}

// Sum maps paths to the hexadecimal sha256 of their content.
type Sum map[string]string

// Marshal gives the sum in the format of sha256sum, sorted by path.
func (s Sum) Marshal() []byte {
	var out bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&out, "%s  %s\n", s[path], path)
	}
	return out.Bytes()
}

// ParseSum reads what [Sum.Marshal] wrote.
func ParseSum(content []byte) (Sum, error) {
	sum := make(Sum)
	for number, line := range strings.Split(strings.TrimRight(string(content), "\n"), "\n") {
		hash, path, ok := strings.Cut(line, "  ")
		if !ok || len(hash) != 2*sha256.Size || path == "" {
			return nil, finding.Finding{
				Rule: "sum-file", Severity: finding.Error, File: SumFile, Line: number + 1,
				Message: "the line is no digest and path", Hint: "take the file back from Git, or generate into an empty folder",
			}
		}
		sum[path] = hash
	}
	return sum, nil
}

// Check tells whether content is what the sum records for path. A path that the sum does
// not know is not checked: ok is false and known is false.
func (s Sum) Check(path string, content []byte) (ok, known bool) {
	hash, known := s[path]
	return known && hash == digest(content), known
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
