package prometheus

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Span is a stretch of time, looked at every Step.
type Span struct {
	From, To time.Time
	Step     time.Duration
}

// Sample is one value of a series.
type Sample struct {
	At    time.Time
	Value float64
}

// Series is what an expression gives for one set of labels, in order of time.
type Series struct {
	Labels  map[string]string
	Samples []Sample
}

// String is the series as Prometheus prints it, name and labels.
func (s Series) String() string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(s.Labels)) {
		if key != "__name__" {
			pairs = append(pairs, fmt.Sprintf("%s=%q", key, s.Labels[key]))
		}
	}
	return s.Labels["__name__"] + "{" + strings.Join(pairs, ",") + "}"
}

// Range evaluates an expression over a span. Values that are no number are left out, and
// series that have none.
func (s *Server) Range(ctx context.Context, expression string, span Span) ([]Series, error) {
	var answer struct {
		Error string `json:"error"`
		Data  struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
				Values [][2]any          `json:"values"`
			} `json:"result"`
		} `json:"data"`
	}
	form := url.Values{"query": {expression}, "start": {seconds(span.From)}, "end": {seconds(span.To)}, "step": {span.Step.String()}}
	if err := s.ask(ctx, "/api/v1/query_range", form, &answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("prometheus refuses %s: %s", expression, answer.Error)
	}
	var all []Series
	for _, result := range answer.Data.Result {
		series := Series{Labels: result.Metric}
		for _, pair := range result.Values {
			at, isTime := pair[0].(float64)
			text, isText := pair[1].(string)
			value, err := strconv.ParseFloat(text, 64)
			if !isTime || !isText || err != nil {
				return nil, fmt.Errorf("prometheus answers %v to %s", pair, expression)
			}
			if !math.IsNaN(value) && !math.IsInf(value, 0) {
				series.Samples = append(series.Samples, Sample{time.UnixMilli(int64(at * 1000)), value})
			}
		}
		if len(series.Samples) > 0 {
			all = append(all, series)
		}
	}
	slices.SortFunc(all, func(a, b Series) int { return strings.Compare(a.String(), b.String()) })
	return all, nil
}

func (s *Server) ask(ctx context.Context, path string, form url.Values, into any) error {
	status, text, err := s.send(ctx, http.MethodGet, path+"?"+form.Encode())
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("prometheus %s: %s: %w", path, http.StatusText(status), err)
	}
	return nil
}

func seconds(t time.Time) string { return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64) }
