// Package cluster reaches the API server of one cluster, from a pod in it or with a
// kubeconfig.
package cluster

import (
	"errors"
	"io/fs"
	"time"

	"k8s.io/client-go/dynamic"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"cutover/generator/finding"
	"cutover/live/connection"
)

// Clients reach one cluster.
type Clients struct {
	Core    corev1.ConfigMapsGetter
	Objects dynamic.Interface
}

// timeout bounds every request.
const timeout = 30 * time.Second

// Connect gives the clients for a kubeconfig file and one of its contexts, the current one
// where context is "". Without a kubeconfig the pod's own service account is used; the
// user's default file never is, since what is current there is chance. Nothing is sent yet.
func Connect(kubeconfig, context string) (Clients, error) {
	config, err := load(kubeconfig, context)
	if err != nil {
		return Clients{}, err
	}
	config.Timeout, config.UserAgent = timeout, "cutover"
	config.ContentType = "application/json" // what every API server since 1.0 takes, and a log can show
	core, coreErr := corev1.NewForConfig(config)
	objects, objectsErr := dynamic.NewForConfig(config)
	if err := errors.Join(coreErr, objectsErr); err != nil {
		return Clients{}, unusable(kubeconfig, err)
	}
	return Clients{Core: core, Objects: objects}, nil
}

func load(kubeconfig, context string) (*rest.Config, error) {
	config, err := connection.Kubernetes{Kubeconfig: kubeconfig, Context: context, InCluster: kubeconfig == ""}.Load()
	switch {
	case err == nil:
		return config, nil
	case kubeconfig == "":
		return nil, finding.Finding{Rule: "no-cluster", Severity: finding.Error, Message: "this is no pod of a cluster: " + err.Error(), Hint: "name the cluster with --kubeconfig FILE"}
	}
	return nil, unusable(kubeconfig, err)
}

func unusable(kubeconfig string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return finding.Finding{Rule: "kubeconfig", Severity: finding.Error, File: kubeconfig, Message: "there is no such file",
			Hint: "name another; in a hook Job it is a key of the Secret that gitops.gates.peer names, which has to be brought"}
	}
	return finding.Finding{Rule: "kubeconfig", Severity: finding.Error, File: kubeconfig, Message: "it reaches no cluster: " + err.Error(),
		Hint: "`kubectl --kubeconfig FILE config view` shows what it holds; name another context with --context"}
}
