package v1beta2

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Kafka is a Kafka cluster with all that runs beside it: ZooKeeper, the Entity Operator,
// Cruise Control and the exporters.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=k,categories=strimzi
type Kafka struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Spec is the cluster that is asked for.
	// +optional
	Spec *KafkaSpec `json:"spec,omitempty"`
	// Status is what the Cluster Operator last saw.
	// +optional
	Status *KafkaStatus `json:"status,omitempty"`
}

// KafkaSpec has one section for each thing that the Cluster Operator deploys. An optional
// section that is absent deploys nothing; one that is there and empty deploys it with
// the defaults.
type KafkaSpec struct {
	// Kafka is the brokers.
	Kafka KafkaClusterSpec `json:"kafka"`
	// Zookeeper is the ensemble that the brokers keep their metadata in.
	Zookeeper ZookeeperClusterSpec `json:"zookeeper"`
	// EntityOperator runs the Topic Operator and the User Operator.
	// +optional
	EntityOperator *EntityOperatorSpec `json:"entityOperator,omitempty"`
	// ClusterCA signs the certificates of brokers, ZooKeeper and operators.
	// +optional
	ClusterCA *CertificateAuthority `json:"clusterCa,omitempty"`
	// ClientsCA signs the certificates of the KafkaUsers of type tls.
	// +optional
	ClientsCA *CertificateAuthority `json:"clientsCa,omitempty"`
	// CruiseControl balances partitions over the brokers, see KafkaRebalance. Since
	// Strimzi 0.18.
	// +optional
	CruiseControl *CruiseControlSpec `json:"cruiseControl,omitempty"`
	// JmxTrans pushes JMX values of the brokers to a remote store; it needs JMXOptions on
	// the brokers.
	// +optional
	JmxTrans *JmxTransSpec `json:"jmxTrans,omitempty"`
	// KafkaExporter serves consumer lag and topic offsets to Prometheus.
	// +optional
	KafkaExporter *KafkaExporterSpec `json:"kafkaExporter,omitempty"`
	// MaintenanceTimeWindows are Quartz cron expressions in UTC. Only within them are pods
	// restarted for renewed certificates; without any, at once.
	// +optional
	MaintenanceTimeWindows []string `json:"maintenanceTimeWindows,omitempty"`
}

// KafkaList is what an API server answers to a request for Kafka clusters.
//
// +kubebuilder:object:root=true
type KafkaList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	// Items are the clusters.
	Items []Kafka `json:"items"`
}
