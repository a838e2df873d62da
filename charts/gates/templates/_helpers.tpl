{{/*
Name and version of this chart as one label value.
*/}}
{{- define "gates.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels of every object.
*/}}
{{- define "gates.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
helm.sh/chart: {{ include "gates.chart" . | quote }}
{{- end -}}

{{/*
What every name begins with.
*/}}
{{- define "gates.name" -}}
{{- printf "cutover-%s" .Values.migration -}}
{{- end -}}

{{/*
The metadata of an object. Call it with a dict of root (the chart's context), name,
namespace (the release's unless given) and hook (the annotations that make it a hook).
*/}}
{{- define "gates.metadata" -}}
name: {{ .name | quote }}
namespace: {{ get . "namespace" | default .root.Release.Namespace | quote }}
labels:
  {{- include "gates.labels" .root | nindent 2 }}
annotations:
  {{- merge (dict) .hook .root.Values.annotations | toYaml | nindent 2 }}
{{- end -}}

{{/*
The annotations of what the Jobs need. A hook's own default is to be deleted before it is
made anew: a service account would lose its token and pull secrets with every sync. With
HookFailed it is applied in place, and gone only after a sync that failed.
*/}}
{{- define "gates.access" -}}
argocd.argoproj.io/hook: PreSync
argocd.argoproj.io/hook-delete-policy: HookFailed
argocd.argoproj.io/sync-wave: "-10"
{{- end -}}

{{/*
One Job. Call it with a dict of root (the chart's context), suffix, hook and arguments
(what follows --phase and --gate).
*/}}
{{- define "gates.job" -}}
{{- $root := .root -}}
{{- $name := include "gates.name" $root -}}
{{- $hook := dict "argocd.argoproj.io/hook" .hook "argocd.argoproj.io/hook-delete-policy" "BeforeHookCreation" -}}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "gates.metadata" (dict "root" $root "name" (printf "%s-%s" $name .suffix) "hook" $hook) | nindent 2 }}
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ int64 $root.Values.deadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "gates.labels" $root | nindent 8 }}
      {{- with $root.Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ printf "%s-gate" $name | quote }}
      restartPolicy: Never
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .suffix }}
          image: {{ $root.Values.image | quote }}
          {{- with $root.Values.imagePullPolicy }}
          imagePullPolicy: {{ . }}
          {{- end }}
          command:
            {{- toYaml $root.Values.command | nindent 12 }}
          # The phase is the second argument: overlays replace it there.
          args:
            - gate
            - {{ printf "--phase=%s" $root.Values.phase | quote }}
            - --gate=/etc/cutover/gate.yaml
            {{- range .arguments }}
            - {{ . | quote }}
            {{- end }}
          # A refusal is then read off the pod's status, and so in Argo CD.
          terminationMessagePolicy: FallbackToLogsOnError
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          {{- with $root.Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: gate
              mountPath: /etc/cutover
              readOnly: true
            {{- if .peer }}
            - name: peer
              mountPath: /etc/cutover-peer
              readOnly: true
            {{- end }}
      volumes:
        - name: gate
          configMap:
            name: {{ printf "%s-gate" $name | quote }}
        {{- if .peer }}
        - name: peer
          secret:
            secretName: {{ $root.Values.peer.secretName | quote }}
        {{- end }}
{{- end -}}
