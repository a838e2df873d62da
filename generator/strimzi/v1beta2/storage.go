package v1beta2

// StorageType is the kind of storage of a broker.
//
// +kubebuilder:validation:Enum=ephemeral;persistent-claim;jbod
type StorageType string

// The storage types; a volume of jbod, and ZooKeeper, can have the first two.
const (
	// StorageEphemeral is an emptyDir, lost with its pod.
	StorageEphemeral StorageType = "ephemeral"
	// StoragePersistentClaim is a PersistentVolumeClaim.
	StoragePersistentClaim StorageType = "persistent-claim"
	// StorageJBOD is several volumes for each broker.
	StorageJBOD StorageType = "jbod"
)

// VolumeType is the kind of a single volume.
//
// +kubebuilder:validation:Enum=ephemeral;persistent-claim
type VolumeType string

// The volume types.
const (
	// VolumeEphemeral is an emptyDir, lost with its pod.
	VolumeEphemeral VolumeType = "ephemeral"
	// VolumePersistentClaim is a PersistentVolumeClaim.
	VolumePersistentClaim VolumeType = "persistent-claim"
)

// KafkaStorage is the storage of each broker: one disk, or several by jbod.
type KafkaStorage struct {
	// Type is the kind of storage.
	Type StorageType `json:"type"`
	// Disk is the only disk of ephemeral and persistent-claim.
	Disk `json:",inline"`
	// Volumes are the disks of jbod.
	// +optional
	Volumes []Volume `json:"volumes,omitempty"`
}

// Volume is one disk: of jbod, or the whole storage of a ZooKeeper node.
type Volume struct {
	// Type is the kind of volume.
	Type VolumeType `json:"type"`
	// Disk is the rest of it.
	Disk `json:",inline"`
}

// Disk is the size and origin of one disk.
type Disk struct {
	// ID tells the disks of jbod apart, and is needed there. It goes into the names of
	// claims and log directories, and so must never change.
	// +kubebuilder:validation:Minimum=0
	// +optional
	ID *int32 `json:"id,omitempty"`
	// Size that is asked for, such as 100Gi; persistent-claim needs it.
	// +optional
	Size string `json:"size,omitempty"`
	// SizeLimit bounds an ephemeral disk, such as 1Gi. Absent, the node bounds it.
	// +kubebuilder:validation:Pattern=`^([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$`
	// +optional
	SizeLimit string `json:"sizeLimit,omitempty"`
	// Class is the StorageClass. Absent, the default class of the cluster; empty, no
	// provisioning, so that a volume must already be there.
	// +optional
	Class *string `json:"class,omitempty"`
	// DeleteClaim removes the claim with the cluster, and the data with it. Default false.
	// +optional
	DeleteClaim *bool `json:"deleteClaim,omitempty"`
	// Selector is the labels, each a scalar, of the volumes to choose from.
	// +optional
	Selector Configuration `json:"selector,omitempty"`
	// Overrides give single brokers or ZooKeeper nodes another class.
	// +optional
	Overrides []StorageOverride `json:"overrides,omitempty"`
}

// StorageOverride gives one broker or ZooKeeper node another StorageClass.
type StorageOverride struct {
	// Class is the StorageClass of this node's claim.
	// +optional
	Class *string `json:"class,omitempty"`
	// Broker is the id of the node, from 0.
	// +optional
	Broker *int32 `json:"broker,omitempty"`
}
