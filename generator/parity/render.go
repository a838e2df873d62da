package parity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

// shown are the rows that a rendering has.
func (r Report) shown(all bool) []Row {
	if all {
		return r.Rows
	}
	return r.Differences()
}

// verdict says in a word how a row came out.
func (r Row) verdict() string {
	switch {
	case r.Equal:
		return "equal"
	case r.Intended:
		return "intended"
	}
	return "NOT INTENDED"
}

// Table gives the report for a terminal: aligned columns, the counts at the end. Without all
// it has the differences only.
func (r Report) Table(all bool) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "source  %s\ntarget  %s\n\n", r.Source, r.Target)
	if rows := r.shown(all); len(rows) > 0 {
		columns := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
		line(columns, "WHAT", "OBJECT", "FIELD", "SOURCE", "TARGET", "DIFFERENCE", "CAUSE")
		for _, row := range rows {
			line(columns, string(row.What), row.Object, row.Field, short(row.Source.String()), short(row.Target.String()), row.verdict(), row.Cause)
		}
		if err := columns.Flush(); err != nil {
			return nil, fmt.Errorf("align the parity table: %w", err)
		}
		out.WriteString("\n")
	}
	for _, count := range r.Counts() {
		fmt.Fprintf(&out, "%-14s %s\n", count.What, count)
	}
	return out.Bytes(), nil
}

// String gives a count in words.
func (c Count) String() string {
	return fmt.Sprintf("%d compared, %d differ, %d not intended", c.Compared, c.Different, c.NotIntended)
}

// line writes one line of columns, without blanks at its end.
func line(w io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = printable(cell)
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
}

// printable keeps values of a cluster from steering the terminal or the columns.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
}

const longest = 60 // characters of a value in a table

func short(text string) string {
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// JSON gives the report for a machine: clusters, counts of everything that was compared, and
// rows with whole values. Without all it has the rows that differ only.
func (r Report) JSON(all bool) ([]byte, error) {
	content, err := json.MarshalIndent(struct {
		Source Cluster `json:"source"`
		Target Cluster `json:"target"`
		Counts []Count `json:"counts"`
		Rows   []Row   `json:"rows"`
	}{r.Source, r.Target, r.Counts(), append([]Row{}, r.shown(all)...)}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the parity report: %w", err)
	}
	return append(content, '\n'), nil
}

// Markdown gives the report for a review: one table for each kind. Without all it has the
// differences only.
func (r Report) Markdown(all bool) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Parity\n\n- source: %s\n- target: %s\n\n| what | compared | differ | not intended |\n|---|---|---|---|\n",
		escape(r.Source.String()), escape(r.Target.String()))
	for _, count := range r.Counts() {
		fmt.Fprintf(&out, "| %s | %d | %d | %d |\n", count.What, count.Compared, count.Different, count.NotIntended)
	}
	what := What("")
	for _, row := range r.shown(all) {
		if row.What != what {
			what = row.What
			fmt.Fprintf(&out, "\n## %s\n\n| object | field | source | target | difference | cause |\n|---|---|---|---|---|---|\n",
				strings.ToUpper(string(what[:1]))+string(what[1:]))
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n",
			code(Text(row.Object)), code(Text(row.Field)), code(row.Source), code(row.Target), row.verdict(), escape(row.Cause))
	}
	return out.Bytes(), nil
}

// code gives a value as code in a Markdown table.
func code(v Value) string {
	if !v.set {
		return "–"
	}
	text := strings.ReplaceAll(strings.ReplaceAll(printable(v.text), "`", "'"), "|", `\|`)
	if strings.TrimSpace(text) == "" {
		return "(empty)"
	}
	return "`" + text + "`"
}

// escape keeps text from being taken for Markdown or HTML.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "`", "'").Replace(printable(text))
}
