package kafka_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/dashboard"
	"cutover/e2e/kafka/picture"
	"cutover/e2e/kafka/prometheus"
)

// draw draws the dashboard Migration from what Prometheus has, into the file that
// CUTOVER_E2E_PICTURE names.
func (w *watched) draw(t *testing.T, span prometheus.Span) {
	t.Helper()
	file := os.Getenv("CUTOVER_E2E_PICTURE")
	if file == "" {
		return
	}
	boards, err := dashboard.ReadFolder("../../charts/monitoring/files/dashboards")
	check(t, err)
	i := slices.IndexFunc(boards, func(d dashboard.Dashboard) bool { return d.Name == "migration" })
	artist := artist{w.server, span}
	board, err := artist.board(t, boards[i])
	check(t, err)
	drawing := picture.Draw(board)
	check(t, os.WriteFile(file, []byte(drawing), 0o600))
	w.logf(t, "%d bytes are drawn into %s", len(drawing), file)
}

// artist asks for the data of panels over one span.
type artist struct {
	server *prometheus.Server
	span   prometheus.Span
}

func (a artist) board(t *testing.T, d dashboard.Dashboard) (picture.Board, error) {
	t.Helper()
	queries, err := d.Queries(func(expression string) ([]string, error) {
		series, err := a.server.Range(t.Context(), expression, a.span)
		var names []string
		for _, s := range series {
			names = append(names, s.String())
		}
		return names, err
	})
	if err != nil {
		return picture.Board{}, err
	}
	board := picture.Board{
		Title: d.Title, Span: a.span,
		Note: fmt.Sprintf("TestEveryPanelAndEveryAlertHasData, %s to %s UTC; source Kafka 2.4.1, target Kafka 2.8.0. Marks are phases, blue of the source, purple of the target.",
			a.span.From.UTC().Format(time.DateTime), a.span.To.UTC().Format(time.TimeOnly)),
	}
	for i := range d.Panels {
		drawn, err := a.panel(t, &d.Panels[i], queries)
		if err != nil {
			return board, err
		}
		board.Panels = append(board.Panels, drawn)
	}
	board.Marks, err = a.marks(t)
	return board, err
}

func (a artist) panel(t *testing.T, p *dashboard.Panel, queries []dashboard.Query) (picture.Panel, error) {
	t.Helper()
	drawn := picture.Panel{Title: p.Title, Kind: p.Type, Unit: p.FieldConfig.Defaults.Unit,
		X: p.GridPos.X, Y: p.GridPos.Y, Width: p.GridPos.W, Height: p.GridPos.H}
	rows := make(map[string][]string)
	titles := []string{"Topic"}
	for _, q := range queries {
		if q.Panel != p {
			continue
		}
		all, err := a.server.Range(t.Context(), q.Expr, a.span)
		if err != nil {
			return drawn, err
		}
		titles = append(titles, q.Target.LegendFormat)
		for _, series := range all {
			drawn.Lines = append(drawn.Lines, picture.Line{Legend: legend(q.Target.LegendFormat, series.Labels), Samples: series.Samples})
			topic := series.Labels["topic"]
			for len(rows[topic]) < len(titles)-2 {
				rows[topic] = append(rows[topic], "")
			}
			last := series.Samples[len(series.Samples)-1].Value
			rows[topic] = append(rows[topic], picture.Format(drawn.Unit, last))
		}
	}
	if p.Type == "table" {
		drawn.Rows = ordered(titles, rows)
	}
	return drawn, nil
}

// ordered is a table's rows by topic, under its titles.
func ordered(titles []string, rows map[string][]string) [][]string {
	all := [][]string{titles}
	for topic, cells := range rows {
		all = append(all, append([]string{topic}, cells...))
	}
	slices.SortFunc(all[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return all
}

var placeholder = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// legend fills a legend's format in.
func legend(format string, labels map[string]string) string {
	return placeholder.ReplaceAllStringFunc(format, func(found string) string {
		return labels[placeholder.FindStringSubmatch(found)[1]]
	})
}

// marks are the moments at which a cluster's phase was another one than before.
func (a artist) marks(t *testing.T) ([]picture.Mark, error) {
	t.Helper()
	all, err := a.server.Range(t.Context(), "cutover:phase", a.span)
	var marks []picture.Mark
	for _, series := range all {
		color := "#3274d9"
		if series.Labels["cutover_role"] == "target" {
			color = "#a352cc"
		}
		before := -1.0
		for _, sample := range series.Samples {
			if sample.Value != before {
				marks = append(marks, picture.Mark{At: sample.At, Text: fmt.Sprintf("%03.0f", sample.Value), Color: color})
			}
			before = sample.Value
		}
	}
	return marks, err
}
