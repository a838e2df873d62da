// Package argocd writes what Argo CD needs to apply a migration: a project, one Application
// a cluster, the plugin's sidecar, and health checks for Strimzi's resources.
package argocd
