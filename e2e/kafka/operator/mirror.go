package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cutover/e2e/kafka/connect"
	"cutover/e2e/kafka/kubernetes"
	"cutover/e2e/kafka/manifest"
)

// watchEvery is the pause between two looks at a mirror's connectors. Strimzi's operator
// looks every two minutes.
const watchEvery = time.Second

// mirror is a MirrorMaker 2 that runs, and the resource that asked for it.
type mirror struct {
	*connect.Mirror
	object    manifest.Object
	stopWatch func()
}

// Mirror is the MirrorMaker 2 of a resource, nil unless that is applied.
func (c *Cluster) Mirror(name string) *connect.Mirror {
	if m := c.mirrors[name]; m != nil {
		return m.Mirror
	}
	return nil
}

// applyMirrors removes the mirrors that are no longer there, and then makes each of the
// others what its resource says.
func (c *Cluster) applyMirrors(ctx context.Context, objects, configMaps []manifest.Object) error {
	for name, m := range c.mirrors {
		if slices.ContainsFunc(objects, func(o manifest.Object) bool { return o.Metadata.Name == name }) {
			continue
		}
		delete(c.mirrors, name)
		if err := errors.Join(c.forgetMirror(ctx, m), m.Remove()); err != nil {
			return err
		}
	}
	for _, object := range objects {
		if err := c.applyMirror(ctx, object, configMaps); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) applyMirror(ctx context.Context, object manifest.Object, configMaps []manifest.Object) error {
	resource, err := connect.Read(object)
	if err != nil {
		return err
	}
	if resource.Spec.Rules, err = c.mirrorRules(object, configMaps); err != nil {
		return err
	}
	m := c.mirrors[object.Metadata.Name]
	if m == nil {
		folder := filepath.Join(c.mirrorFolder(), object.Metadata.Name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("mirror %s: %w", object.Metadata.Name, err)
		}
		m = &mirror{Mirror: connect.New(c.settings.Java, c.address, folder), object: object}
		c.mirrors[object.Metadata.Name] = m
		c.watchMirror(m)
	}
	return m.Apply(ctx, resource)
}

// watchMirror writes what Connect says of a mirror's connectors into the status of its
// resource, again and again, until it is removed.
func (c *Cluster) watchMirror(m *mirror) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	m.stopWatch = func() { cancel(); <-done }
	go func() {
		defer close(done)
		for c.settings.Server != nil {
			// A look that fails leaves the status as it was, as the operator does.
			if all, err := m.Status(ctx); err == nil {
				_ = c.reportMirror(ctx, m.object, all)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(watchEvery):
			}
		}
	}()
}

func (c *Cluster) reportMirror(ctx context.Context, object manifest.Object, connectors []connect.Status) error {
	text, err := json.Marshal(connectors)
	if err != nil {
		return err
	}
	var all []any
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	status := kubernetes.Ready()
	status["connectors"] = all
	return c.settings.Server.Report(ctx, object, status)
}

// forgetMirror deletes a mirror's resource.
func (c *Cluster) forgetMirror(ctx context.Context, m *mirror) error {
	m.stopWatch()
	if c.settings.Server == nil {
		return nil
	}
	return c.settings.Server.Delete(ctx, m.object)
}
