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
One Job. Call it with a dict of root (the chart's context), suffix, hook, arguments (what
follows --phase and --gate) and reads (whether it has the credentials of both clusters).
*/}}
{{- define "gates.job" -}}
{{- $root := .root -}}
{{- $name := include "gates.name" $root -}}
{{- $credentials := ternary (include "gates.credentials" $root | trim) "" .reads -}}
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
            {{- if and .reads $root.Values.peer.secretName }}
            - name: peer
              mountPath: /etc/cutover-peer
              readOnly: true
            {{- end }}
            {{- if $credentials }}
            - name: credentials
              mountPath: /etc/cutover-credentials
              readOnly: true
            {{- end }}
      volumes:
        - name: gate
          configMap:
            name: {{ printf "%s-gate" $name | quote }}
        {{- if and .reads $root.Values.peer.secretName }}
        - name: peer
          secret:
            secretName: {{ $root.Values.peer.secretName | quote }}
            # A pod that waits for it would say nothing until the Job's deadline.
            optional: true
        {{- end }}
        {{- with $credentials }}
        - name: credentials
          projected:
            sources:
              {{- . | nindent 14 }}
        {{- end }}
{{- end -}}

{{/*
The rules of a list of reads, by namespace, as YAML: get where there are names, else list.
*/}}
{{- define "gates.rules" -}}
{{- $rules := dict }}
{{- range . }}
{{- $rule := dict "apiGroups" (list .apiGroup) "resources" (list .resource) "verbs" (list "list") }}
{{- with get . "names" }}
{{- $rule = set $rule "verbs" (list "get") | merge (dict "resourceNames" .) }}
{{- end }}
{{- $_ := set $rules .namespace (append (get $rules .namespace | default list) $rule) }}
{{- end }}
{{- toYaml $rules }}
{{- end -}}

{{/*
A Role and its RoleBinding. Call it with a dict of root (the chart's context), name,
namespace, rules and account (a ServiceAccount of the release's namespace).
*/}}
{{- define "gates.role" -}}
{{- $hook := include "gates.access" .root | fromYaml -}}
{{- $metadata := include "gates.metadata" (dict "root" .root "name" .name "namespace" .namespace "hook" $hook) -}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- $metadata | nindent 2 }}
rules:
  {{- toYaml .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- $metadata | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name | quote }}
subjects:
  - kind: ServiceAccount
    name: {{ .account | quote }}
    namespace: {{ .root.Release.Namespace | quote }}
{{- end -}}
