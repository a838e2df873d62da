{{/*
Name and version of this chart as one label value.
*/}}
{{- define "sample-apps.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels of every object.
*/}}
{{- define "sample-apps.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: cutover
helm.sh/chart: {{ include "sample-apps.chart" . | quote }}
{{- end -}}

{{/*
The annotations section of an object, or nothing.
*/}}
{{- define "sample-apps.annotations" -}}
{{- with .Values.annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/*
Labels that select the pods of one app. Call it with a list of the chart's context and
the app's name.
*/}}
{{- define "sample-apps.selector" -}}
app.kubernetes.io/name: {{ (index . 0).Chart.Name | quote }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 | quote }}
{{- end -}}

{{/*
Environment of one app. Call it with a dict of root (the chart's context), app, ca (the
Secret with the authority, or "") and userType ("none" without a user).
*/}}
{{- define "sample-apps.env" -}}
{{- $app := .app -}}
- name: ROLE
  value: {{ $app.role }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ .root.Values.bootstrapServers | quote }}
- name: TOPIC
  value: {{ $app.topic | quote }}
{{- if eq $app.role "producer" }}
{{- $acks := ternary (get $app "acks") "all" (hasKey $app "acks") | toString }}
- name: MESSAGES_PER_SECOND
  value: {{ get $app "messagesPerSecond" | default (div 1000 (get $app "delayMs" | default 1000)) | int64 | quote }}
- name: MESSAGE_COUNT
  value: {{ get $app "messageCount" | default -1 | int64 | quote }}
- name: ACKS
  value: {{ $acks | quote }}
- name: IDEMPOTENCE
  value: {{ and .root.Values.idempotence (eq $acks "all") | quote }}
{{- else }}
- name: GROUP_ID
  value: {{ $app.group | quote }}
{{- end }}
- name: USER_TYPE
  value: {{ .userType }}
{{- if eq .userType "scram-sha-512" }}
- name: USER_NAME
  value: {{ $app.user | quote }}
- name: USER_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $app.user | quote }}
      key: password
{{- else if eq .userType "tls" }}
- name: USER_KEYSTORE
  value: /etc/kafka-user/user.p12
- name: USER_KEYSTORE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $app.user | quote }}
      key: user.password
{{- end }}
{{- if .ca }}
- name: CA_FILE
  value: /etc/kafka-ca/ca.crt
{{- end }}
- name: LOG_DIR
  value: /tmp/logs
{{- with get $app "env" }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Volumes of one app. Takes what sample-apps.env takes.
*/}}
{{- define "sample-apps.volumes" -}}
- name: script
  configMap:
    name: {{ printf "%s-script" .root.Release.Name | quote }}
- name: tmp
  emptyDir: {}
{{- with .ca }}
- name: kafka-ca
  secret:
    secretName: {{ . | quote }}
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- if eq .userType "tls" }}
- name: kafka-user
  secret:
    secretName: {{ .app.user | quote }}
    items:
      - key: user.p12
        path: user.p12
{{- end }}
{{- end -}}

{{/*
Where those volumes are mounted. Takes what sample-apps.env takes.
*/}}
{{- define "sample-apps.mounts" -}}
- name: script
  mountPath: /etc/app
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .ca }}
- name: kafka-ca
  mountPath: /etc/kafka-ca
  readOnly: true
{{- end }}
{{- if eq .userType "tls" }}
- name: kafka-user
  mountPath: /etc/kafka-user
  readOnly: true
{{- end }}
{{- end -}}
