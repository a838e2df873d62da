package v1beta2

// JVMOptions are options of a Java virtual machine.
type JVMOptions struct {
	// XX are the options that start with -XX, without that prefix: a boolean becomes + or -,
	// anything else key=value. Each is a scalar.
	// +optional
	XX Configuration `json:"-XX,omitempty"`
	// Xms is the heap to start with: a number of bytes, or of mebibytes or gibibytes with the
	// unit m or g.
	// +kubebuilder:validation:Pattern=`[0-9]+[mMgG]?`
	// +optional
	Xms string `json:"-Xms,omitempty"`
	// Xmx is the largest heap, in the units of Xms. Absent, a share of the memory that the
	// container requests.
	// +kubebuilder:validation:Pattern=`[0-9]+[mMgG]?`
	// +optional
	Xmx string `json:"-Xmx,omitempty"`
	// GCLoggingEnabled writes the garbage collector's log. Default false.
	// +optional
	GCLoggingEnabled *bool `json:"gcLoggingEnabled,omitempty"`
	// JavaSystemProperties are passed by -D.
	// +optional
	JavaSystemProperties []SystemProperty `json:"javaSystemProperties,omitempty"`
}

// SystemProperty is one property of a Java virtual machine.
type SystemProperty struct {
	// Name of the property.
	// +optional
	Name string `json:"name,omitempty"`
	// Value of the property.
	// +optional
	Value string `json:"value,omitempty"`
}

// KafkaJMXOptions open the JMX port, 9999, to clients within the Kubernetes cluster.
type KafkaJMXOptions struct {
	// Authentication of the clients. Absent, anyone connects.
	// +optional
	Authentication *KafkaJMXAuthentication `json:"authentication,omitempty"`
}

// JMXAuthenticationType is the way a JMX client proves who it is.
//
// +kubebuilder:validation:Enum=password
type JMXAuthenticationType string

// JMXPassword asks for the user and password of a Secret that the operator makes; the
// connection is not encrypted.
const JMXPassword JMXAuthenticationType = "password"

// KafkaJMXAuthentication says how JMX clients prove who they are.
type KafkaJMXAuthentication struct {
	// Type is the way to prove it.
	Type JMXAuthenticationType `json:"type"`
}
