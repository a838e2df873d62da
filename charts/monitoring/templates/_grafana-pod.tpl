{{/*
Security context of the pod. OpenShift chooses user and group itself and, before 4.11,
refuses a pod that names a seccomp profile.
*/}}
{{- define "monitoring.grafana.podSecurity" -}}
{{- if .Values.grafana.podSecurityContext -}}
{{- toYaml .Values.grafana.podSecurityContext -}}
{{- else if eq (include "monitoring.grafana.exposure" .) "route" -}}
runAsNonRoot: true
{{- else -}}
runAsNonRoot: true
runAsUser: 472
runAsGroup: 472
fsGroup: 472
seccompProfile:
  type: RuntimeDefault
{{- end -}}
{{- end -}}

{{/*
Security context of each container.
*/}}
{{- define "monitoring.grafana.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
Probes by the health of Grafana, behind a route through the proxy, which lets nothing else
pass without a login.
*/}}
{{- define "monitoring.grafana.probes" -}}
{{- $route := eq (include "monitoring.grafana.exposure" .) "route" -}}
{{- $get := dict "path" "/api/health" "port" (ternary "https" "http" $route) "scheme" (ternary "HTTPS" "HTTP" $route) -}}
# The first start creates the database.
startupProbe:
  httpGet:
    {{- toYaml $get | nindent 4 }}
  periodSeconds: 5
  failureThreshold: 60
readinessProbe:
  httpGet:
    {{- toYaml $get | nindent 4 }}
  periodSeconds: 10
livenessProbe:
  httpGet:
    {{- toYaml $get | nindent 4 }}
  periodSeconds: 30
  failureThreshold: 4
{{- end -}}

{{/*
Settings of Grafana, as it takes them from its environment.
*/}}
{{- define "monitoring.grafana.settings" -}}
{{- $exposure := include "monitoring.grafana.exposure" . -}}
{{- $settings := dict "GF_LOG_MODE" "console" "GF_ANALYTICS_REPORTING_ENABLED" "false" "GF_ANALYTICS_CHECK_FOR_UPDATES" "false" "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES" "false" "GF_SECURITY_DISABLE_GRAVATAR" "true" "GF_USERS_ALLOW_SIGN_UP" "false" "GF_SNAPSHOTS_EXTERNAL_ENABLED" "false" -}}
{{- if has "migration" (include "monitoring.dashboards" . | fromYamlArray) -}}
{{- $_ := set $settings "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH" "/etc/grafana/dashboards/migration.json" -}}
{{- end -}}
{{- if eq $exposure "route" -}}
{{- /* Nobody but the proxy beside it reaches Grafana, so that the header can be believed. */ -}}
{{- $_ := merge $settings (dict "GF_SERVER_HTTP_ADDR" "127.0.0.1" "GF_AUTH_PROXY_ENABLED" "true" "GF_AUTH_PROXY_HEADER_NAME" "X-Forwarded-User" "GF_AUTH_PROXY_HEADER_PROPERTY" "username" "GF_AUTH_PROXY_AUTO_SIGN_UP" "true" "GF_AUTH_PROXY_WHITELIST" "127.0.0.1" "GF_USERS_AUTO_ASSIGN_ORG_ROLE" "Viewer" "GF_AUTH_DISABLE_SIGNOUT_MENU" "true" "GF_SECURITY_COOKIE_SECURE" "true") -}}
{{- with .Values.grafana.route.host -}}
{{- $_ := set $settings "GF_SERVER_ROOT_URL" (printf "https://%s/" .) -}}
{{- end -}}
{{- else if eq $exposure "ingress" -}}
{{- $tls := ne .Values.grafana.ingress.tlsSecretName "" -}}
{{- $_ := set $settings "GF_SERVER_ROOT_URL" (printf "%s://%s/" (ternary "https" "http" $tls) .Values.grafana.ingress.host) -}}
{{- $_ := set $settings "GF_SECURITY_COOKIE_SECURE" (toString $tls) -}}
{{- end -}}
{{- range $key, $value := $settings }}
- name: {{ $key }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/*
The container of Grafana.
*/}}
{{- define "monitoring.grafana.container" -}}
{{- $grafana := .Values.grafana -}}
{{- $route := eq (include "monitoring.grafana.exposure" .) "route" -}}
- name: grafana
  image: {{ $grafana.image | quote }}
  env:
    {{- include "monitoring.grafana.settings" . | trim | nindent 4 }}
    - name: GF_SECURITY_ADMIN_USER
      valueFrom:
        secretKeyRef:
          name: {{ $grafana.admin.secretName | quote }}
          key: {{ $grafana.admin.userKey | quote }}
    - name: GF_SECURITY_ADMIN_PASSWORD
      valueFrom:
        secretKeyRef:
          name: {{ $grafana.admin.secretName | quote }}
          key: {{ $grafana.admin.passwordKey | quote }}
    {{- with include "monitoring.grafana.references" . | trim }}
    {{- . | nindent 4 }}
    {{- end }}
  {{- if not $route }}
  ports:
    - name: http
      containerPort: 3000
  {{- include "monitoring.grafana.probes" . | nindent 2 }}
  {{- end }}
  securityContext:
    {{- include "monitoring.grafana.containerSecurity" . | nindent 4 }}
  {{- with $grafana.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: data
      mountPath: /var/lib/grafana
    - name: temporary
      mountPath: /tmp
    - name: provisioning
      mountPath: /etc/grafana/provisioning
      readOnly: true
    - name: dashboards
      mountPath: /etc/grafana/dashboards
      readOnly: true
{{- end -}}

{{/*
The container of OpenShift's OAuth proxy: who may see this Service may see Grafana.
*/}}
{{- define "monitoring.grafana.proxy" -}}
{{- $name := include "monitoring.grafana.name" . -}}
{{- $review := dict "namespace" .Release.Namespace "resource" "services" "name" $name "verb" "get" -}}
- name: oauth-proxy
  image: {{ .Values.grafana.oauthProxyImage | quote }}
  args:
    - --provider=openshift
    - --https-address=:8443
    - --http-address=
    - --email-domain=*
    - --upstream=http://127.0.0.1:3000
    - --pass-basic-auth=false
    - {{ printf "--openshift-service-account=%s" $name | quote }}
    - {{ printf "--openshift-sar=%s" (toJson $review) | quote }}
    - --client-secret-file=/var/run/secrets/kubernetes.io/serviceaccount/token
    - --cookie-secret-file=/etc/session/session-secret
    - --tls-cert=/etc/tls/private/tls.crt
    - --tls-key=/etc/tls/private/tls.key
    - --openshift-ca=/etc/pki/tls/cert.pem
    - --openshift-ca=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    - --skip-auth-regex=^/api/health$
  ports:
    - name: https
      containerPort: 8443
  {{- include "monitoring.grafana.probes" . | nindent 2 }}
  securityContext:
    {{- include "monitoring.grafana.containerSecurity" . | nindent 4 }}
  {{- with .Values.grafana.oauthProxyResources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: session
      mountPath: /etc/session
      readOnly: true
    - name: tls
      mountPath: /etc/tls/private
      readOnly: true
{{- end -}}

{{/*
Volumes of the pod.
*/}}
{{- define "monitoring.grafana.volumes" -}}
{{- $name := include "monitoring.grafana.name" . -}}
- name: data
  {{- if .Values.grafana.storage.size }}
  persistentVolumeClaim:
    claimName: {{ $name | quote }}
  {{- else }}
  emptyDir: {}
  {{- end }}
- name: temporary
  emptyDir: {}
- name: provisioning
  configMap:
    name: {{ printf "%s-provisioning" $name | quote }}
    items:
      - key: datasources.yaml
        path: datasources/datasources.yaml
      - key: dashboards.yaml
        path: dashboards/dashboards.yaml
      {{- if .Values.grafana.contactPoints }}
      - key: alerting.yaml
        path: alerting/alerting.yaml
      {{- end }}
- name: dashboards
  projected:
    sources:
      {{- range include "monitoring.dashboards" . | fromYamlArray }}
      - configMap:
          name: {{ printf "%s-dashboard-%s" $.Release.Name . | quote }}
      {{- end }}
{{- if eq (include "monitoring.grafana.exposure" .) "route" }}
- name: session
  secret:
    secretName: {{ .Values.grafana.admin.secretName | quote }}
    items:
      - key: {{ .Values.grafana.admin.sessionKey | quote }}
        path: session-secret
- name: tls
  secret:
    secretName: {{ printf "%s-tls" $name | quote }}
{{- end }}
{{- end -}}
