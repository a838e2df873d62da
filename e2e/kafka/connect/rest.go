package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// State is what Connect says of a connector or a task.
type State string

// The states that matter here.
const (
	Running State = "RUNNING"
	Paused  State = "PAUSED"
	Failed  State = "FAILED"
)

// Status is a connector's status, as Connect's REST API gives it.
type Status struct {
	Name      string `json:"name"`
	Connector struct {
		State State  `json:"state"`
		Trace string `json:"trace"`
	} `json:"connector"`
	Tasks []struct {
		ID    int    `json:"id"`
		State State  `json:"state"`
		Trace string `json:"trace"`
	} `json:"tasks"`
}

// api is Connect's REST API at one worker.
type api struct {
	url    string
	client *http.Client
}

func newAPI(port int) api {
	return api{fmt.Sprintf("http://127.0.0.1:%d", port), &http.Client{Timeout: 20 * time.Second}}
}

// call sends one request and reads the answer into out, unless that is nil.
func (a api) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s: %.500s", method, path, response.Status, text)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

func connectorPath(name, action string) string {
	return "/connectors/" + url.PathEscape(name) + action
}

func (a api) connectors(ctx context.Context) ([]string, error) {
	var names []string
	err := a.call(ctx, http.MethodGet, "/connectors", nil, &names)
	return names, err
}

func (a api) config(ctx context.Context, name string) (map[string]string, error) {
	var config map[string]string
	err := a.call(ctx, http.MethodGet, connectorPath(name, "/config"), nil, &config)
	return config, err
}

func (a api) put(ctx context.Context, c Connector) error {
	return a.call(ctx, http.MethodPut, connectorPath(c.Name, "/config"), c.Config, nil)
}

func (a api) pause(ctx context.Context, name string) error {
	return a.call(ctx, http.MethodPut, connectorPath(name, "/pause"), nil, nil)
}

func (a api) resume(ctx context.Context, name string) error {
	return a.call(ctx, http.MethodPut, connectorPath(name, "/resume"), nil, nil)
}

func (a api) delete(ctx context.Context, name string) error {
	return a.call(ctx, http.MethodDelete, connectorPath(name, ""), nil, nil)
}

func (a api) status(ctx context.Context, name string) (Status, error) {
	var status Status
	err := a.call(ctx, http.MethodGet, connectorPath(name, "/status"), nil, &status)
	return status, err
}
