package input

import (
	"reflect"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/registry"
	"github.com/moby/moby/api/types/swarm"
)

// createRequest is the body of ContainerCreate. Engines up to 26 read the
// fields of HostConfig at the top level as well (moby v20.10.24
// runconfig/config_unix.go); misplaced reports those.
type createRequest struct {
	container.CreateRequest
}

// serviceSpec is swarm.ServiceSpec with the networks that API versions below
// 1.44 read from it (moby daemon/server/router/swarm/helpers.go).
type serviceSpec struct {
	swarm.ServiceSpec
	Networks []swarm.NetworkAttachmentConfig
}

// ignoredFields are keys that clients send and that give a container nothing:
// engines no longer read them, never did, or read them as a plain limit.
var ignoredFields = foldedNames(map[reflect.Type][]string{
	// Cpuset and MacAddress are of API < 1.44; Portainer sends the name, and
	// dockerode the platform, which the daemon reads from the query.
	reflect.TypeFor[createRequest](): {"name", "platform", "Cpuset", "MacAddress"},
	reflect.TypeFor[container.Config](): {"MacAddress", "container", "containerId", "repo", "repository",
		"tag", "comment", "message", "author", "pause", "changes"},
	// Limits of engines up to 28 (moby v28.5.2 api/types/container).
	reflect.TypeFor[container.HostConfig]():   {"KernelMemory", "KernelMemoryTCP"},
	reflect.TypeFor[container.UpdateConfig](): {"KernelMemory", "KernelMemoryTCP"},
	// docker-py and docker-java repeat the path's id; Detach is of 20.10.
	reflect.TypeFor[container.ExecCreateRequest](): {"Container", "containerId", "id", "Detach"},
	// dockerode and Docker.DotNet send what they themselves do with streams.
	reflect.TypeFor[container.ExecStartRequest](): {"hijack", "stdin", "stdout", "stderr", "AttachStdin", "AttachStdout", "AttachStderr", "OutputCapacity"},
	reflect.TypeFor[serviceSpec]():                {"version", "registryAuthFrom"},
	reflect.TypeFor[network.CreateRequest]():      {"CheckDuplicate"},
	reflect.TypeFor[registry.AuthConfig]():        {"email"},
})

// stringLists are the lists that engines up to 28 also take as one string
// (moby v28.5.2 api/types/strslice).
var stringLists = foldedNames(map[reflect.Type][]string{
	reflect.TypeFor[createRequest]():        {"Cmd", "Entrypoint", "Shell"},
	reflect.TypeFor[container.Config]():     {"Cmd", "Entrypoint", "Shell"},
	reflect.TypeFor[container.HostConfig](): {"CapAdd", "CapDrop"},
})

// emptyMatters are the lists of HostConfig where empty is not the same as
// absent.
var emptyMatters = map[string]bool{fold("MaskedPaths"): true, fold("ReadonlyPaths"): true}

func foldedNames(names map[reflect.Type][]string) map[reflect.Type]map[string]bool {
	folded := map[reflect.Type]map[string]bool{}
	for t, list := range names {
		folded[t] = map[string]bool{}
		for _, name := range list {
			folded[t][fold(name)] = true
		}
	}
	return folded
}

func ignoredField(t reflect.Type, key string) bool { return ignoredFields[t][fold(key)] }

func stringIsList(t reflect.Type, name string) bool { return stringLists[t][fold(name)] }

// misplaced returns the name of the HostConfig field that a key at the top
// level of a create request would set on an older engine.
func misplaced(t reflect.Type, key string, raw []byte) (string, bool) {
	if t != reflect.TypeFor[createRequest]() {
		return "", false
	}
	f, ok := shapeOf(reflect.TypeFor[container.HostConfig]()).fields.byFold[fold(key)]
	if !ok || saysNothing(raw) && !(raw[0] == '[' && emptyMatters[fold(key)]) {
		return "", false
	}
	return f.name, true
}
