// Package sidecar runs the real argocd-cmp-server in the product's image, as the sidecar of
// argocd-repo-server does, and calls it with Argo CD's own client.
package sidecar

import (
	"os"
	"path/filepath"
	"testing"

	"cutover/e2e/argocd/container"
	"cutover/e2e/argocd/process"
)

// The paths within the sidecar's container that Argo CD has by default.
const (
	server  = "/var/run/argocd/argocd-cmp-server"
	config  = "/home/argocd/cmp-server/config"
	sockets = "/home/argocd/cmp-server/plugins"
)

// Options says what to run.
type Options struct {
	// ArgoCD is the folder with argocd-cmp-server, Image the product's unpacked image.
	ArgoCD, Image string
	// Plugin is the plugin's declaration; nil leaves the image's own.
	Plugin []byte
	// Name is the declared plugin's name, which its socket carries.
	Name string
}

// Sidecar is one running argocd-cmp-server.
type Sidecar struct {
	// Root is the root of its container, seen from outside.
	Root string
	name string
}

// Start starts a sidecar, which ends with the test, and returns when it answers.
func Start(t testing.TB, options Options) *Sidecar {
	t.Helper()
	if os.Getuid() != 0 {
		t.Fatal("the sidecar runs in a root of its own, which takes root: run the tests as root")
	}
	s := &Sidecar{Root: root(t), name: options.Name}
	steps := []error{
		container.Lay(options.Image, s.Root),
		container.Place(filepath.Join(options.ArgoCD, "argocd-cmp-server"), filepath.Join(s.Root, server)),
		container.Empty(s.Root, sockets),
	}
	if options.Plugin != nil {
		declaration := filepath.Join(s.Root, config, "plugin.yaml")
		steps = append(steps,
			os.Remove(declaration), // a link to the image's own
			os.WriteFile(declaration, options.Plugin, 0o644))
	}
	for _, err := range steps {
		if err != nil {
			t.Fatal(err)
		}
	}
	running := process.Start(t, process.Command{
		Name: "argocd-cmp-server", Path: server, Args: []string{"--loglevel=info"},
		Env:    []string{"PATH=/usr/local/bin", "HOME=/tmp"},
		Dir:    "/tmp",
		Logs:   t.TempDir(),
		Prison: &process.Prison{Root: s.Root, UID: container.UID},
	})
	running.Await(t, func() error { return process.Listens("unix", s.Socket()) })
	return s
}

// Sockets is the folder of the sidecar's socket, ARGOCD_PLUGINSOCKFILEPATH of the server
// that calls it.
func (s *Sidecar) Sockets() string { return filepath.Join(s.Root, sockets) }

// Socket is where the sidecar listens.
func (s *Sidecar) Socket() string { return filepath.Join(s.Sockets(), s.name+".sock") }

// Leftovers are the folders that requests left in the sidecar's work folder: Argo CD's copies
// of repositories.
func (s *Sidecar) Leftovers(t testing.TB) []string {
	t.Helper()
	entries, err := filepath.Glob(filepath.Join(s.Root, "tmp", "_cmp_server", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// root is a new folder whose path is short: a socket's must not be longer than 107 bytes.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cutover-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Running are the processes, by number, that run in the sidecar's root and whose program
// is the product's.
func (s *Sidecar) Running() []string {
	links, _ := filepath.Glob("/proc/[0-9]*/root")
	var numbers []string
	for _, link := range links {
		dir := filepath.Dir(link)
		at, err := os.Readlink(link)
		if err != nil || at != s.Root {
			continue
		}
		if program, err := os.Readlink(filepath.Join(dir, "exe")); err == nil && filepath.Base(program) == "cutover" {
			numbers = append(numbers, filepath.Base(dir))
		}
	}
	return numbers
}
