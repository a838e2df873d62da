{{- /* component opens a phase: what it is, and the releases it adds. */ -}}
{{- define "component" -}}
# Phase {{ .Phase.ID }} {{ .Phase.Name }}, on the {{ .Phase.Side }}{{ with .Phase.Batch }}, batch {{ . }}{{ end }}: {{ .Phase.Step }}.
# The way back: {{ .Phase.Back.Text }}.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
{{- with .Phase.Releases }}
resources:
{{- range . }}
- ../../releases/{{ . }}
{{- end }}
{{- end }}
patches:
{{- template "marker" . }}
{{- template "jobs" . }}
{{- template "alerts" . }}
{{- end }}

{{- /* marker moves the phase that the cluster is told on by one: the test is the order check.
A phase of the rollback may follow several, so that its guard is the name alone. */ -}}
{{- define "marker" }}
- target:
    version: v1
    kind: ConfigMap
    name: {{ .Marker.Name | quoteMeta | quote }}
    namespace: {{ .Marker.Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
    {{- if .Previous }}
      path: /data/phase
      value: {{ .Previous | quote }}
    {{- else }}
      path: /metadata/name
      value: {{ .Marker.Name | quote }}
    {{- end }}
    - op: replace
      path: /data/phase
      value: {{ .Phase.ID | quote }}
    - op: replace
      path: /data/step
      value: {{ .Phase.Step | quote }}
{{- end }}

{{- /* jobs moves the cluster's gate Jobs on: their --phase, and the gate.yaml that they read. A
phase of the rollback may follow several, so that its guard is the name alone. */ -}}
{{- define "jobs" }}
{{- with .Jobs }}
{{- $phase := $.Phase.ID }}
{{- $jobs := . }}
{{- range list .Gate .Done }}
- target:
    group: batch
    version: v1
    kind: Job
    name: {{ . | quoteMeta | quote }}
    namespace: {{ $.Marker.Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
    {{- if $jobs.Previous }}
      path: /spec/template/spec/containers/0/args/1
      value: {{ printf "--phase=%s" $jobs.Previous | quote }}
    {{- else }}
      path: /metadata/name
      value: {{ . | quote }}
    {{- end }}
    - op: replace
      path: /spec/template/spec/containers/0/args/1
      value: {{ printf "--phase=%s" $phase | quote }}
{{- end }}
- target:
    version: v1
    kind: ConfigMap
    name: {{ .Gate | quoteMeta | quote }}
    namespace: {{ $.Marker.Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
    {{- if .Previous }}
      path: /data/phase
      value: {{ .Previous | quote }}
    {{- else }}
      path: /metadata/name
      value: {{ .Gate | quote }}
    {{- end }}
    - op: replace
      path: /data/phase
      value: {{ $phase | quote }}
    - op: replace
      path: /data/gate.yaml
      value: |
        {{- .Guard | nindent 8 }}
{{- end }}
{{- end }}

{{- /* alerts tells the cluster's alerts the phase, by which they know what has to be still. A
phase of the rollback may follow several, so that its guard is the name alone. */ -}}
{{- define "alerts" }}
{{- with .Alerts }}
- target:
    group: {{ .APIVersion | group }}
    version: {{ .APIVersion | version }}
    kind: {{ .Kind }}
    name: {{ .Name | quoteMeta | quote }}
    namespace: {{ .Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
    {{- if .Previous }}
      path: /spec/groups/0/rules/0/expr
      value: {{ .Previous | quote }}
    {{- else }}
      path: /metadata/name
      value: {{ .Name | quote }}
    {{- end }}
    - op: replace
      path: /spec/groups/0/rules/0/expr
      value: {{ .Next | quote }}
{{- end }}
{{- end }}

{{- /* scalings starts or stops workloads, each by its one field. */ -}}
{{- define "scalings" }}
{{- range .Phase.Scalings }}
# {{ .Workload }}
- target:
    group: {{ .Runner.APIVersion | group }}
    version: {{ .Runner.APIVersion | version }}
    kind: {{ .Runner.Kind }}
    name: {{ .Runner.Name | quoteMeta | quote }}
    namespace: {{ .Runner.Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
      path: /spec/{{ .Runner.Field }}
      value: {{ .From }}
    - op: replace
      path: /spec/{{ .Runner.Field }}
      value: {{ .To }}
{{- end }}
{{- end }}

{{- /* pause stops the mirror's connectors and keeps what they know of offsets. */ -}}
{{- define "pause" }}
- target:
    group: kafka.strimzi.io
    version: v1beta2
    kind: KafkaMirrorMaker2
    name: {{ .Mirror.Name | quoteMeta | quote }}
    namespace: {{ .Marker.Namespace | quoteMeta | quote }}
  patch: |-
    - op: test
      path: /spec/mirrors/0/sourceCluster
      value: {{ .Mirror.SourceAlias | quote }}
    {{- range list "sourceConnector" "checkpointConnector" "heartbeatConnector" }}
    - op: add
      path: /spec/mirrors/0/{{ . }}/pause
      value: true
    {{- end }}
{{- end }}

{{- /* removals takes objects out of the stream. A merge patch without target fails on a miss. */ -}}
{{- define "removals" }}
{{- range .Removals }}
- patch: |-
    $patch: delete
    apiVersion: {{ .APIVersion }}
    kind: {{ .Kind }}
    metadata:
      name: {{ .Name | quote }}
      namespace: {{ .Namespace | quote }}
{{- end }}
{{- end }}
