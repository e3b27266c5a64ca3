package input

import (
	"github.com/moby/moby/api/types/checkpoint"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/plugin"
	"github.com/moby/moby/api/types/swarm"
	"github.com/moby/moby/api/types/volume"
)

// The body type of each route, as the daemon's handlers decode it. Where the
// current API has dropped what an older engine reads, legacy.go adds it.
var (
	checkpointBody   decoder = bodyOf[checkpoint.CreateRequest]
	createBody       decoder = bodyOf[createRequest]
	copyBody         decoder = bodyOf[copyRequest]
	execBody         decoder = bodyOf[container.ExecCreateRequest]
	execStartBody    decoder = bodyOf[container.ExecStartRequest]
	updateBody       decoder = bodyOf[container.UpdateConfig]
	commitBody       decoder = bodyOf[container.Config]
	volumeBody       decoder = bodyOf[volume.CreateRequest]
	volumeUpdateBody decoder = bodyOf[volumeUpdateRequest]
	networkBody      decoder = bodyOf[network.CreateRequest]
	connectBody      decoder = bodyOf[network.ConnectRequest]
	disconnectBody   decoder = bodyOf[network.DisconnectRequest]
	privilegesBody   decoder = bodyOf[plugin.Privileges]
	settingsBody     decoder = bodyOf[[]string]
	swarmInitBody    decoder = bodyOf[swarm.InitRequest]
	swarmJoinBody    decoder = bodyOf[swarm.JoinRequest]
	swarmUpdateBody  decoder = bodyOf[swarm.Spec]
	swarmUnlockBody  decoder = bodyOf[swarm.UnlockRequest]
	serviceBody      decoder = bodyOf[serviceSpec]
	nodeBody         decoder = bodyOf[swarm.NodeSpec]
	secretBody       decoder = bodyOf[swarm.SecretSpec]
	configBody       decoder = bodyOf[swarm.ConfigSpec]
)

// copyRequest is the body of ContainerCopy, which engines up to 25 have (moby
// v20.10.24 api/types/configs.go, CopyConfig).
type copyRequest struct{ Resource string }

// volumeUpdateRequest is the body of VolumeUpdate (moby
// daemon/server/volumebackend/volume.go, UpdateOptions).
type volumeUpdateRequest struct{ Spec *volume.ClusterVolumeSpec }
