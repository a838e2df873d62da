{{- /* settings starts or stops workloads as scalings does, wherever they stand: a rollback begins
from several phases, so that the guard is the kind and the name. */ -}}
{{- define "settings" }}
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
      path: /kind
      value: {{ .Runner.Kind }}
    - op: test
      path: /metadata/name
      value: {{ .Runner.Name | quote }}
    - op: replace
      path: /spec/{{ .Runner.Field }}
      value: {{ .To }}
{{- end }}
{{- end }}
