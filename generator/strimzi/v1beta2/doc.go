// Package v1beta2 has the Strimzi API types of group kafka.strimzi.io as Strimzi 0.22 to
// 0.24, and with them AMQ Streams 1.7 and 1.8, serve them: the only version that these
// releases store, and the one that every conversion ends at.
//
// The types know what the custom resource definitions of 0.24.0 know, field by field, and
// say where a field is younger than 0.22. Where Strimzi takes over a shape of Kubernetes, the
// type is that of k8s.io/api. What Strimzi leaves open, such as the configuration of brokers
// and connectors, is a [Configuration].
//
// Deep copies and the schemas in schema are generated from the types:
//
//	go generate ./generator/strimzi/v1beta2
//
// +kubebuilder:object:generate=true
// +groupName=kafka.strimzi.io
// +versionName=v1beta2
package v1beta2

//go:generate go run sigs.k8s.io/controller-tools/cmd/controller-gen@v0.23.0 object paths=.
//go:generate go run sigs.k8s.io/controller-tools/cmd/controller-gen@v0.23.0 crd:allowDangerousTypes=true,maxDescLen=0 paths=. output:crd:dir=schema
