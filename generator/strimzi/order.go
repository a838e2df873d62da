package strimzi

import (
	"cmp"
	"strconv"
	"strings"
)

// Older tells whether release a came before release b, of Strimzi or of Kafka. Releases are
// dotted numbers; a missing one counts as 0.
func Older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if order := cmp.Compare(number(as, i), number(bs, i)); order != 0 {
			return order < 0
		}
	}
	return false
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i])
	return n
}
