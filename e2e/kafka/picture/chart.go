package picture

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// chart draws the lines of a panel between two axes, with the marks behind them.
func chart(s *strings.Builder, b Board, p Panel, at box) {
	plot := box{at.x + 62, at.y + 22, at.width - 74, at.height - 76}
	low, high, step := scale(p.Lines)
	place := func(t time.Time, value float64) (x, y float64) {
		return plot.x + plot.width*b.share(t), plot.y + plot.height*(high-value)/(high-low)
	}
	for value := low; value <= high+step/2; value += step {
		_, y := place(b.Span.From, value)
		fmt.Fprintf(s, `<path d="M%.1f %.1fh%.1f" stroke="#e4e4e4"/>`+"\n", plot.x, y, plot.width)
		text(s, plot.x-4, y+3, `fill="#555" text-anchor="end"`, Format(p.Unit, value))
	}
	for t := b.Span.From.Truncate(time.Minute).Add(time.Minute); t.Before(b.Span.To); t = t.Add(time.Minute) {
		x, _ := place(t, low)
		text(s, x, plot.y+plot.height+12, `fill="#555" text-anchor="middle" font-size="8"`, t.UTC().Format("15:04"))
	}
	for _, m := range b.Marks {
		x, _ := place(m.At, low)
		fmt.Fprintf(s, `<path d="M%.1f %.1fv%.1f" stroke="%s" stroke-opacity=".35" stroke-dasharray="3 2"/>`+"\n", x, plot.y, plot.height, m.Color)
	}
	colors := palette()
	for i, line := range p.Lines {
		fmt.Fprintf(s, `<path d="%s" fill="none" stroke="%s" stroke-width="1.4"/>`+"\n", path(b, line, place), colors[i%len(colors)])
	}
	legend(s, p, at)
}

// path joins a line's samples; where some are missing it begins anew.
func path(b Board, line Line, place func(time.Time, float64) (x, y float64)) string {
	var d strings.Builder
	var before time.Time
	for _, sample := range line.Samples {
		command := "L"
		if before.IsZero() || sample.At.Sub(before) > b.Span.Step*3/2 {
			command = "M"
		}
		before = sample.At
		x, y := place(sample.At, sample.Value)
		fmt.Fprintf(&d, "%s%.1f %.1f", command, x, y)
	}
	return d.String()
}

// legend names the lines in up to three lines of text.
func legend(s *strings.Builder, p Panel, at box) {
	colors := palette()
	x, y := at.x+10, at.y+at.height-32
	for i, line := range p.Lines {
		width := 20 + 5.7*float64(len(line.Legend))
		if x+width > at.x+at.width {
			x, y = at.x+10, y+12
		}
		fmt.Fprintf(s, `<rect x="%.1f" y="%.1f" width="8" height="3" fill="%s"/>`+"\n", x, y-4, colors[i%len(colors)])
		text(s, x+11, y, "", line.Legend)
		x += width
	}
}

// scale is an axis with some four steps of 1, 2 or 5, which has 0 on it.
func scale(lines []Line) (low, high, step float64) {
	for _, line := range lines {
		for _, sample := range line.Samples {
			low, high = min(low, sample.Value), max(high, sample.Value)
		}
	}
	if low == high {
		return low, low + 1, 1
	}
	step = math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*factor) <= 5 {
			step *= factor
			break
		}
	}
	return math.Floor(low/step) * step, math.Ceil(high/step) * step, step
}
