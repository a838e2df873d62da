// Package prometheus runs a real Prometheus that scrapes and evaluates what rendered monitors
// and rules of the Prometheus operator say, as that operator would configure it.
package prometheus

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cutover/e2e/kafka/manifest"
	"cutover/e2e/kafka/process"
)

const (
	// Interval is the time between two scrapes of a target, and as long as one may take: a
	// broker has thousands of attributes to look through, and shares two cores with five others.
	Interval = 20 * time.Second
	// Evaluation is the time between two evaluations of a rule.
	Evaluation = 5 * time.Second
)

// startLimit is how long Prometheus may take to be ready.
const startLimit = time.Minute

// Server is a Prometheus that runs.
type Server struct {
	url     string
	folder  string
	process *process.Process
}

// Program is the path of Prometheus, "" where it is not installed.
func Program() string {
	path, err := exec.LookPath("prometheus")
	if err != nil {
		return ""
	}
	return path
}

// Start starts Prometheus with nothing to scrape. folder exists, is empty, and takes all of
// its files.
func Start(ctx context.Context, folder string) (*Server, error) {
	ports, err := process.FreePorts(1)
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	s := &Server{url: "http://" + address, folder: folder}
	if err := s.write(nil, nil, nil); err != nil {
		return nil, err
	}
	s.process, err = process.Start(process.Command{
		Name: "prometheus", Path: Program(), Dir: folder, Env: os.Environ(), Log: filepath.Join(folder, "prometheus.log"),
		Args: []string{"--config.file=" + s.config(), "--storage.tsdb.path=" + filepath.Join(folder, "data"),
			"--web.listen-address=" + address, "--web.enable-lifecycle", "--log.level=warn"},
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := s.process.AwaitRunning(ctx, func(ctx context.Context) error { return s.call(ctx, http.MethodGet, "/-/ready") }); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// Stop ends it.
func (s *Server) Stop() { s.process.Kill() }

// Log is the file of its output.
func (s *Server) Log() string { return filepath.Join(s.folder, "prometheus.log") }

// Watch has it scrape the targets that the monitors select, and evaluate the rules.
func (s *Server) Watch(ctx context.Context, targets []Target, monitors, rules []manifest.Object) error {
	if err := s.write(targets, monitors, rules); err != nil {
		return err
	}
	return s.call(ctx, http.MethodPost, "/-/reload")
}

func (s *Server) config() string { return filepath.Join(s.folder, "prometheus.yml") }

// write writes the configuration; JSON is YAML.
func (s *Server) write(targets []Target, monitors, rules []manifest.Object) error {
	var jobs []map[string]any
	for _, monitor := range monitors {
		of, err := scrapes(monitor, targets)
		if err != nil {
			return err
		}
		jobs = append(jobs, of...)
	}
	var files []string
	for _, rule := range rules {
		var content struct {
			Spec json.RawMessage `json:"spec"`
		}
		if err := rule.Decode(&content); err != nil {
			return err
		}
		file := filepath.Join(s.folder, rule.Metadata.Namespace+"-"+rule.Metadata.Name+".rules.json")
		if err := os.WriteFile(file, content.Spec, 0o600); err != nil {
			return fmt.Errorf("write rules: %w", err)
		}
		files = append(files, file)
	}
	interval := Interval.String()
	text, err := json.MarshalIndent(map[string]any{
		"global":     map[string]any{"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": Evaluation.String()},
		"rule_files": files, "scrape_configs": jobs,
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("configure Prometheus: %w", err)
	}
	return os.WriteFile(s.config(), text, 0o600)
}

// call asks for something that answers with nothing but a status.
func (s *Server) call(ctx context.Context, method, path string) error {
	status, _, err := s.send(ctx, method, path)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("prometheus %s: %s; its log ends with:\n%s", path, http.StatusText(status), process.Tail(s.Log()))
	}
	return err
}

// send gives the answer to a request, whatever its status.
func (s *Server) send(ctx context.Context, method, path string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("prometheus %s: %w", path, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if body, err = io.ReadAll(response.Body); err != nil {
		return 0, nil, fmt.Errorf("prometheus %s: %w", path, err)
	}
	return response.StatusCode, body, nil
}
