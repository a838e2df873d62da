package strimzi

import (
	"cmp"
	"strconv"
	"strings"
)

// older tells whether Strimzi release a came before b. Releases are dotted numbers.
func older(a, b string) bool {
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
