package jobrunner

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"cutover/e2e/argocd/container"
	"cutover/e2e/argocd/process"
)

// serviceAccountDir is where a container finds its token.
const serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// searched is PATH in the product's image.
const searched = "/usr/local/bin"

// mountToken asks the API server for a token of the ServiceAccount and mounts it.
func (r *Runner) mountToken(ctx context.Context, namespace, account, root string) error {
	request := &authenticationv1.TokenRequest{}
	answer, err := r.client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("token of service account %s: %w", account, err)
	}
	if block, _ := pem.Decode(r.config.CAData); block == nil {
		return errors.New("the cluster's certificate authority is not in its configuration")
	}
	return container.Mount(root, serviceAccountDir, map[string]string{
		"token":     answer.Status.Token,
		"namespace": namespace,
		"ca.crt":    string(r.config.CAData),
	})
}

// environment is what the kubelet sets for every container, and the image's own.
func (r *Runner) environment() []string {
	env := []string{"PATH=" + searched, "HOME=/tmp"}
	if server, err := url.Parse(r.config.Host); err == nil {
		env = append(env, "KUBERNETES_SERVICE_HOST="+server.Hostname(), "KUBERNETES_SERVICE_PORT="+server.Port())
	}
	return env
}

// execute runs the container's command in root and returns its exit code and its output.
func execute(ctx context.Context, root string, c corev1.Container, env []string) (int, string, error) {
	for _, variable := range c.Env {
		if variable.ValueFrom != nil {
			return 0, "", fmt.Errorf("the job runner does not resolve the variable %s", variable.Name)
		}
		env = append(env, variable.Name+"="+variable.Value)
	}
	words := slices.Concat(c.Command, c.Args)
	if len(c.Command) == 0 {
		return 0, "", errors.New("the container has no command")
	}
	program := words[0]
	if !strings.Contains(program, "/") {
		program = path.Join(searched, program)
	}
	if _, err := os.Stat(filepath.Join(root, program)); err != nil {
		return 127, "exec: " + words[0] + ": not found in the image", nil
	}
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, program, words[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/tmp", env, &output, &output
	process.Confine(cmd, &process.Prison{Root: root, UID: container.UID})
	// See process.Start: the child is bound to the thread that made it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), output.String(), nil
	}
	return 0, output.String(), err
}
