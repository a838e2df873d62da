{{/*
Name of what belongs to Grafana.
*/}}
{{- define "monitoring.grafana.name" -}}
{{- printf "%s-grafana" .Release.Name -}}
{{- end -}}

{{/*
How Grafana is reached: route, ingress or none.
*/}}
{{- define "monitoring.grafana.exposure" -}}
{{- .Values.grafana.exposure | default (ternary "route" "none" (eq .Values.platform "openshift-user-workload")) -}}
{{- end -}}

{{/*
The metadata of an object: call it with a dict of root, name, and where there are any
namespace, labels and annotations of its own.
*/}}
{{- define "monitoring.grafana.metadata" -}}
{{- $own := get . "annotations" | default dict -}}
name: {{ .name | quote }}
namespace: {{ get . "namespace" | default .root.Release.Namespace | quote }}
labels:
  {{- merge (dict) (get . "labels" | default dict) (include "monitoring.labels" .root | fromYaml) | toYaml | nindent 2 }}
{{- with merge (dict) $own .root.Values.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
Labels by which Grafana's pods are selected.
*/}}
{{- define "monitoring.grafana.selector" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: grafana
{{- end -}}

{{/*
The datasources with all that is not said filled in, as JSON under the key list. On
OpenShift one without a url asks Thanos as Grafana's service account: the port 9092 for one
namespace, 9091 for all of them. Elsewhere it asks the Prometheus of the release namespace.
*/}}
{{- define "monitoring.grafana.datasources" -}}
{{- $root := . -}}
{{- $openshift := eq .Values.platform "openshift-user-workload" -}}
{{- $given := .Values.grafana.datasources | default (list (dict "name" "Cutover" "default" true)) -}}
{{- $list := list -}}
{{- range $position, $source := $given -}}
{{- $full := merge (dict) $source (dict "uid" (printf "cutover-%d" $position) "url" "" "namespace" "" "default" (eq (len $given) 1) "token" "" "ca" "" "own" false) -}}
{{- if not $full.url -}}
{{- if $openshift -}}
{{- $_ := set $full "namespace" ($full.namespace | default $root.Release.Namespace) -}}
{{- $port := ternary 9091 9092 (eq $full.namespace "*") -}}
{{- $_ := set $full "url" (printf "https://thanos-querier.openshift-monitoring.svc.cluster.local:%d" $port) -}}
{{- if not $full.token -}}
{{- $_ := set $full "own" true -}}
{{- $_ := set $full "token" (dict "secretName" (printf "%s-token" (include "monitoring.grafana.name" $root)) "key" "token") -}}
{{- end -}}
{{- if not $full.ca -}}
{{- $_ := set $full "ca" (dict "configMapName" (printf "%s-service-ca" (include "monitoring.grafana.name" $root)) "key" "service-ca.crt" "own" true) -}}
{{- end -}}
{{- else -}}
{{- $_ := set $full "url" (printf "http://prometheus-operated.%s.svc:9090" ($full.namespace | default $root.Release.Namespace)) -}}
{{- $_ := set $full "namespace" "" -}}
{{- end -}}
{{- end -}}
{{- $list = append $list $full -}}
{{- end -}}
{{- dict "list" $list | toJson -}}
{{- end -}}

{{/*
Whether one of the datasources asks as Grafana's own service account, and whether one
trusts the cluster's own authority.
*/}}
{{- define "monitoring.grafana.ownToken" -}}
{{- range (include "monitoring.grafana.datasources" . | fromJson).list }}{{ if .own }}true{{ end }}{{ end -}}
{{- end -}}
{{- define "monitoring.grafana.ownAuthority" -}}
{{- range (include "monitoring.grafana.datasources" . | fromJson).list }}{{ if and .ca (hasKey (.ca | default dict) "own") }}true{{ end }}{{ end -}}
{{- end -}}

{{/*
One datasource as Grafana reads it. Call it with a dict of source, token and authority, the
texts that stand for the two.
*/}}
{{- define "monitoring.grafana.datasource" -}}
{{- $source := .source -}}
{{- $tenant := not (has $source.namespace (list "" "*")) -}}
name: {{ $source.name | quote }}
uid: {{ $source.uid | quote }}
type: prometheus
access: proxy
url: {{ $source.url | quote }}
isDefault: {{ $source.default }}
editable: false
jsonData:
  # A POST would ask for the verb create, which the role view does not have.
  httpMethod: {{ ternary "GET" "POST" $tenant }}
  timeInterval: 30s
  {{- if $tenant }}
  customQueryParameters: {{ printf "namespace=%s" $source.namespace | quote }}
  {{- end }}
  {{- if $source.token }}
  httpHeaderName1: Authorization
  {{- end }}
  {{- if $source.ca }}
  tlsAuthWithCACert: true
  {{- end }}
{{- if or $source.token $source.ca }}
secureJsonData:
  {{- if $source.token }}
  httpHeaderValue1: {{ printf "Bearer %s" .token | quote }}
  {{- end }}
  {{- if $source.ca }}
  tlsCACert: {{ .authority | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{/*
The files that Grafana provisions itself from. Tokens, certificates and what is secret of
contact points are names of environment variables there, which the Deployment takes from
Secrets and ConfigMaps.
*/}}
{{- define "monitoring.grafana.provisioning" -}}
{{- $sources := (include "monitoring.grafana.datasources" . | fromJson).list -}}
datasources.yaml: |
  apiVersion: 1
  datasources:
    {{- range $position, $source := $sources }}
    {{- $token := printf "${DATASOURCE_%d_TOKEN}" $position }}
    {{- $authority := printf "${DATASOURCE_%d_CA}" $position }}
    {{- $text := include "monitoring.grafana.datasource" (dict "source" $source "token" $token "authority" $authority) }}
    - {{ $text | nindent 6 | trim }}
    {{- end }}
dashboards.yaml: |
  apiVersion: 1
  providers:
    - name: cutover
      orgId: 1
      folder: {{ .Values.dashboards.folder | quote }}
      type: file
      disableDeletion: false
      updateIntervalSeconds: 60
      allowUiUpdates: false
      options:
        path: /etc/grafana/dashboards
{{- with .Values.grafana.contactPoints }}
alerting.yaml: |
  apiVersion: 1
  contactPoints:
    {{- range $position, $point := . }}
    - orgId: 1
      name: {{ $point.name | quote }}
      receivers:
        - uid: {{ printf "cutover-%s" $point.name | trunc 40 | quote }}
          type: {{ $point.type | quote }}
          settings:
            {{- range $key, $value := get $point "settings" | default dict }}
            {{- /* Two dollar signs are one that stands for itself. */}}
            {{ $key }}: {{ ternary ($value | toString | replace "$" "$$" | quote) $value (kindIs "string" $value) }}
            {{- end }}
            {{- range $key, $reference := get $point "secretSettings" | default dict }}
            {{ $key }}: {{ printf "${CONTACT_%d_%s}" $position (upper $key) | quote }}
            {{- end }}
    {{- end }}
  policies:
    - orgId: 1
      receiver: {{ (first .).name | quote }}
{{- end }}
{{- end -}}

{{/*
Environment variables from Secrets and ConfigMaps, which the provisioning refers to.
*/}}
{{- define "monitoring.grafana.references" -}}
{{- range $position, $source := (include "monitoring.grafana.datasources" . | fromJson).list }}
{{- with $source.token }}
- name: {{ printf "DATASOURCE_%d_TOKEN" $position }}
  valueFrom:
    secretKeyRef:
      name: {{ .secretName | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- with $source.ca }}
- name: {{ printf "DATASOURCE_%d_CA" $position }}
  valueFrom:
    configMapKeyRef:
      name: {{ .configMapName | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{- range $position, $point := .Values.grafana.contactPoints }}
{{- range $key, $reference := get $point "secretSettings" | default dict }}
- name: {{ printf "CONTACT_%d_%s" $position (upper $key) }}
  valueFrom:
    secretKeyRef:
      name: {{ $reference.secretName | quote }}
      key: {{ $reference.key | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
Names of the dashboards that are delivered, as a list.
*/}}
{{- define "monitoring.dashboards" -}}
{{- $names := .Values.dashboards.include -}}
{{- if not $names -}}
{{- range $path, $_ := .Files.Glob "files/dashboards/*.json" -}}
{{- $names = append $names (base $path | trimSuffix ".json") -}}
{{- end -}}
{{- end -}}
{{- toYaml $names -}}
{{- end -}}
