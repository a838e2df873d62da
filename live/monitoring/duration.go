package monitoring

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

const day = 24 * time.Hour

var (
	durationSyntax = regexp.MustCompile(`^(?:[0-9]+(?:ms|[smhdwy]))+$`)
	durationPart   = regexp.MustCompile(`([0-9]+)(ms|[smhdwy])`)
)

// ParseDuration reads a duration as Prometheus writes it, such as 15d or 1d12h: a year has
// 365 days there, a week 7.
func ParseDuration(text string) (time.Duration, error) {
	if !durationSyntax.MatchString(text) {
		return 0, fmt.Errorf("%q is no duration; write it as 15d or 36h", text)
	}
	units := map[string]time.Duration{
		"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "y": 365 * day,
	}
	var sum time.Duration
	for _, part := range durationPart.FindAllStringSubmatch(text, -1) {
		count, err := strconv.ParseInt(part[1], 10, 32)
		if err != nil || time.Duration(count) > (1<<63-1-sum)/units[part[2]] {
			return 0, fmt.Errorf("%q is longer than a duration can be", text)
		}
		sum += time.Duration(count) * units[part[2]]
	}
	return sum, nil
}

// span writes a duration for Prometheus, in full days or hours, rounded up.
func span(d time.Duration) string {
	hours := (d + time.Hour - 1) / time.Hour
	if hours%24 == 0 {
		return fmt.Sprintf("%dd", hours/24)
	}
	return fmt.Sprintf("%dh", hours)
}
