{{/*
Name and version of this chart as one label value.
*/}}
{{- define "kafka.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels that stay the same when only the chart's version changes.
The operator copies the labels of this custom resource onto its pods, so a label
that moves with the chart's version would restart every broker.
*/}}
{{- define "kafka.steadyLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
{{- end -}}

{{/*
Labels of every other object.
*/}}
{{- define "kafka.labels" -}}
{{ include "kafka.steadyLabels" . }}
helm.sh/chart: {{ include "kafka.chart" . | quote }}
{{- end -}}

{{/*
The annotations section of an object, or nothing.
*/}}
{{- define "kafka.annotations" -}}
{{- with .Values.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/*
The annotations section of an object whose removal would lose data or credentials:
the guard tells Argo CD and Helm never to delete it. Sync options given in the
values are kept in front of the guard's own.
*/}}
{{- define "kafka.guardedAnnotations" -}}
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

{{/*
The Kafka spec: the one of the values, or the chart's own, which then also refers to
the metrics ConfigMap where that is created.
*/}}
{{- define "kafka.spec" -}}
{{- if .Values.spec -}}
{{- toYaml .Values.spec -}}
{{- else -}}
{{- $spec := .Files.Get "files/default-spec.yaml" | fromYaml -}}
{{- if .Values.metrics.create -}}
{{- range $component, $key := include "kafka.metricsKeys" . | fromYaml -}}
{{- $reference := dict "name" (include "kafka.metricsName" $) "key" $key.key -}}
{{- $config := dict "type" "jmxPrometheusExporter" "valueFrom" (dict "configMapKeyRef" $reference) -}}
{{- $_ := set (get $spec $component) "metricsConfig" $config -}}
{{- end -}}
{{- end -}}
{{- toYaml $spec -}}
{{- end -}}
{{- end -}}

{{/*
Name of the ConfigMap with the JMX exporter rules.
*/}}
{{- define "kafka.metricsName" -}}
{{- printf "%s-kafka-metrics" .Values.name -}}
{{- end -}}

{{/*
For each component of the Kafka spec: its key in the metrics ConfigMap and the file
with the chart's own rules.
*/}}
{{- define "kafka.metricsKeys" -}}
kafka:
  key: kafka-metrics-config.yml
  file: files/kafka-rules.yaml
zookeeper:
  key: zookeeper-metrics-config.yml
  file: files/zookeeper-rules.yaml
cruiseControl:
  key: cruise-control-metrics-config.yml
  file: files/cruise-control-rules.yaml
{{- end -}}
