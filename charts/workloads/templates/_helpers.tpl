{{/*
The one field of the spec that is owned, by kind.
*/}}
{{- define "workloads.fields" -}}
Deployment: replicas
StatefulSet: replicas
DeploymentConfig: replicas
CronJob: suspend
KafkaConnector: pause
{{- end -}}

{{/*
One workload as an object. Call it with a dict of root (the chart's context), workload
and field (the owned one). A partial object carries nothing but what server-side apply
needs to own that field: no labels, and no validation of what is missing.
*/}}
{{- define "workloads.object" -}}
{{- $workload := .workload -}}
{{- $object := deepCopy (get $workload "object" | default dict) -}}
{{- $options := "Prune=false,Delete=false" -}}
{{- if empty $object -}}
{{- $options = printf "%s,Validate=false" $options -}}
{{- if .root.Values.serverSideApply -}}
{{- $options = printf "ServerSideApply=true,%s" $options -}}
{{- end -}}
{{- end -}}
{{- $sync := dict "argocd.argoproj.io/sync-options" $options -}}
{{- if and (empty $object) .root.Values.scaledByJob -}}
{{- $_ := set $sync "argocd.argoproj.io/hook" "Skip" -}}
{{- end -}}
{{- $metadata := get $object "metadata" | default dict -}}
{{- $annotations := merge (dict) .root.Values.annotations (get $metadata "annotations" | default dict) $sync -}}
{{- $_ := set $metadata "name" $workload.name -}}
{{- $_ := set $metadata "namespace" (get $workload "namespace" | default .root.Release.Namespace) -}}
{{- $_ := set $metadata "annotations" $annotations -}}
{{- $spec := get $object "spec" | default dict -}}
{{- $_ := set $spec .field (get $workload .field) -}}
{{- $_ := set $object "apiVersion" $workload.apiVersion -}}
{{- $_ := set $object "kind" $workload.kind -}}
{{- $_ := set $object "metadata" $metadata -}}
{{- $_ := set $object "spec" $spec -}}
{{- toYaml $object -}}
{{- end -}}
