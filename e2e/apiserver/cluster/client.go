package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	api "k8s.io/client-go/tools/clientcmd/api"
)

// pollEvery is the pause between two looks at something that is not ready yet.
const pollEvery = 100 * time.Millisecond

// connect writes the kubeconfig and prepares the clients; nothing is sent yet.
func (c *Cluster) connect(at addresses, keys credentials) error {
	const name = "cutover-e2e"
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{
		Server:                   fmt.Sprintf("https://127.0.0.1:%d", at.api),
		CertificateAuthorityData: keys.authority,
	}
	config.AuthInfos[name] = &api.AuthInfo{
		ClientCertificateData: keys.certificate,
		ClientKeyData:         keys.key,
	}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	if err := clientcmd.WriteToFile(*config, c.Kubeconfig()); err != nil {
		return err
	}

	var err error
	c.config, err = clientcmd.NewDefaultClientConfig(*config, nil).ClientConfig()
	if err != nil {
		return err
	}
	c.config.QPS = -1
	// Warnings of deprecated API versions would go to the tests' stderr.
	c.config.WarningHandler = rest.NoWarnings{}
	if c.client, err = dynamic.NewForConfig(c.config); err != nil {
		return err
	}
	discoverer, err := discovery.NewDiscoveryClientForConfig(c.config)
	if err != nil {
		return err
	}
	c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(discoverer))
	return nil
}

// awaitReady returns when the API server says it is ready, or an error as soon
// as one of the processes has ended.
func (c *Cluster) awaitReady(ctx context.Context) error {
	discoverer, err := discovery.NewDiscoveryClientForConfig(c.config)
	if err != nil {
		return err
	}
	return c.poll(ctx, "the API server to be ready", func() error {
		return discoverer.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}

// poll calls try until it returns nil. It gives up, with the last error of try,
// when ctx ends, and at once when a process of the cluster has ended.
func (c *Cluster) poll(ctx context.Context, what string, try func() error) error {
	pause := time.NewTicker(pollEvery)
	defer pause.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		for _, p := range c.processes {
			select {
			case <-p.done:
				return p.failure()
			default:
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, errors.Join(ctx.Err(), err))
		case <-pause.C:
		}
	}
}
