{{/*
Name and version of this chart as one label value.
*/}}
{{- define "mirror-maker2.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels that stay the same when only the chart's version changes.
The operator copies the labels of this custom resource onto its pods, so a label
that moves with the chart's version would restart the mirror, and every restart
may copy records a second time.
*/}}
{{- define "mirror-maker2.steadyLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
{{- end -}}

{{/*
Labels of every other object.
*/}}
{{- define "mirror-maker2.labels" -}}
{{ include "mirror-maker2.steadyLabels" . }}
helm.sh/chart: {{ include "mirror-maker2.chart" . | quote }}
{{- end -}}

{{/*
The annotations section of an object, or nothing.
*/}}
{{- define "mirror-maker2.annotations" -}}
{{- with .Values.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/*
Name of the ConfigMap with the JMX exporter rules.
*/}}
{{- define "mirror-maker2.metricsName" -}}
{{- printf "%s-metrics" .Values.name -}}
{{- end -}}

{{/*
One cluster of the mirror: alias, address, tls, authentication, config. An empty tls
section would switch TLS on, so it is written only where TLS is enabled.
Call it with a dict of cluster and config.
*/}}
{{- define "mirror-maker2.cluster" -}}
{{- $cluster := pick .cluster "alias" "bootstrapServers" -}}
{{- if .cluster.tls.enabled -}}
{{- $tls := dict -}}
{{- with .cluster.tls.trustedCertificates -}}
{{- $_ := set $tls "trustedCertificates" . -}}
{{- end -}}
{{- $_ := set $cluster "tls" $tls -}}
{{- end -}}
{{- with .cluster.authentication -}}
{{- $_ := set $cluster "authentication" . -}}
{{- end -}}
{{- with .config -}}
{{- $_ := set $cluster "config" . -}}
{{- end -}}
{{- toYaml $cluster -}}
{{- end -}}

{{/*
Configuration of the target: that of the values, and the names and replication factor
of the Connect cluster, which win.
*/}}
{{- define "mirror-maker2.targetConfig" -}}
{{- $storage := .Values.storage -}}
{{- $connect := dict "group.id" .Values.groupId -}}
{{- range $topic, $name := dict "config" $storage.configsTopic "offset" $storage.offsetsTopic "status" $storage.statusTopic -}}
{{- $_ := set $connect (printf "%s.storage.topic" $topic) $name -}}
{{- $_ := set $connect (printf "%s.storage.replication.factor" $topic) $storage.replicationFactor -}}
{{- end -}}
{{- merge $connect .Values.target.config | toYaml -}}
{{- end -}}

{{/*
Class that keeps topic names as they are. Strimzi's own stood in until Kafka got one
in 3.0 (KAFKA-9726).
*/}}
{{- define "mirror-maker2.identityPolicy" -}}
{{- if semverCompare "<3.0.0-0" .Values.version -}}
io.strimzi.kafka.connect.mirror.IdentityReplicationPolicy
{{- else -}}
org.apache.kafka.connect.mirror.IdentityReplicationPolicy
{{- end -}}
{{- end -}}

{{/*
One connector of the mirror. Call it with a dict of root (the chart's context) and
connector.
*/}}
{{- define "mirror-maker2.connector" -}}
{{- $policy := dict "replication.policy.class" (include "mirror-maker2.identityPolicy" .root) -}}
tasksMax: {{ int64 .connector.tasksMax }}
pause: {{ .connector.pause }}
config:
  {{- merge (dict) .connector.config $policy | toYaml | nindent 2 }}
{{- end -}}
