package cluster

import (
	"fmt"
	"path/filepath"
	"strconv"
)

// addresses is where one cluster's parts listen, on 127.0.0.1, and where they
// keep their files.
type addresses struct {
	dir        string
	etcdClient int
	etcdPeer   int
	api        int
}

func (a addresses) file(name string) string { return filepath.Join(a.dir, name) }

func loopback(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }

// etcd is a store of one member.
func etcd(path string, at addresses) command {
	return command{name: "etcd", path: path, args: []string{
		"--name=etcd",
		"--data-dir=" + at.file("etcd"),
		"--listen-client-urls=" + loopback(at.etcdClient),
		"--advertise-client-urls=" + loopback(at.etcdClient),
		"--listen-peer-urls=" + loopback(at.etcdPeer),
		"--initial-advertise-peer-urls=" + loopback(at.etcdPeer),
		"--initial-cluster=etcd=" + loopback(at.etcdPeer),
	}}
}

// apiServer is a server with the admission plug-ins and the authorization that
// a cluster has by default.
func apiServer(path string, at addresses) command {
	return command{name: "kube-apiserver", path: path, args: []string{
		"--etcd-servers=" + loopback(at.etcdClient),
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(at.api),
		"--tls-cert-file=" + at.file(serverCertificate),
		"--tls-private-key-file=" + at.file(serverKey),
		"--client-ca-file=" + at.file(authorityCertificate),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + at.file(serverKey),
		"--service-account-signing-key-file=" + at.file(serverKey),
		"--service-cluster-ip-range=10.0.0.0/24",
		// Nothing creates the default ServiceAccounts here, without which
		// this plug-in refuses every Pod.
		"--disable-admission-plugins=ServiceAccount",
		// The default refuses to publish a loopback address as the endpoints
		// of the Service kubernetes.
		"--endpoint-reconciler-type=none",
		"--profiling=false",
	}}
}
