package monitoring

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// Client is what of an API server is asked.
type Client interface {
	corev1.ConfigMapsGetter
	corev1.NamespacesGetter
}

// Look reads both ConfigMaps and the namespace. What cannot be read is said where it
// belongs: not everybody may look into the monitoring's own namespaces.
func Look(ctx context.Context, client Client, namespace string) Seen {
	seen := Seen{Cluster: read(ctx, client, platformConfig()), Workload: read(ctx, client, workloadConfig())}
	found, err := client.Namespaces().Get(ctx, namespace, metav1.GetOptions{})
	if err != nil {
		seen.LabelsErr = fmt.Errorf("read namespace %s: %w", namespace, err)
		return seen
	}
	seen.Labels = found.Labels
	return seen
}

func read(ctx context.Context, client Client, o object) Config {
	found, err := client.ConfigMaps(o.namespace).Get(ctx, o.name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return Config{}
	case err != nil:
		return Config{Err: fmt.Errorf("read %s: %w", o, err)}
	}
	return Config{Exists: true, Text: found.Data[key]}
}
