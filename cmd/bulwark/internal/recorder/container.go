package recorder

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// object is JSON as the engine's API has it.
type object = map[string]any

// The states of a container that the recorder knows.
const (
	created = "created"
	running = "running"
	exited  = "exited"
)

// container is one that a client made, or wants something from.
type container struct {
	id, name string
	// inspected is what docker inspect shows of it, but for name and state.
	inspected object
	status    string
	// refused is that no engine would have made it, with this policy.
	refused bool
	// attached and awaited are that a client has a connection to it, and waits
	// for its end. With both, as for docker run, it ends as soon as it is
	// started; docker run -d only waits, and docker compose up only attaches.
	attached, awaited bool
}

// unnamed begins the names that the recorder makes up.
const unnamed = "recorded_"

// newContainer is what a create request would make.
func newContainer(doc input.Document, body object) *container {
	id := newID()
	config := maps.Clone(body)
	delete(config, "HostConfig")
	delete(config, "NetworkingConfig")
	c := doc.Container
	if user := doc.Facts.Images[c.Image.Value].User.Value; c.User.Value == "" && user != "" {
		config["User"] = user // as the engine does
	}
	host := member(body, "HostConfig")
	networks := maps.Clone(member(member(body, "NetworkingConfig"), "EndpointsConfig"))
	if mode, _ := host["NetworkMode"].(string); len(networks) == 0 && mode != "" && !strings.Contains(mode, ":") {
		networks = object{mode: object{}}
	}
	name := c.Name.Value
	if name == "" {
		name = unnamed + id[:12]
	}
	return &container{id: id, name: strings.TrimPrefix(name, "/"), status: created, inspected: object{
		"Id": id, "Created": time.Now().UTC().Format(time.RFC3339Nano), "Path": "", "Args": []string{},
		"Image": imageID(c.Image.Value), "Config": config, "HostConfig": host, "Mounts": mounts(doc),
		"Driver": "overlay2", "Platform": "linux", "RestartCount": 0,
		"NetworkSettings": object{"Networks": networks, "Ports": object{}},
	}}
}

// mounts are a container's mounts as docker inspect shows them.
func mounts(doc input.Document) []any {
	list := []any{}
	for _, m := range doc.Container.Mounts {
		mount := object{"Type": m.Type, "Source": m.Source, "Destination": m.Target, "RW": !m.ReadOnly, "Propagation": m.Propagation, "Mode": ""}
		if m.Type == "volume" {
			mount["Name"], mount["Driver"] = m.Source, "local"
		}
		list = append(list, mount)
	}
	return list
}

func (c *container) labels() map[string]string {
	labels := map[string]string{}
	for name, value := range member(member(c.inspected, "Config"), "Labels") {
		labels[name], _ = value.(string)
	}
	return labels
}

func (c *container) image() string {
	image, _ := member(c.inspected, "Config")["Image"].(string)
	return image
}

// called is what a person would call it.
func (c *container) called() string {
	if strings.HasPrefix(c.name, unnamed) {
		return "from " + c.image()
	}
	return c.name
}

// inspect is what docker inspect shows.
func (c *container) inspect() object {
	shown := maps.Clone(c.inspected)
	now := time.Now().UTC().Format(time.RFC3339Nano)
	state := object{"Status": c.status, "Running": c.status == running, "Paused": false, "Restarting": false, "OOMKilled": false,
		"Dead": false, "Pid": 0, "ExitCode": 0, "Error": "", "StartedAt": now, "FinishedAt": now}
	if member(c.inspected, "Config")["Healthcheck"] != nil {
		state["Health"] = object{"Status": "healthy", "FailingStreak": 0, "Log": []any{}}
	}
	shown["Id"], shown["Name"], shown["State"] = c.id, "/"+c.name, state
	return shown
}

// summary is what docker ps shows.
func (c *container) summary() object {
	return object{"Id": c.id, "Names": []string{"/" + c.name}, "Image": c.image(), "ImageID": c.inspected["Image"], "Command": "",
		"Created": time.Now().Unix(), "Ports": []any{}, "Labels": c.labels(), "State": c.status, "Status": c.status,
		"HostConfig": object{"NetworkMode": "default"}, "Mounts": c.inspected["Mounts"],
		"NetworkSettings": object{"Networks": member(member(c.inspected, "NetworkSettings"), "Networks")}}
}

// event is what docker events shows of a change of the container.
func (c *container) event(action string) object {
	now := time.Now()
	attributes := c.labels()
	attributes["name"], attributes["image"] = c.name, c.image()
	if action == "die" {
		attributes["exitCode"] = strconv.Itoa(0)
	}
	return object{"Type": "container", "Action": action, "status": action, "id": c.id, "from": c.image(), "scope": "local",
		"time": now.Unix(), "timeNano": now.UnixNano(), "Actor": object{"ID": c.id, "Attributes": attributes}}
}

// member is an object in an object, never nil.
func member(o object, name string) object {
	if m, ok := o[name].(object); ok && m != nil {
		return m
	}
	return object{}
}
