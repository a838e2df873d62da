{{- /* gate says what must be proven before a phase, and what the phase does that is no object. */ -}}
{{- define "gate" -}}
# What must hold before phase {{ .Phase.ID }} {{ .Phase.Name }}.
apiVersion: cutover/v1alpha1
kind: Gate
phase: {{ .Phase.ID | quote }}
name: {{ .Phase.Name }}
cluster: {{ .Phase.Side }}
{{- with .Phase.Batch }}
batch: {{ . | quote }}
{{- end }}
step: {{ .Phase.Step | quote }}
{{- with .Phase.Gates }}
holds:
{{ . | toYaml }}
{{- else }}
holds: []
{{- end }}
{{- with .Phase.Offsets }}
offsets:
{{ . | toYaml }}
{{- end }}
pastReturn: {{ .Phase.PastReturn }}
{{- if .Phase.Returns }}
returns: true
{{- end }}
{{- with .Phase.Positions }}
positions: {{ . }}
{{- end }}
back:
  kind: {{ .Phase.Back.Kind }}
  text: {{ .Phase.Back.Text | quote }}
{{- end }}
