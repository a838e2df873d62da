package estimate

import (
	"fmt"
	"time"
)

// In says a time until caught up in words, "?" where it is not known.
func In(seconds *float64) string {
	switch {
	case seconds == nil:
		return "?"
	case *seconds == never:
		return "never"
	case *seconds == 0:
		return "now"
	}
	return round(time.Duration(*seconds * float64(time.Second)))
}

func when(seconds *float64) string {
	if *seconds == never {
		return "never"
	}
	return "in " + In(seconds)
}

// round keeps the two largest units of a time.
func round(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%ds", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%ds", max(1, (d+time.Second/2)/time.Second))
}

// Size says a number of bytes in binary units.
func Size(bytes float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	i := 0
	for bytes >= 1024 && i < len(units)-1 {
		bytes, i = bytes/1024, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%.0f B", bytes)
	}
	return fmt.Sprintf("%.1f %s", bytes, units[i])
}
