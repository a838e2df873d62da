// Package picture draws a dashboard as one SVG, from the data that Prometheus gave for its
// panels: the same grid, titles, units and legends that Grafana shows.
package picture

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"cutover/e2e/kafka/prometheus"
)

// Board is a dashboard with its data.
type Board struct {
	// Title stands above it, Note below.
	Title, Note string
	// Span is the time that the charts show.
	Span   prometheus.Span
	Panels []Panel
	Marks  []Mark
}

// Panel is one panel with its data.
type Panel struct {
	Title string
	// Kind is row, timeseries, stat or table; Unit is one of Grafana's units.
	Kind, Unit string
	// X, Y, Width and Height are in units of Grafana's grid of 24 columns.
	X, Y, Width, Height int
	Lines               []Line
	// Rows are a table's, the first with the titles.
	Rows [][]string
}

// Line is one series of a panel.
type Line struct {
	Legend  string
	Samples []prometheus.Sample
}

// Mark is something that happened, drawn into every chart.
type Mark struct {
	At    time.Time
	Text  string
	Color string
}

const (
	column = 50 // pixels of a column of the grid
	row    = 22 // pixels of a unit of height
	gap    = 6
	top    = 84 // room for title and marks
)

// palette are the lines' colors, in order.
func palette() []string {
	return []string{"#3274d9", "#e0752d", "#299c46", "#a352cc", "#d44a3a", "#0aa3a3", "#b0851f", "#d6339a", "#707a8a", "#5b3a1e"}
}

// Draw gives the SVG.
func Draw(b Board) string {
	height := 0
	for _, p := range b.Panels {
		height = max(height, top+(p.Y+p.Height)*row)
	}
	height += 40
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="Helvetica,Arial,sans-serif" font-size="10">`+"\n", 24*column, height)
	fmt.Fprintf(&s, `<rect width="%d" height="%d" fill="#f4f5f7"/>`+"\n", 24*column, height)
	text(&s, 8, 20, `font-size="16" font-weight="bold"`, b.Title)
	strip(&s, b)
	for _, p := range b.Panels {
		x, y := p.X*column, top+p.Y*row
		if p.Kind == "row" {
			text(&s, float64(x+8), float64(y+15), `font-size="13" font-weight="bold"`, p.Title)
			continue
		}
		panel(&s, b, p, box{float64(x + gap/2), float64(y + gap/2), float64(p.Width*column - gap), float64(p.Height*row - gap)})
	}
	text(&s, 8, float64(height-14), `fill="#555"`, b.Note)
	s.WriteString("</svg>\n")
	return s.String()
}

// strip shows all marks with their texts, those that are close to one another on lines of
// their own.
func strip(s *strings.Builder, b Board) {
	const left, right, levels = 8.0, 24*column - 8.0, 4
	free := make([]float64, levels)
	marks := slices.Clone(b.Marks)
	slices.SortStableFunc(marks, func(x, y Mark) int { return x.At.Compare(y.At) })
	for _, m := range marks {
		x := left + (right-left)*b.share(m.At)
		level := 0
		for level < levels-1 && free[level] > x {
			level++
		}
		free[level] = x + 6*float64(len(m.Text)) + 6
		fmt.Fprintf(s, `<path d="M%.1f 28V82" stroke="%s" stroke-width="1"/>`+"\n", x, m.Color)
		text(s, x+2, 38+12*float64(level), fmt.Sprintf(`fill="%s"`, m.Color), m.Text)
	}
}

// share is where a time is within the span, from 0 to 1.
func (b Board) share(at time.Time) float64 {
	return float64(at.Sub(b.Span.From)) / float64(b.Span.To.Sub(b.Span.From))
}

// box is a rectangle in pixels.
type box struct{ x, y, width, height float64 }

func panel(s *strings.Builder, b Board, p Panel, at box) {
	fmt.Fprintf(s, `<rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" fill="#fff" stroke="#ccc"/>`+"\n", at.x, at.y, at.width, at.height)
	text(s, at.x+6, at.y+14, `font-weight="bold"`, p.Title)
	switch {
	case p.Kind == "table":
		table(s, p, at)
	case len(p.Lines) == 0:
		text(s, at.x+at.width/2, at.y+at.height/2, `fill="#888" text-anchor="middle"`, "no data")
	case p.Kind == "stat":
		samples := p.Lines[0].Samples
		last := samples[len(samples)-1].Value
		text(s, at.x+at.width/2, at.y+at.height/2+16, `font-size="26" text-anchor="middle"`, Format(p.Unit, last))
	default:
		chart(s, b, p, at)
	}
}

func table(s *strings.Builder, p Panel, at box) {
	if len(p.Rows) == 0 {
		return
	}
	width := at.width / float64(len(p.Rows[0]))
	for i, cells := range p.Rows {
		y := at.y + 32 + float64(i)*14
		if y > at.y+at.height-16 && i < len(p.Rows)-1 {
			text(s, at.x+6, y, `fill="#888"`, fmt.Sprintf("… %d more", len(p.Rows)-i))
			return
		}
		style := ""
		if i == 0 {
			style = `font-weight="bold" fill="#555"`
		}
		for j, cell := range cells {
			text(s, at.x+6+float64(j)*width, y, style, cell)
		}
	}
}

func text(s *strings.Builder, x, y float64, style, content string) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" %s>%s</text>`+"\n", x, y, style, html.EscapeString(content))
}
