package v1beta2

import networkingv1 "k8s.io/api/networking/v1"

// ListenerType is the way clients reach a listener.
//
// +kubebuilder:validation:Enum=internal;route;loadbalancer;nodeport;ingress
type ListenerType string

// The listener types.
const (
	// ListenerInternal serves clients within the Kubernetes cluster.
	ListenerInternal ListenerType = "internal"
	// ListenerRoute serves through OpenShift Routes, on port 443 and with TLS only.
	ListenerRoute ListenerType = "route"
	// ListenerLoadBalancer serves through one load balancer a broker and one to bootstrap.
	ListenerLoadBalancer ListenerType = "loadbalancer"
	// ListenerNodePort serves through ports of the nodes.
	ListenerNodePort ListenerType = "nodeport"
	// ListenerIngress serves through the NGINX Ingress controller with TLS passthrough.
	ListenerIngress ListenerType = "ingress"
)

// GenericKafkaListener is one listener of the brokers. Since Strimzi 0.20.
type GenericKafkaListener struct {
	// Name of the listener, which also goes into the names of its Services, Routes and
	// Ingresses.
	// +kubebuilder:validation:Pattern=`^[a-z0-9]{1,11}$`
	Name string `json:"name"`
	// Port that the brokers listen on, and that internal clients connect to. 9404 and 9999
	// are taken by Prometheus and JMX.
	// +kubebuilder:validation:Minimum=9092
	Port int32 `json:"port"`
	// Type is the way clients reach the listener.
	Type ListenerType `json:"type"`
	// TLS encrypts the listener; route and ingress need it.
	TLS bool `json:"tls"`
	// Authentication of the clients. Absent, anyone connects as ANONYMOUS.
	// +optional
	Authentication *ListenerAuthentication `json:"authentication,omitempty"`
	// Configuration is what differs by type, and the names and certificates to serve.
	// +optional
	Configuration *GenericKafkaListenerConfiguration `json:"configuration,omitempty"`
	// NetworkPolicyPeers are who may connect, any one of them sufficing. Empty, everyone.
	// +optional
	NetworkPolicyPeers []networkingv1.NetworkPolicyPeer `json:"networkPolicyPeers,omitempty"`
}

// NodeAddressType is a kind of address that a Kubernetes node reports.
//
// +kubebuilder:validation:Enum=ExternalIP;ExternalDNS;InternalIP;InternalDNS;Hostname
type NodeAddressType string

// ExternalTrafficPolicy says whether a node passes outside traffic on to other nodes.
//
// +kubebuilder:validation:Enum=Local;Cluster
type ExternalTrafficPolicy string

// The external traffic policies.
const (
	// TrafficLocal keeps traffic on the node that it reached, and the client's address.
	TrafficLocal ExternalTrafficPolicy = "Local"
	// TrafficCluster lets any node take traffic for any broker. Kubernetes' default.
	TrafficCluster ExternalTrafficPolicy = "Cluster"
)

// GenericKafkaListenerConfiguration is the further settings of one listener.
type GenericKafkaListenerConfiguration struct {
	// BrokerCertChainAndKey is a certificate of one's own to serve instead of one from the
	// cluster CA. Needs TLS.
	// +optional
	BrokerCertChainAndKey *CertAndKeySecretSource `json:"brokerCertChainAndKey,omitempty"`
	// ExternalTrafficPolicy of the Services of loadbalancer and nodeport.
	// +optional
	ExternalTrafficPolicy ExternalTrafficPolicy `json:"externalTrafficPolicy,omitempty"`
	// LoadBalancerSourceRanges are the CIDR ranges that a loadbalancer lets in.
	// +optional
	LoadBalancerSourceRanges []string `json:"loadBalancerSourceRanges,omitempty"`
	// Bootstrap is the address that clients connect to first.
	// +optional
	Bootstrap *GenericKafkaListenerConfigurationBootstrap `json:"bootstrap,omitempty"`
	// Brokers are the addresses of single brokers. A broker that is not listed has the
	// defaults.
	// +optional
	Brokers []GenericKafkaListenerConfigurationBroker `json:"brokers,omitempty"`
	// IPFamilyPolicy of the listener's Services. Since Strimzi 0.23.
	// +optional
	IPFamilyPolicy IPFamilyPolicy `json:"ipFamilyPolicy,omitempty"`
	// IPFamilies of the listener's Services, the first one being their main one. Since
	// Strimzi 0.23.
	// +optional
	IPFamilies []IPFamily `json:"ipFamilies,omitempty"`
	// Class of the Ingresses. Since Strimzi 0.22 there is no default, where before it was
	// nginx.
	// +optional
	Class string `json:"class,omitempty"`
	// Finalizers of the Services of a loadbalancer, such as
	// service.kubernetes.io/load-balancer-cleanup. Since Strimzi 0.23.
	// +optional
	Finalizers []string `json:"finalizers,omitempty"`
	// MaxConnectionCreationRate is how many new connections a second a broker takes on
	// this listener before it slows them down (KIP-612, Kafka 2.7). Since Strimzi 0.23.
	// +optional
	MaxConnectionCreationRate *int32 `json:"maxConnectionCreationRate,omitempty"`
	// MaxConnections is how many connections a broker holds on this listener; further ones
	// wait (KIP-402). Since Strimzi 0.23.
	// +optional
	MaxConnections *int32 `json:"maxConnections,omitempty"`
	// PreferredNodePortAddressType is the address that a nodeport looks for first. Without
	// it or after it, in order: ExternalDNS, ExternalIP, InternalDNS, InternalIP, Hostname.
	// +optional
	PreferredNodePortAddressType NodeAddressType `json:"preferredNodePortAddressType,omitempty"`
	// UseServiceDNSDomain puts the cluster's domain, usually .cluster.local, behind the
	// advertised names of an internal listener. Default false.
	// +optional
	UseServiceDNSDomain *bool `json:"useServiceDnsDomain,omitempty"`
}

// GenericKafkaListenerConfigurationBootstrap is the bootstrap address of a listener.
type GenericKafkaListenerConfigurationBootstrap struct {
	// AlternativeNames are further names for the brokers' certificates.
	// +optional
	AlternativeNames []string `json:"alternativeNames,omitempty"`
	// Host name of the Route, where OpenShift would choose one, or of the Ingress, which
	// must have one.
	// +optional
	Host string `json:"host,omitempty"`
	// NodePort of the bootstrap Service of a nodeport. Default: one that Kubernetes picks.
	// +optional
	NodePort *int32 `json:"nodePort,omitempty"`
	// LoadBalancerIP is the address that a loadbalancer asks the cloud for.
	// +optional
	LoadBalancerIP string `json:"loadBalancerIP,omitempty"`
	// Annotations of the Service, Route or Ingress, each a scalar. Called dnsAnnotations
	// before Strimzi 0.20.
	// +optional
	Annotations Configuration `json:"annotations,omitempty"`
	// Labels of the Service, Route or Ingress, each a scalar. Since Strimzi 0.22.
	// +optional
	Labels Configuration `json:"labels,omitempty"`
}

// GenericKafkaListenerConfigurationBroker is the address of one broker on a listener.
type GenericKafkaListenerConfigurationBroker struct {
	// Broker is the broker's id, from 0.
	Broker int32 `json:"broker"`
	// AdvertisedHost is the name that the broker tells its clients. Default: what the
	// listener's type gives.
	// +optional
	AdvertisedHost string `json:"advertisedHost,omitempty"`
	// AdvertisedPort is the port that the broker tells its clients. Default: what the
	// listener's type gives.
	// +optional
	AdvertisedPort *int32 `json:"advertisedPort,omitempty"`
	// Host name of the broker's Route, where OpenShift would choose one, or of its
	// Ingress, which must have one.
	// +optional
	Host string `json:"host,omitempty"`
	// NodePort of the broker's Service of a nodeport. Default: one that Kubernetes picks.
	// +optional
	NodePort *int32 `json:"nodePort,omitempty"`
	// LoadBalancerIP is the address that the broker's loadbalancer asks the cloud for.
	// +optional
	LoadBalancerIP string `json:"loadBalancerIP,omitempty"`
	// Annotations of the broker's Service, Route or Ingress, each a scalar. Called
	// dnsAnnotations before Strimzi 0.20.
	// +optional
	Annotations Configuration `json:"annotations,omitempty"`
	// Labels of the broker's Service, Route or Ingress, each a scalar. Since Strimzi 0.22.
	// +optional
	Labels Configuration `json:"labels,omitempty"`
}
