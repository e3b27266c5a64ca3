package recorder

import (
	"context"
	"encoding/json"
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

// plain are operations that change nothing the recorder shows.
var plain = map[string]answer{
	"ContainerAttach":     {status: http.StatusOK, stream: attached},
	"ContainerPause":      {status: http.StatusNoContent},
	"ContainerPrune":      {status: http.StatusOK, body: object{"ContainersDeleted": []any{}, "SpaceReclaimed": 0}},
	"ContainerResize":     {status: http.StatusOK},
	"ContainerUnpause":    {status: http.StatusNoContent},
	"ContainerUpdate":     {status: http.StatusOK, body: object{"Warnings": []any{}}},
	"ContainerWait":       {status: http.StatusOK, body: object{"StatusCode": 0}, stream: untilEnd},
	"PutContainerArchive": {status: http.StatusOK},
	"ExecResize":          {status: http.StatusOK},
	"ExecStart":           {status: http.StatusOK, stream: executed},
	"GRPC":                {status: http.StatusNotImplemented, body: notDone.body, stream: executed},
	"ImageDelete":         {status: http.StatusOK, body: []any{}},
	"ImageLoad":           {status: http.StatusOK, body: object{"stream": "not carried out\n"}},
	"ImagePrune":          {status: http.StatusOK, body: object{"ImagesDeleted": []any{}, "SpaceReclaimed": 0}},
	"ImagePush":           {status: http.StatusOK, body: object{"status": "not carried out"}},
	"NetworkConnect":      {status: http.StatusOK},
	"NetworkDisconnect":   {status: http.StatusOK},
	"NetworkPrune":        {status: http.StatusOK, body: object{"NetworksDeleted": []any{}}},
	"VolumePrune":         {status: http.StatusOK, body: object{"VolumesDeleted": []any{}, "SpaceReclaimed": 0}},
	"VolumeUpdate":        {status: http.StatusOK},
	"ServiceCreate":       {status: http.StatusCreated, body: object{"ID": "recordedservice"}},
	"ServiceUpdate":       {status: http.StatusOK, body: object{"Warnings": []any{}}},
	"ServiceDelete":       {status: http.StatusOK},
	"SecretCreate":        {status: http.StatusCreated, body: object{"ID": "recordedsecret"}},
	"ConfigCreate":        {status: http.StatusCreated, body: object{"ID": "recordedconfig"}},
}

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
	"ImageBuild":       addImage,
	"ImageTag":         addImage,
	"ImageCommit":      commitImage,
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
	w.mu.Lock()
	defer w.mu.Unlock()
	w.networks = append(w.networks, body)
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
	w.mu.Lock()
	defer w.mu.Unlock()
	w.volumes = append(w.volumes, volume)
	return answer{status: http.StatusCreated, body: volume}
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
