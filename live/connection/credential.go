package connection

import (
	"context"
	"fmt"
	"os"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// secretPrefix begins a reference to a key of a Secret: secret:NAMESPACE/NAME/KEY.
const secretPrefix = "secret:"

func isSecret(path string) bool { return strings.HasPrefix(path, secretPrefix) }

// read gives what stands in a file, or under a key of a Secret.
func (k Kafka) read(ctx context.Context, path string) ([]byte, error) {
	if isSecret(path) {
		return k.secrets.secret(ctx, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, unusable(path, "it cannot be read: "+cause(err), "name a readable file")
	}
	return content, nil
}

// secret gives the value of one key of a Secret.
func (k *Kubernetes) secret(ctx context.Context, reference string) ([]byte, error) {
	parts := strings.Split(strings.TrimPrefix(reference, secretPrefix), "/")
	if k == nil || len(parts) != 3 {
		return nil, unusable(reference, "it names no Secret of a known cluster", "write it as secret:NAMESPACE/NAME/KEY, and say how its cluster is reached")
	}
	config, err := k.Config()
	if err != nil {
		return nil, err
	}
	core, err := corev1.NewForConfig(config)
	if err != nil {
		return nil, unusable(reference, "no client can be made: "+err.Error(), "correct the kubeconfig")
	}
	secret, err := core.Secrets(parts[0]).Get(ctx, parts[1], metav1.GetOptions{})
	if err != nil {
		return nil, unusable(reference, fmt.Sprintf("the Secret cannot be read: %s", apierrors.ReasonForError(err)), k.ask("get", "secrets", parts[0]))
	}
	value, ok := secret.Data[parts[2]]
	if !ok {
		return nil, unusable(reference, "the Secret has no such key", "see its keys with: kubectl -n "+parts[0]+" describe secret "+parts[1])
	}
	return value, nil
}
