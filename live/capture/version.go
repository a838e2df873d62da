package capture

import "regexp"

var guessed = regexp.MustCompile(`^v?([0-9]+\.[0-9]+)$`)

// version gives the Kafka version that a guess from the served requests names, or "" for
// one between two versions.
func version(guess string) string {
	match := guessed.FindStringSubmatch(guess)
	if match == nil {
		return ""
	}
	return match[1]
}
