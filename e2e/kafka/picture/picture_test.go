package picture_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"cutover/e2e/kafka/picture"
	"cutover/e2e/kafka/prometheus"
)

func TestTheDrawingIsWellFormedAndShowsTheData(t *testing.T) {
	from := time.Date(2021, 6, 1, 12, 0, 0, 0, time.UTC)
	at := func(seconds int, value float64) prometheus.Sample {
		return prometheus.Sample{At: from.Add(time.Duration(seconds) * time.Second), Value: value}
	}
	drawing := picture.Draw(picture.Board{
		Title: "A & B", Note: "from <here>", Span: prometheus.Span{From: from, To: from.Add(100 * time.Second), Step: 10 * time.Second},
		Marks: []picture.Mark{{At: from.Add(50 * time.Second), Text: "100", Color: "blue"}},
		Panels: []picture.Panel{
			{Title: "Row", Kind: "row", Height: 1},
			{Title: "Number", Kind: "stat", Unit: "short", Y: 1, Width: 4, Height: 4, Lines: []picture.Line{{Samples: []prometheus.Sample{at(0, 1), at(10, 2500)}}}},
			{Title: "Chart", Kind: "timeseries", Unit: "cps", Y: 5, Width: 24, Height: 8, Lines: []picture.Line{
				{Legend: "a>b", Samples: []prometheus.Sample{at(0, 0), at(10, 10), at(60, 5), at(70, 5)}}}},
			{Title: "Empty", Kind: "timeseries", Y: 13, Width: 12, Height: 8},
			{Title: "Table", Kind: "table", Y: 21, Width: 12, Height: 4, Rows: [][]string{{"topic", "end"}, {"t", "7"}}},
		},
	})
	decoder := xml.NewDecoder(strings.NewReader(drawing))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for what, want := range map[string]string{
		"the title": "A &amp; B", "the note": "from &lt;here&gt;", "the last value": ">2.5 K<", "the legend": "a&gt;b",
		"the axis": ">10 c/s<", "the time": ">12:01<", "what is missing": "no data", "a cell": ">7<",
		// 1120 pixels for 100 s, 94 for 10 c/s; the gap of 50 s is a new line.
		"a line with a gap": "M65.0 313.0L177.0 219.0M737.0 266.0L849.0 266.0",
	} {
		if !strings.Contains(drawing, want) {
			t.Errorf("%s, %q, is not in\n%s", what, want, drawing)
		}
	}
}

func TestValuesAreWrittenInTheirUnits(t *testing.T) {
	for _, test := range []struct {
		unit  string
		value float64
		want  string
	}{
		{"none", 170, "170"}, {"short", 999, "999"}, {"short", 12345, "12.3 K"}, {"bytes", 1536, "1.5 KiB"}, {"Bps", 2e6, "2 MB/s"},
		{"ms", 250, "250 ms"}, {"ms", 2500, "2.5 s"}, {"s", 90, "90 s"}, {"s", 600, "10 min"}, {"s", 9000, "2.5 h"},
		{"percentunit", 0.25, "25 %"}, {"dateTimeAsIso", 1622548800000, "12:00:00"}, {"cps", 0.5, "0.5 c/s"}, {"flops", 1, "1 flops"},
	} {
		if got := picture.Format(test.unit, test.value); got != test.want {
			t.Errorf("Format(%s, %g) is %q, want %q", test.unit, test.value, got, test.want)
		}
	}
}
