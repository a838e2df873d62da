package jobrunner

import (
	"context"
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// messageLimit is how much of a log the kubelet takes for a termination message.
const messageLimit = 2048

// createPod makes the Job's Pod, as the Job controller does.
func (r *Runner) createPod(ctx context.Context, job *batchv1.Job) (*corev1.Pod, error) {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			GenerateName:    job.Name + "-",
			Namespace:       job.Namespace,
			Labels:          map[string]string{batchv1.JobNameLabel: job.Name, batchv1.ControllerUidLabel: string(job.UID)},
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(job, batchv1.SchemeGroupVersion.WithKind("Job"))},
		},
		Spec: job.Spec.Template.Spec,
	}
	return r.client.CoreV1().Pods(job.Namespace).Create(ctx, pod, metav1.CreateOptions{})
}

// endPod sets the Pod's status as the kubelet does once the container has ended.
func (r *Runner) endPod(ctx context.Context, pod *corev1.Pod, run Run) error {
	phase, reason := corev1.PodSucceeded, "Completed"
	if run.Code != 0 {
		phase, reason = corev1.PodFailed, "Error"
	}
	spec := pod.Spec.Containers[0]
	ended := &corev1.ContainerStateTerminated{ExitCode: int32(run.Code), Reason: reason} //nolint:gosec // an exit code
	if run.Code != 0 && spec.TerminationMessagePolicy == corev1.TerminationMessageFallbackToLogsOnError {
		ended.Message = run.Output[max(0, len(run.Output)-messageLimit):]
	}
	pod.Status = corev1.PodStatus{
		Phase: phase,
		ContainerStatuses: []corev1.ContainerStatus{{
			Name: spec.Name, Image: spec.Image, State: corev1.ContainerState{Terminated: ended},
		}},
	}
	_, err := r.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return err
}

// started sets the Job's status as the Job controller does once a Pod runs.
func (r *Runner) started(ctx context.Context, job *batchv1.Job) (*batchv1.Job, error) {
	now := metav1.Now()
	job.Status.StartTime = &now
	job.Status.Active = 1
	return r.client.BatchV1().Jobs(job.Namespace).UpdateStatus(ctx, job, metav1.UpdateOptions{})
}

// ended sets the Job's status as the Job controller does once its Pod has ended: an interim
// condition, then the final one (KEP-3998), which the API server insists on.
func (r *Runner) ended(ctx context.Context, job *batchv1.Job, run Run) error {
	// A completion time before the start, in whole seconds, would be refused.
	now := metav1.NewTime(time.Now().Add(time.Second))
	condition := func(kind batchv1.JobConditionType, reason, message string) batchv1.JobCondition {
		return batchv1.JobCondition{Type: kind, Status: corev1.ConditionTrue, Reason: reason, Message: message, LastTransitionTime: now, LastProbeTime: now}
	}
	job.Status.Active = 0
	if run.Code == 0 {
		const reason, message = "CompletionsReached", "Reached expected number of succeeded pods"
		job.Status.Succeeded, job.Status.CompletionTime = 1, &now
		job.Status.Conditions = []batchv1.JobCondition{
			condition(batchv1.JobSuccessCriteriaMet, reason, message),
			condition(batchv1.JobComplete, reason, message),
		}
	} else {
		const message = "Job has reached the specified backoff limit"
		job.Status.Failed = 1
		job.Status.Conditions = []batchv1.JobCondition{
			condition(batchv1.JobFailureTarget, batchv1.JobReasonBackoffLimitExceeded, message),
			condition(batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded, message),
		}
	}
	if _, err := r.client.BatchV1().Jobs(job.Namespace).UpdateStatus(ctx, job, metav1.UpdateOptions{}); err != nil {
		return fmt.Errorf("set its status: %w", err)
	}
	return nil
}
