// Package cluster runs a real Kubernetes API server, with its own etcd, on
// loopback ports and in a folder of its own, for tests that must know what the
// server really accepts.
//
// There is a control plane and nothing else: no controller manager, scheduler
// or kubelet. So a Deployment makes no Pods, a deleted Namespace stays
// Terminating, and no ServiceAccount gets a token by itself.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// defaultTimeout is long enough for a cold start on two busy cores.
const defaultTimeout = 2 * time.Minute

// portAttempts is how often Start picks new ports when another process took
// one between its choice and its use.
const portAttempts = 3

// Options says what to run and where.
type Options struct {
	// APIServer is the path of a kube-apiserver binary. Required.
	APIServer string
	// Etcd is the path or the name on PATH of an etcd binary, 3.4 or later.
	// Empty means "etcd".
	Etcd string
	// Dir is an existing folder; the cluster keeps its data, keys and logs in
	// a new folder below it. Empty means the system's temporary folder.
	Dir string
	// Timeout bounds the wait for readiness. Zero means two minutes.
	Timeout time.Duration
}

// Cluster is one running API server. Its methods may be called from several
// goroutines at once. Stop must be called in the end.
type Cluster struct {
	dir       string
	config    *rest.Config
	client    dynamic.Interface
	mapper    *restmapper.DeferredDiscoveryRESTMapper
	processes []*process
	stop      sync.Once
	stopped   error
}

// Start starts etcd and kube-apiserver and returns when the API server answers
// /readyz with ok. ctx bounds the start only: the cluster lives on until Stop,
// or until the process that started it ends. When the start fails, everything
// is stopped and removed, and the error holds the last lines of the log of
// what failed.
func Start(ctx context.Context, options Options) (*Cluster, error) {
	if options.APIServer == "" {
		return nil, errors.New("start cluster: Options.APIServer names no kube-apiserver binary")
	}
	if options.Etcd == "" {
		options.Etcd = "etcd"
	}
	if options.Timeout == 0 {
		options.Timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, options.Timeout)
	defer cancel()

	var c *Cluster
	var err error
	for range portAttempts {
		c, err = start(ctx, options)
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start cluster: %w", err)
	}
	return c, nil
}

func start(ctx context.Context, options Options) (_ *Cluster, err error) {
	dir, err := os.MkdirTemp(options.Dir, "cluster-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Stop())
		}
	}()
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	at := addresses{dir: dir, etcdClient: ports[0], etcdPeer: ports[1], api: ports[2]}
	keys, err := issue(at.dir)
	if err != nil {
		return nil, err
	}
	if err := c.connect(at, keys); err != nil {
		return nil, err
	}
	for _, command := range []command{etcd(options.Etcd, at), apiServer(options.APIServer, at)} {
		p, err := launch(command, dir)
		if err != nil {
			return nil, err
		}
		c.processes = append(c.processes, p)
	}
	return c, c.awaitReady(ctx)
}

// Kubeconfig is the path of a kubeconfig file, readable by its owner only, that
// makes its bearer a member of system:masters. It is gone after Stop.
func (c *Cluster) Kubeconfig() string {
	return filepath.Join(c.dir, "kubeconfig")
}

// RESTConfig is a new copy of the configuration of a client with the same
// rights as Kubeconfig, and without a limit of requests per second.
func (c *Cluster) RESTConfig() *rest.Config {
	return rest.CopyConfig(c.config)
}

// Stop ends both processes and removes all that the cluster wrote. Further
// calls do nothing and return the same error.
func (c *Cluster) Stop() error {
	c.stop.Do(func() {
		// The API server first: without etcd it would only fill its log.
		for i := len(c.processes) - 1; i >= 0; i-- {
			c.processes[i].kill()
		}
		if err := os.RemoveAll(c.dir); err != nil {
			c.stopped = fmt.Errorf("stop cluster: %w", err)
		}
	})
	return c.stopped
}
