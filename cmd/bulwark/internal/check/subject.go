package check

import (
	"cmp"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// subject says what a request is for.
func (s *session) subject(doc input.Document) string {
	verb := words[doc.Operation]
	switch {
	case verb == "":
		return cmp.Or(doc.Operation, doc.Method+" "+doc.Path)
	case doc.Operation == "ImageCreate" && len(doc.Query["fromSrc"]) > 0:
		verb = "import image"
	}
	var name string
	switch {
	case doc.Object != "":
		name = s.name(doc)
	case doc.Service != nil:
		name = doc.Service.Name
	case doc.Container != nil:
		name = cmp.Or(doc.Container.Name.Value, "from "+doc.Container.Image.Value)
	case doc.Network != nil:
		name = doc.Network.Name
	case len(doc.Volumes) > 0:
		name = doc.Volumes[0].Name
	case len(doc.Images) > 0:
		name = doc.Images[0].Value
	}
	return strings.TrimSpace(verb + " " + short(name))
}

// name is what a person calls the object of a request.
func (s *session) name(doc input.Document) string {
	if doc.Object == "" {
		return ""
	}
	return cmp.Or(s.called(doc.Object), doc.Object)
}

// short cuts an id as docker ps does.
func short(name string) string {
	if isID(name) {
		return name[:12]
	}
	return name
}

func isID(name string) bool {
	return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}

// words are what people call an operation.
var words = map[string]string{
	"BuildCancel":              "cancel build",
	"BuildPrune":               "remove unused build cache",
	"CheckpointCreate":         "create checkpoint of container",
	"CheckpointDelete":         "remove checkpoint of container",
	"CheckpointList":           "list checkpoints of container",
	"ConfigCreate":             "create config",
	"ConfigDelete":             "remove config",
	"ConfigInspect":            "look at config",
	"ConfigList":               "list configs",
	"ConfigUpdate":             "update config",
	"ContainerArchive":         "copy out of container",
	"ContainerArchiveInfo":     "look at files of container",
	"ContainerAttach":          "attach to container",
	"ContainerAttachWebsocket": "attach to container",
	"ContainerChanges":         "list changed files of container",
	"ContainerCopy":            "copy out of container",
	"ContainerCreate":          "create container",
	"ContainerDelete":          "remove container",
	"ContainerExec":            "execute in container",
	"ContainerExport":          "export container",
	"ContainerInspect":         "look at container",
	"ContainerKill":            "kill container",
	"ContainerList":            "list containers",
	"ContainerLogs":            "read logs of container",
	"ContainerPause":           "pause container",
	"ContainerPrune":           "remove stopped containers",
	"ContainerRename":          "rename container",
	"ContainerResize":          "resize terminal of container",
	"ContainerRestart":         "restart container",
	"ContainerStart":           "start container",
	"ContainerStats":           "read usage of container",
	"ContainerStop":            "stop container",
	"ContainerTop":             "list processes of container",
	"ContainerUnpause":         "unpause container",
	"ContainerUpdate":          "update container",
	"ContainerWait":            "wait for container",
	"DistributionInspect":      "ask the registry about image",
	"DebugPprof":               "read debug data of the engine",
	"DebugVars":                "read debug data of the engine",
	"ExecInspect":              "look at process in container",
	"ExecResize":               "resize terminal in container",
	"ExecStart":                "start process in container",
	"GRPC":                     "talk to BuildKit",
	"GetPluginPrivileges":      "ask what privileges a plugin wants",
	"ImageAttestations":        "look at attestations of image",
	"ImageBuild":               "build image",
	"ImageCommit":              "commit image",
	"ImageCreate":              "pull image",
	"ImageDelete":              "remove image",
	"ImageGet":                 "save image",
	"ImageGetAll":              "save images",
	"ImageHistory":             "look at history of image",
	"ImageInspect":             "look at image",
	"ImageList":                "list images",
	"ImageLoad":                "load images",
	"ImagePrune":               "remove unused images",
	"ImagePush":                "push image",
	"ImageSearch":              "search for images",
	"ImageTag":                 "tag image",
	"NetworkConnect":           "connect to network",
	"NetworkCreate":            "create network",
	"NetworkDelete":            "remove network",
	"NetworkDisconnect":        "disconnect from network",
	"NetworkInspect":           "look at network",
	"NetworkList":              "list networks",
	"NetworkPrune":             "remove unused networks",
	"NodeDelete":               "remove node",
	"NodeInspect":              "look at node",
	"NodeList":                 "list nodes",
	"NodeUpdate":               "update node",
	"PluginCreate":             "create plugin",
	"PluginDelete":             "remove plugin",
	"PluginDisable":            "disable plugin",
	"PluginEnable":             "enable plugin",
	"PluginInspect":            "look at plugin",
	"PluginList":               "list plugins",
	"PluginPull":               "install plugin",
	"PluginPush":               "push plugin",
	"PluginSet":                "change settings of plugin",
	"PluginUpgrade":            "upgrade plugin",
	"PutContainerArchive":      "copy into container",
	"SecretCreate":             "create secret",
	"SecretDelete":             "remove secret",
	"SecretInspect":            "look at secret",
	"SecretList":               "list secrets",
	"SecretUpdate":             "update secret",
	"ServiceCreate":            "create service",
	"ServiceDelete":            "remove service",
	"ServiceInspect":           "look at service",
	"ServiceList":              "list services",
	"ServiceLogs":              "read logs of service",
	"ServiceUpdate":            "update service",
	"Session":                  "open a build session",
	"SwarmInit":                "start a swarm",
	"SwarmInspect":             "look at the swarm",
	"SwarmJoin":                "join a swarm",
	"SwarmLeave":               "leave the swarm",
	"SwarmUnlock":              "unlock the swarm",
	"SwarmUnlockkey":           "read the swarm's key",
	"SwarmUpdate":              "update the swarm",
	"SystemAuth":               "log in to registry",
	"SystemDataUsage":          "read disk usage",
	"SystemEvents":             "follow events",
	"SystemInfo":               "ask about the engine",
	"SystemOptions":            "ask what a path allows",
	"SystemPing":               "ask whether the engine is there",
	"SystemPingHead":           "ask whether the engine is there",
	"SystemVersion":            "ask for the engine's version",
	"TaskInspect":              "look at task",
	"TaskList":                 "list tasks",
	"TaskLogs":                 "read logs of task",
	"VolumeCreate":             "create volume",
	"VolumeDelete":             "remove volume",
	"VolumeInspect":            "look at volume",
	"VolumeList":               "list volumes",
	"VolumePrune":              "remove unused volumes",
	"VolumeUpdate":             "update volume",
}
