package v1beta2

import corev1 "k8s.io/api/core/v1"

// Build makes an image of the workers with connectors in it.
type Build struct {
	// Output is where the image goes.
	Output BuildOutput `json:"output"`
	// Resources are what the build asks for and is held to.
	// +optional
	Resources *corev1.ResourceRequirements `json:"resources,omitempty"`
	// Plugins are the connectors to put in.
	Plugins []BuildPlugin `json:"plugins"`
}

// BuildOutput is where an image goes.
type BuildOutput struct {
	// Type is docker for a registry, imagestream for an ImageStreamTag of OpenShift.
	// +kubebuilder:validation:Enum=docker;imagestream
	Type string `json:"type"`
	// Image is the name of the image, or of the ImageStreamTag.
	Image string `json:"image"`
	// PushSecret names the Secret with the registry's credentials.
	// +optional
	PushSecret string `json:"pushSecret,omitempty"`
	// AdditionalKanikoOptions are passed on to Kaniko, from a list that the operator allows;
	// without effect on OpenShift.
	// +optional
	AdditionalKanikoOptions []string `json:"additionalKanikoOptions,omitempty"`
}

// BuildPlugin is one connector, with the files that it needs.
type BuildPlugin struct {
	// Name is the connector's folder in the image, unique in its resource.
	// +kubebuilder:validation:Pattern=`^[a-z0-9][-_a-z0-9]*[a-z0-9]$`
	Name string `json:"name"`
	// Artifacts are its files.
	Artifacts []BuildArtifact `json:"artifacts"`
}

// BuildArtifact is a file to download.
type BuildArtifact struct {
	// Type says what becomes of the file: jar is kept, tgz and zip are unpacked; other, since
	// Strimzi 0.24, is kept under FileName.
	// +kubebuilder:validation:Enum=jar;tgz;zip;other
	Type string `json:"type"`
	// URL is where it is downloaded from.
	// +kubebuilder:validation:Pattern=`^(https?|ftp)://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]`
	URL string `json:"url"`
	// SHA512Sum is its digest in hexadecimal; not checked where absent.
	// +optional
	SHA512Sum string `json:"sha512sum,omitempty"`
	// FileName is its name in the image, of type other. Since Strimzi 0.24.
	// +optional
	FileName string `json:"fileName,omitempty"`
}
