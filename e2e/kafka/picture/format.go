package picture

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Format writes a value in one of Grafana's units, those that the dashboard Migration uses;
// of others it writes the unit behind the number.
func Format(unit string, value float64) string {
	switch unit {
	case "none", "":
		return number(value)
	case "short":
		return scaled(value, 1000, []string{"", " K", " M", " G"})
	case "cps":
		return scaled(value, 1000, []string{" c/s", " Kc/s", " Mc/s"})
	case "bytes":
		return scaled(value, 1024, []string{" B", " KiB", " MiB", " GiB", " TiB"})
	case "Bps":
		return scaled(value, 1000, []string{" B/s", " kB/s", " MB/s", " GB/s"})
	case "ms":
		if math.Abs(value) < 1000 {
			return number(value) + " ms"
		}
		return span(value / 1000)
	case "s":
		return span(value)
	case "percentunit":
		return number(value*100) + " %"
	case "dateTimeAsIso":
		return time.UnixMilli(int64(value)).UTC().Format("15:04:05")
	}
	return number(value) + " " + unit
}

func span(seconds float64) string {
	switch s := math.Abs(seconds); {
	case s < 1:
		return number(seconds*1000) + " ms"
	case s < 120:
		return number(seconds) + " s"
	case s < 7200:
		return number(seconds/60) + " min"
	}
	return number(seconds/3600) + " h"
}

func scaled(value, base float64, suffixes []string) string {
	i := 0
	for i < len(suffixes)-1 && math.Abs(value) >= base {
		value, i = value/base, i+1
	}
	return number(value) + suffixes[i]
}

// number has three digits, or as many as stand before the point.
func number(value float64) string {
	if math.Abs(value) >= 100 || value == math.Trunc(value) {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return fmt.Sprintf("%.3g", value)
}
