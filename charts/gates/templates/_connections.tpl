{{/*
The file of kind Connections by which the PreSync Job reaches both clusters; nothing where
it reaches none. It names files that are mounted, and holds no credentials.
*/}}
{{- define "gates.connections" -}}
{{- $values := .Values.connections -}}
{{- $sides := dict -}}
{{- range $name := list "source" "target" -}}
{{- $side := include "gates.side" (dict "side" (get $values $name) "folder" (printf "/etc/cutover-credentials/%s" $name) "peer" $.Values.peer) | fromYaml -}}
{{- if $side -}}
{{- $_ := set $sides $name $side -}}
{{- end -}}
{{- end -}}
{{- if $sides -}}
{{- if ge (int64 $values.waitSeconds) (int64 .Values.deadlineSeconds) -}}
{{- fail (printf "connections.waitSeconds is %d and deadlineSeconds %d: the Job would be given up before it could say what does not hold; wait for less" (int64 $values.waitSeconds) (int64 .Values.deadlineSeconds)) -}}
{{- end -}}
{{- merge (dict "apiVersion" "cutover/v1alpha1" "kind" "Connections") $sides | toYaml -}}
{{- else if $values.waitSeconds -}}
{{- fail "connections.waitSeconds is set, and connections name no cluster: give source and target, or leave it 0" -}}
{{- end -}}
{{- end -}}

{{/*
How one cluster is reached. Call it with a dict of side (its values), folder (where its
credentials are mounted) and peer.
*/}}
{{- define "gates.side" -}}
{{- $kafka := .side.kafka -}}
{{- if $kafka.bootstrap }}
kafka:
  bootstrap: {{ $kafka.bootstrap | quote }}
  {{- if $kafka.tls.enabled }}
  tls:
    {{- if $kafka.tls.trusted }}
    caFile: {{ printf "%s/ca" .folder }}
    {{- end }}
    {{- if $kafka.tls.secretName }}
    certFile: {{ printf "%s/user.crt" .folder }}
    keyFile: {{ printf "%s/user.key" .folder }}
    {{- end }}
    {{- if not (or $kafka.tls.trusted $kafka.tls.secretName) }}
    serverName: ""
    {{- end }}
  {{- end }}
  {{- if $kafka.scram.username }}
  sasl:
    mechanism: scram-sha-512
    username: {{ $kafka.scram.username | quote }}
    passwordFile: {{ printf "%s/password" .folder }}
  {{- end }}
{{- end }}
{{- if eq .side.kubernetes "inCluster" }}
kubernetes:
  inCluster: true
{{- else if eq .side.kubernetes "peer" }}
{{- if not .peer.secretName }}
{{- fail "connections has kubernetes: peer, and peer names no Secret with a kubeconfig: give peer.secretName and peer.key" }}
{{- end }}
kubernetes:
  kubeconfig: {{ printf "/etc/cutover-peer/%s" .peer.key }}
{{- end }}
{{- with .side.connect }}
connect:
  url: {{ . | quote }}
{{- end }}
{{- end -}}

{{/*
The sources of the volume with the credentials, by the paths that gates.side names. None has
to be there: phases make some, and a gate that lacks one says which file is missing.
*/}}
{{- define "gates.credentials" -}}
{{- range $name := list "source" "target" }}
{{- $kafka := (get $.Values.connections $name).kafka }}
{{- range $i, $trusted := $kafka.tls.trusted }}
- secret:
    name: {{ $trusted.secretName | quote }}
    optional: true
    items:
      - {key: {{ $trusted.key | quote }}, path: {{ printf "%s/ca/%d.crt" $name $i | quote }}}
{{- end }}
{{- with $kafka.tls.secretName }}
- secret:
    name: {{ . | quote }}
    optional: true
    items:
      - {key: user.crt, path: {{ printf "%s/user.crt" $name | quote }}}
      - {key: user.key, path: {{ printf "%s/user.key" $name | quote }}}
{{- end }}
{{- with $kafka.scram.secretName }}
- secret:
    name: {{ . | quote }}
    optional: true
    items:
      - {key: {{ $kafka.scram.key | quote }}, path: {{ printf "%s/password" $name | quote }}}
{{- end }}
{{- end }}
{{- end -}}
