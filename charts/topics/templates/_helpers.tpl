{{/*
Name and version of this chart as one label value.
*/}}
{{- define "topics.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels of every object.
*/}}
{{- define "topics.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
helm.sh/chart: {{ include "topics.chart" . | quote }}
{{- end -}}

{{/*
The annotations section of an object whose removal would lose data or credentials:
the guard tells Argo CD and Helm never to delete it. Sync options given in the
values are kept in front of the guard's own.
*/}}
{{- define "topics.guardedAnnotations" -}}
{{- $annotations := deepCopy .Values.annotations -}}
{{- if .Values.guard -}}
{{- $option := "argocd.argoproj.io/sync-options" -}}
{{- $given := get $annotations $option -}}
{{- $_ := set $annotations $option (list $given "Prune=false,Delete=false" | compact | join ",") -}}
{{- $_ := set $annotations "helm.sh/resource-policy" "keep" -}}
{{- end -}}
{{- with $annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
