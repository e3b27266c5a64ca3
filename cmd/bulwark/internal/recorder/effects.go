package recorder

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// answer is what a client is told. Once it is told, then goes on with the
// connection, if there is more to say.
type answer struct {
	status int
	body   any // JSON; nil for none
	// stream is how an answer goes on: not at all, until the container ends,
	// or with a connection of its own.
	stream stream
}

type stream int

const (
	complete stream = iota
	untilEnd        // the body is sent when the container has ended
	attached        // a raw connection until the container has ended
	executed        // a raw connection that ends at once, if one is asked for
)

func message(text string) object { return object{"message": text} }

// notDone answers what the recorder cannot pretend.
var notDone = answer{status: http.StatusNotImplemented, body: message("bulwark check has judged this request, and does not carry it out")}

// effects are operations that change what the recorder shows.
var effects = map[string]func(w *world, doc input.Document, body object) answer{
	"ContainerCreate":  createContainer,
	"ContainerStart":   startContainer,
	"ContainerRestart": startContainer,
	"ContainerStop":    stopContainer,
	"ContainerKill":    stopContainer,
	"ContainerRename":  renameContainer,
	"ContainerExec":    createExec,
	"ContainerDelete":  removeObject,
	"NetworkCreate":    createNetwork,
	"NetworkDelete":    removeObject,
	"VolumeCreate":     createVolume,
	"VolumeDelete":     removeObject,
	"ImageCreate":      addImage,
	"ImageBuild":       buildImage,
	"ImageTag":         addImage,
	"ImageCommit":      commitImage,
	"ServiceCreate":    createSpec,
	"ServiceDelete":    removeObject,
	"SecretCreate":     createSpec,
	"SecretDelete":     removeObject,
	"ConfigCreate":     createSpec,
	"ConfigDelete":     removeObject,
}

// effect remembers what a request asks for and returns the answer to it.
func (r *Recorder) effect(doc input.Document, body []byte) answer {
	if done, ok := plain[doc.Operation]; ok {
		return done
	}
	do, ok := effects[doc.Operation]
	if !ok {
		return notDone
	}
	decoded := object{}
	if len(body) > 0 && json.Unmarshal(body, &decoded) != nil {
		return answer{status: http.StatusBadRequest, body: message("the body is no JSON object")}
	}
	return do(r.world, doc, decoded)
}

func createContainer(w *world, doc input.Document, body object) answer {
	if doc.Container == nil {
		return answer{status: http.StatusBadRequest, body: message("the body is no container")}
	}
	c := newContainer(doc, body)
	w.add(c)
	return answer{status: http.StatusCreated, body: object{"Id": c.id, "Warnings": []any{}}}
}

func startContainer(w *world, doc input.Document, _ object) answer {
	w.start(doc.Object)
	return answer{status: http.StatusNoContent}
}

func stopContainer(w *world, doc input.Document, _ object) answer {
	w.stop(doc.Object)
	return answer{status: http.StatusNoContent}
}

func renameContainer(w *world, doc input.Document, _ object) answer {
	w.change(doc.Object, func(c *container) { c.name = strings.TrimPrefix(parameter(doc, "name"), "/") })
	return answer{status: http.StatusNoContent}
}

func removeObject(w *world, doc input.Document, _ object) answer {
	w.remove(kindOf(doc), doc.Object)
	return answer{status: http.StatusNoContent}
}

func createExec(w *world, doc input.Document, _ object) answer {
	id := newID()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.execs[id] = doc.Object
	return answer{status: http.StatusCreated, body: object{"Id": id}}
}

func createNetwork(w *world, _ input.Document, body object) answer {
	id := newID()
	body["Id"], body["Created"], body["Containers"] = id, "1970-01-01T00:00:00Z", object{}
	if body["Driver"] == nil || body["Driver"] == "" {
		body["Driver"] = "bridge"
	}
	w.made("networks", body)
	return answer{status: http.StatusCreated, body: object{"Id": id, "Warning": ""}}
}

func createVolume(w *world, _ input.Document, body object) answer {
	volume := object{"Name": body["Name"], "Driver": "local", "Options": body["DriverOpts"], "Labels": body["Labels"],
		"Mountpoint": "", "Scope": "local", "CreatedAt": "1970-01-01T00:00:00Z"}
	if name, _ := body["Name"].(string); name == "" {
		volume["Name"] = newID()
	}
	if driver, _ := body["Driver"].(string); driver != "" {
		volume["Driver"] = driver
	}
	w.made("volumes", volume)
	return answer{status: http.StatusCreated, body: volume}
}

// createSpec makes a service, secret or config known. The tasks of a service
// have all come up at once: a client waits for that.
func createSpec(w *world, doc input.Document, body object) answer {
	id := newID()[:25]
	if doc.Operation == "ServiceCreate" {
		body = withReplicas(body)
	}
	w.made(kindOf(doc), object{"ID": id, "Id": id, "Name": body["Name"], "Labels": body["Labels"], "Version": object{"Index": 1},
		"Spec": body, "UpdateStatus": object{"State": "completed"}})
	return answer{status: http.StatusCreated, body: object{"ID": id}}
}

// withReplicas states how many tasks a service has, as the engine does.
func withReplicas(spec object) object {
	mode := member(spec, "Mode")
	if _, stated := member(mode, "Replicated")["Replicas"]; stated || len(mode) > 0 && mode["Replicated"] == nil {
		return spec
	}
	spec = maps.Clone(spec)
	spec["Mode"] = object{"Replicated": object{"Replicas": 1}}
	return spec
}

// addImage makes every image known that the request would write.
func addImage(w *world, doc input.Document, _ object) answer {
	for _, image := range doc.Images {
		if image.Use != "tag_source" && image.Use != "cache" && image.Value != "" {
			w.pull(image.Value)
		}
	}
	status := http.StatusOK
	if doc.Operation == "ImageTag" {
		status = http.StatusCreated
	}
	return answer{status: status, body: object{"status": "not carried out"}}
}

// buildImage says which image it was in both of the ways that clients look for.
func buildImage(w *world, doc input.Document, _ object) answer {
	addImage(w, doc, nil)
	id := imageID(parameter(doc, "t"))
	return answer{status: http.StatusOK, body: object{"aux": object{"ID": id}, "stream": "Successfully built " + id[len("sha256:"):][:12] + "\n"}}
}

func commitImage(w *world, doc input.Document, _ object) answer {
	addImage(w, doc, nil)
	return answer{status: http.StatusCreated, body: object{"Id": imageID(parameter(doc, "repo"))}}
}

func parameter(doc input.Document, name string) string {
	if values := doc.Query[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// adopt makes a container of the engine's own known to the recorder before a
// client changes it.
func (r *Recorder) adopt(ctx context.Context, doc input.Document) {
	if !strings.HasPrefix(doc.Operation, "Container") || doc.Object == "" || r.world.inspect(doc.Object) != nil || r.world.isGone(kindOf(doc), doc.Object) {
		return
	}
	var inspected object
	if r.get(ctx, "/containers/"+url.PathEscape(doc.Object)+"/json", &inspected) == http.StatusOK {
		r.world.hold(inspected)
	}
}
