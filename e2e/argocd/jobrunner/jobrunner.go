// Package jobrunner stands in for what runs Jobs on a cluster: the Job controller, the
// scheduler and the kubelet. It runs the one container of a Job's Pod as a local process in
// the unpacked image, with the ConfigMaps and Secrets that the Pod mounts and a token of its
// ServiceAccount, and then sets the statuses of Pod and Job as those would. So what is
// tested is the Job as the chart wrote it: command, mounts, user and rights.
//
// It knows the images it is given. A Job of any other image is taken to succeed at once;
// Runs tells which were.
package jobrunner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"cutover/e2e/argocd/container"
)

// lookEvery is the pause between two looks at the cluster's Jobs.
const lookEvery = 200 * time.Millisecond

// Run is one Job that has ended.
type Run struct {
	// Namespace and Name are the Job's.
	Namespace, Name string
	// Ran tells that the container was run, not only taken to succeed.
	Ran bool
	// Code is the exit code; 0 where nothing ran.
	Code int
	// Output is what the container wrote, both streams in the order of writing.
	Output string
}

// Runner runs the Jobs of one cluster.
type Runner struct {
	client *kubernetes.Clientset
	config *rest.Config
	images map[string]string
	dir    string

	mu    sync.Mutex
	taken map[types.UID]bool
	runs  []Run
	errs  []error
}

// New prepares a runner for the cluster. images maps the name of an image to the folder of
// its unpacked root; dir is an existing folder for the roots of containers.
func New(config *rest.Config, images map[string]string, dir string) (*Runner, error) {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("job runner: %w", err)
	}
	return &Runner{client: client, config: config, images: images, dir: dir, taken: map[types.UID]bool{}}, nil
}

// Serve runs each Job once, until ctx ends and all that it started has ended. It returns
// what it could not do.
func (r *Runner) Serve(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		jobs, err := r.client.BatchV1().Jobs(metav1.NamespaceAll).List(ctx, metav1.ListOptions{})
		if ctx.Err() != nil {
			running.Wait()
			r.mu.Lock()
			defer r.mu.Unlock()
			return errors.Join(r.errs...)
		}
		if err != nil {
			return fmt.Errorf("job runner: %w", err)
		}
		for _, job := range jobs.Items {
			if r.take(&job) {
				running.Go(func() { r.serve(ctx, &job) })
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

// Runs are the Jobs that have ended, in the order in which they did.
func (r *Runner) Runs() []Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.runs)
}

// take tells whether the Job is to be run, once.
func (r *Runner) take(job *batchv1.Job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.taken[job.UID] || job.DeletionTimestamp != nil || len(job.Status.Conditions) > 0 {
		return false
	}
	r.taken[job.UID] = true
	return true
}

// serve runs a Job from its start to its end.
func (r *Runner) serve(ctx context.Context, job *batchv1.Job) {
	run := Run{Namespace: job.Namespace, Name: job.Name}
	err := r.run(ctx, job, &run)
	if ctx.Err() != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// A Job that is deleted while it runs has no status to set.
	if err != nil && !apierrors.IsNotFound(err) {
		r.errs = append(r.errs, fmt.Errorf("job %s/%s: %w", job.Namespace, job.Name, err))
	}
	r.runs = append(r.runs, run)
}

func (r *Runner) run(ctx context.Context, job *batchv1.Job, run *Run) error {
	pod, err := r.createPod(ctx, job)
	if err != nil {
		return err
	}
	job, err = r.started(ctx, job)
	if err != nil {
		return err
	}
	if image, known := r.images[job.Spec.Template.Spec.Containers[0].Image]; known {
		run.Ran = true
		if err := r.execute(ctx, job, image, run); err != nil {
			return err
		}
	}
	if err := r.endPod(ctx, pod, *run); err != nil {
		return err
	}
	return r.ended(ctx, job, *run)
}

// execute runs the container of the Job's Pod.
func (r *Runner) execute(ctx context.Context, job *batchv1.Job, image string, run *Run) error {
	root, err := os.MkdirTemp(r.dir, "job-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.Chmod(root, 0o755); err != nil {
		return err
	}
	if err := container.Lay(image, root); err != nil {
		return err
	}
	if err := r.mount(ctx, job, root); err != nil {
		return err
	}
	if limit := job.Spec.ActiveDeadlineSeconds; limit != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(*limit)*time.Second)
		defer cancel()
	}
	run.Code, run.Output, err = execute(ctx, root, job.Spec.Template.Spec.Containers[0], r.environment())
	return err
}

// mount puts the Pod's volumes and its ServiceAccount's token into the container's root.
func (r *Runner) mount(ctx context.Context, job *batchv1.Job, root string) error {
	spec := job.Spec.Template.Spec
	volumes := map[string]corev1.Volume{}
	for _, v := range spec.Volumes {
		volumes[v.Name] = v
	}
	for _, mount := range spec.Containers[0].VolumeMounts {
		if err := r.mountVolume(ctx, job.Namespace, volumes[mount.Name], root, mount.MountPath); err != nil {
			return fmt.Errorf("volume %s: %w", mount.Name, err)
		}
	}
	return r.mountToken(ctx, job.Namespace, spec.ServiceAccountName, root)
}

func (r *Runner) mountVolume(ctx context.Context, namespace string, v corev1.Volume, root, path string) error {
	files := map[string]string{}
	switch {
	case v.ConfigMap != nil:
		object, err := r.client.CoreV1().ConfigMaps(namespace).Get(ctx, v.ConfigMap.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		files = maps.Clone(object.Data)
	case v.Secret != nil:
		object, err := r.client.CoreV1().Secrets(namespace).Get(ctx, v.Secret.SecretName, metav1.GetOptions{})
		if err != nil {
			return err
		}
		for name, content := range object.Data {
			files[name] = string(content)
		}
	case v.EmptyDir != nil:
		return container.Empty(root, path)
	default:
		return errors.New("the job runner mounts no volume of this kind")
	}
	return container.Mount(root, path, files)
}
