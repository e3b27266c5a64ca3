package input

import (
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// Facts are what the request does not say and Bulwark looked up, by the name
// in the request. What a rule finds no entry for was not looked up.
type Facts struct {
	Images     map[string]ImageFact     `json:"images"`
	Containers map[string]ContainerFact `json:"containers"`
	Volumes    map[string]VolumeFact    `json:"volumes"`
	Networks   map[string]NetworkFact   `json:"networks"`
	Paths      map[string]PathFact      `json:"paths"`
}

// ImageFact is an image of the engine.
type ImageFact struct {
	// Known is true when the engine told, and when it told that there is no
	// such image: Missing. Reason is why it is not known.
	Known   bool   `json:"known"`
	Missing bool   `json:"missing"`
	Reason  string `json:"reason"`
	ID      string `json:"id"`
	// User is who runs when a request names nobody.
	User UserSpec `json:"user"`
	// Names are the repositories it was pulled from, Tags those it is tagged
	// with here, registry and path without a tag. A digest is written by a
	// pull alone, a tag by anybody.
	Names []string `json:"names"`
	Tags  []string `json:"tags"`
}

// ContainerFact is a container of the engine.
type ContainerFact struct {
	Known      bool     `json:"known"`
	Missing    bool     `json:"missing"`
	Reason     string   `json:"reason"`
	ID         string   `json:"id"`
	User       UserSpec `json:"user"`
	Privileged bool     `json:"privileged"`
}

// VolumeFact is a volume of the engine; its options are in Document.Volumes.
type VolumeFact struct {
	Known   bool   `json:"known"`
	Missing bool   `json:"missing"`
	Reason  string `json:"reason"`
	Driver  string `json:"driver"`
}

// NetworkFact is a network of the engine.
type NetworkFact struct {
	Known   bool   `json:"known"`
	Missing bool   `json:"missing"`
	Reason  string `json:"reason"`
	Name    string `json:"name"`
	Driver  string `json:"driver"`
}

// PathFact is a host path with every symbolic link followed as the host would.
type PathFact struct {
	Known    bool   `json:"known"`
	Reason   string `json:"reason"`
	Resolved string `json:"resolved"`
}

func newFacts() Facts {
	return Facts{
		Images: map[string]ImageFact{}, Containers: map[string]ContainerFact{}, Volumes: map[string]VolumeFact{},
		Networks: map[string]NetworkFact{}, Paths: map[string]PathFact{},
	}
}

// Restate fills the document with the configuration that the engine holds of a
// container, so that starting it is judged as creating it would be.
func (d *Document) Restate(config *container.Config, host *container.HostConfig, networks map[string]*network.EndpointSettings) {
	d.setContainer(config, host, &network.NetworkingConfig{EndpointsConfig: networks})
}

// AddVolume adds a volume that the engine holds under the name of a mount.
func (d *Document) AddVolume(name, driver string, opts, labels map[string]string, field string) {
	d.Volumes = append(d.Volumes, newVolume(Volume{Name: name, Driver: driver, Labels: labels, Field: field,
		Options: options(opts, field)}))
}

// ParseUser reads the user that an image or a container has.
func ParseUser(value, field string) UserSpec { return parseUser(value, field) }

// ParseImageName returns the registry and path of a reference, "" when it is
// none.
func ParseImageName(reference string) string { return parseImage("", reference, "").Name }
