package connection

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"cutover/generator/finding"
)

// Kubernetes is how a cluster's API server is reached.
type Kubernetes struct {
	// Kubeconfig is a file; the user's default file is never read, since what is current
	// there is chance.
	Kubeconfig string `yaml:"kubeconfig,omitempty"`
	// Context is one of the file; its current one where empty.
	Context string `yaml:"context,omitempty"`
	// Namespace is that of the Kafka resource; the context's where empty.
	Namespace string `yaml:"namespace,omitempty"`
	// InCluster takes the service account of the pod that cutover runs in.
	InCluster bool `yaml:"inCluster,omitempty"`
}

const (
	// requestTimeout bounds one request, a page of a list among them.
	requestTimeout = time.Minute
	// requestsPerSecond and burst keep a capture of a large cluster from taking minutes
	// (client-go's own 5 a second) and from weighing on an old API server.
	requestsPerSecond, burst = 50, 100
)

// Config gives what a client needs. Nothing is sent yet. Errors are findings.
func (k Kubernetes) Config() (*rest.Config, error) {
	config, err := k.Load()
	if err != nil {
		return nil, finding.Finding{Rule: "kubeconfig", Severity: finding.Error, File: k.Kubeconfig, Message: "it reaches no cluster: " + err.Error(),
			Hint: "`kubectl --kubeconfig FILE config view` shows what it holds; name another context"}
	}
	config.Timeout, config.UserAgent = requestTimeout, "cutover"
	config.QPS, config.Burst = requestsPerSecond, burst
	config.ContentType = "application/json" // what every API server since 1.0 takes
	return config, nil
}

// Load gives what is configured as it is, without limits and with the library's own error.
func (k Kubernetes) Load() (*rest.Config, error) {
	if k.InCluster {
		return rest.InClusterConfig()
	}
	return k.kubeconfig().ClientConfig()
}

func (k Kubernetes) kubeconfig() clientcmd.ClientConfig {
	rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: k.Kubeconfig}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: k.Context})
}

// DefaultNamespace is Namespace, else that of the context, else "".
func (k Kubernetes) DefaultNamespace() string {
	if k.Namespace != "" || k.InCluster {
		return k.Namespace
	}
	if namespace, overridden, err := k.kubeconfig().Namespace(); err == nil && (overridden || namespace != "default") {
		return namespace
	}
	return ""
}

func (k Kubernetes) check() []mistake {
	switch {
	case k.Kubeconfig == "" && !k.InCluster:
		return []mistake{{"kubernetes has no kubeconfig", "name one, or write inCluster: true in a pod of the cluster"}}
	case k.Kubeconfig != "" && k.InCluster:
		return []mistake{{"kubernetes has a kubeconfig and inCluster", "give one of them"}}
	}
	return nil
}

// ask is a command that tells whether one may do something in a namespace.
func (k Kubernetes) ask(verb, resource, namespace string) string {
	flags := ""
	if k.Kubeconfig != "" {
		flags = " --kubeconfig " + k.Kubeconfig
	}
	if k.Context != "" {
		flags += " --context " + k.Context
	}
	return strings.TrimSpace(fmt.Sprintf("see what you may do with: kubectl%s auth can-i %s %s -n %s", flags, verb, resource, namespace))
}
