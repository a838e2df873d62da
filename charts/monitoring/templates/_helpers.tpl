{{/*
Name and version of this chart as one label value.
*/}}
{{- define "monitoring.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels of every object.
*/}}
{{- define "monitoring.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
helm.sh/chart: {{ include "monitoring.chart" . | quote }}
{{- end -}}

{{/*
The annotations section of an object, or nothing.
*/}}
{{- define "monitoring.annotations" -}}
{{- with .Values.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/*
Labels of monitors and rules: those of every object and those Prometheus selects by.
*/}}
{{- define "monitoring.selectedLabels" -}}
{{- merge (dict) .Values.labels (include "monitoring.labels" . | fromYaml) | toYaml -}}
{{- end -}}

{{/*
Namespace of the cluster operator.
*/}}
{{- define "monitoring.operatorNamespace" -}}
{{- .Values.operatorNamespace | default .Release.Namespace -}}
{{- end -}}

{{/*
Namespace of the objects that watch the cluster operator. OpenShift's user workload
monitoring ignores namespace selectors, so there they stand next to the operator.
*/}}
{{- define "monitoring.operatorHome" -}}
{{- if eq .Values.platform "openshift-user-workload" -}}
{{- include "monitoring.operatorNamespace" . -}}
{{- else -}}
{{- .Release.Namespace -}}
{{- end -}}
{{- end -}}

{{/*
Names of the Strimzi resources whose pods are scraped: the cluster, the mirrors, Connect.
*/}}
{{- define "monitoring.scraped" -}}
{{- $names := list .Values.cluster.name .Values.mirror.name -}}
{{- range .Values.returnMirrors -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- concat $names .Values.connects | compact | uniq | toYaml -}}
{{- end -}}

{{/*
Relabelings that give every series the labels dashboards and rules go by: the pod's
strimzi.io labels, its namespace, name and node.
*/}}
{{- define "monitoring.relabelings" -}}
- action: labelmap
  regex: __meta_kubernetes_pod_label_(strimzi_io_.+)
{{ include "monitoring.podRelabelings" . }}
{{- end -}}

{{/*
Relabelings from the pod behind a target.
*/}}
{{- define "monitoring.podRelabelings" -}}
- sourceLabels: [__meta_kubernetes_namespace]
  targetLabel: namespace
- sourceLabels: [__meta_kubernetes_pod_name]
  targetLabel: kubernetes_pod_name
- sourceLabels: [__meta_kubernetes_pod_node_name]
  targetLabel: node_name
- sourceLabels: [__meta_kubernetes_pod_host_ip]
  targetLabel: node_ip
{{- end -}}

{{/*
Rule groups of one file, with the names put in and the labels of the values added.
Call it with a dict of root (the chart's context), file, and mirror where it is about one.
*/}}
{{- define "monitoring.groups" -}}
{{- $values := .root.Values -}}
{{- $text := .root.Files.Get .file -}}
{{- $text = replace "$operatorNamespace" (include "monitoring.operatorNamespace" .root) $text -}}
{{- $text = replace "$namespace" .root.Release.Namespace $text -}}
{{- $text = replace "$cluster" $values.cluster.name $text -}}
{{- $text = replace "$mirror" (get . "mirror") $text -}}
{{- $groups := (fromYaml $text).groups -}}
{{- range $group := $groups -}}
{{- range $rule := $group.rules -}}
{{- $routing := ternary $values.rules.labels dict (hasKey $rule "alert") -}}
{{- $labels := merge (dict) $routing (get $rule "labels" | default dict) (dict "cutover_role" $values.cluster.role) -}}
{{- $_ := set $rule "labels" $labels -}}
{{- if and (hasKey $rule "alert") $values.runbook.url -}}
{{- $_ := set $rule.annotations "runbook_url" (printf "%s#%s" $values.runbook.url (lower $rule.alert)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $groups -}}
{{- end -}}

{{/*
Names of the rule files about this cluster, as a list.
*/}}
{{- define "monitoring.ruleFiles" -}}
{{- $files := list "indicators" "kafka" "zookeeper" -}}
{{- if .Values.kafkaExporter -}}
{{- $files = append $files "kafka-exporter" -}}
{{- end -}}
{{- /* Only pods offer the metrics of the Entity Operator; services have no port for them. */ -}}
{{- if eq .Values.monitors "PodMonitor" -}}
{{- $files = concat $files .Values.entityOperator -}}
{{- end -}}
{{- if eq .Values.cluster.role "target" -}}
{{- $files = append $files "cruise-control" -}}
{{- end -}}
{{- concat $files (list "migration" (printf "migration-%s" .Values.cluster.role)) | toYaml -}}
{{- end -}}

{{/*
A PromQL expression that gives the cluster's phase while it is within one of the ranges,
and nothing else. Call it with a dict of root and during, a list of from and to.
*/}}
{{- define "monitoring.during" -}}
{{- $root := .root -}}
{{- $phase := printf "cutover:phase{namespace=%q,strimzi_io_cluster=%q}" $root.Release.Namespace $root.Values.cluster.name -}}
{{- $ranges := list -}}
{{- range .during -}}
{{- $ranges = append $ranges (printf "(%s >= %d <= %d)" $phase (int .from) (int .to)) -}}
{{- end -}}
{{- join " or " $ranges -}}
{{- end -}}

{{/*
A PromQL matcher of a label that takes each of the names and nothing else. Call it with a
dict of label and names.
*/}}
{{- define "monitoring.anyOf" -}}
{{- $patterns := list -}}
{{- range .names -}}
{{- $patterns = append $patterns (regexQuoteMeta .) -}}
{{- end -}}
{{- printf "%s=~%q" .label (join "|" $patterns) -}}
{{- end -}}

{{/*
All mirrors: the one that moves the data, and those of a rollback.
*/}}
{{- define "monitoring.mirrors" -}}
{{- $all := list -}}
{{- if .Values.mirror.name -}}
{{- $all = append $all .Values.mirror -}}
{{- end -}}
{{- concat $all .Values.returnMirrors | toYaml -}}
{{- end -}}
