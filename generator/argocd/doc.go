// Package argocd writes what Argo CD needs to apply a migration: a project, one Application
// a cluster, the plugin's sidecar, and health checks for Strimzi's resources. It was written
// against Argo CD 2.14, whose field names and sync behaviour the comments refer to.
package argocd
