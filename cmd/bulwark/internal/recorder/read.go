package recorder

import (
	"cmp"
	"net/http"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// thisNode is the id of the node that the recorder pretends to be.
const thisNode = "recordednode"

// Without an engine to read from, these are the answers to who asks about the
// engine itself.
var (
	apiVersion = "1.51"
	aboutNone  = map[string]any{
		"SystemVersion": object{"Version": "28.3.0", "ApiVersion": apiVersion, "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"},
		// A manager of a swarm: any request is judged then, and a client does not give up before.
		"SystemInfo": object{"ServerVersion": "28.3.0", "OSType": "linux", "Architecture": "x86_64",
			"Swarm": object{"LocalNodeState": "active", "ControlAvailable": true, "NodeID": thisNode}},
		"SystemDataUsage":     object{},
		"ImageList":           []any{},
		"ImageSearch":         []any{},
		"NodeList":            []any{},
		"TaskList":            []any{},
		"PluginList":          []any{},
		"GetPluginPrivileges": []any{},
		"SwarmInspect":        object{"ID": "recordedswarm", "Version": object{"Index": 1}, "Spec": object{}},
		"NodeInspect":         object{"ID": thisNode, "Version": object{"Index": 1}, "Spec": object{"Role": "manager", "Availability": "active"}},
	}
)

// read answers a request that reads: from what the recorder knows, else from
// the engine. A look-up of the judge is not told that an object is missing of
// which nobody knows.
func (r *Recorder) read(w http.ResponseWriter, hr *http.Request, doc input.Document, lookUp bool) {
	switch doc.Operation {
	case "ContainerList", "VolumeList", "NetworkList", "ServiceList", "SecretList", "ConfigList":
		send(w, r.list(hr, doc))
		return
	case "ContainerLogs":
		if r.world.inspect(doc.Object) != nil {
			w.WriteHeader(http.StatusOK) // it has said nothing
			return
		}
	case "ContainerArchive", "ContainerArchiveInfo":
		if r.world.inspect(doc.Object) != nil {
			readFiles(w, doc)
			return
		}
	case "SystemEvents":
		r.follow(w, hr, doc)
		return
	}
	if lookUp && r.engine == nil && (doc.Operation == "ContainerInspect" && r.world.inspect(doc.Object) == nil || doc.Operation == "ImageInspect" && r.world.image(doc.Object) == nil && localID.MatchString(doc.Object)) {
		// It may well be there, with anything in it.
		send(w, answer{status: http.StatusServiceUnavailable, body: message("no engine was asked")})
		return
	}
	if shown, known := r.shown(doc); known {
		if shown == nil {
			shown = message("the recorder has none of that")
			send(w, answer{status: http.StatusNotFound, body: shown})
			return
		}
		send(w, answer{status: http.StatusOK, body: shown})
		return
	}
	if r.engine != nil {
		forwarded := hr.Clone(hr.Context())
		forwarded.Header.Del("Upgrade")
		forwarded.Header.Del("Connection")
		r.engine.ServeHTTP(w, forwarded)
		return
	}
	readNone(w, doc)
}

// readNone answers where there is no engine.
func readNone(w http.ResponseWriter, doc input.Document) {
	about, isAbout := aboutNone[doc.Operation]
	switch {
	case doc.Operation == "SystemPing" || doc.Operation == "SystemPingHead":
		w.Header().Set("Api-Version", apiVersion)
		w.Header().Set("Ostype", "linux")
		w.Header().Set("Server", "Docker/recorder (linux)")
		_, _ = w.Write([]byte("OK"))
	case isAbout && (doc.Object == "" || doc.Object == thisNode):
		send(w, answer{status: http.StatusOK, body: about})
	case doc.Operation == "ImageInspect": // docker-py goes by the first words
		send(w, answer{status: http.StatusNotFound, body: message("No such image: " + doc.Object + " (no engine was asked)")})
	default:
		send(w, answer{status: http.StatusNotFound, body: message("nothing is known of " + cmp.Or(doc.Object, doc.Path) + ": no engine was asked")})
	}
}

// shown is what the recorder itself knows of an object; known without an
// object is that it is gone, or has nothing of that kind.
func (r *Recorder) shown(doc input.Document) (shown any, known bool) {
	found := func(o object) (any, bool) {
		if o != nil {
			return o, true
		}
		return nil, r.world.isGone(kindOf(doc), doc.Object)
	}
	switch doc.Operation {
	case "ContainerInspect":
		return found(r.world.inspect(doc.Object))
	case "ContainerChanges", "ContainerExport", "ContainerStats", "ContainerTop":
		return bare[doc.Operation], r.world.inspect(doc.Object) != nil
	case "ExecInspect":
		return found(r.world.exec(doc.Object))
	case "ImageInspect":
		return found(r.world.image(doc.Object))
	case "NetworkInspect", "VolumeInspect", "ServiceInspect", "SecretInspect", "ConfigInspect":
		return found(r.world.object(kindOf(doc), doc.Object))
	}
	return nil, false
}

// exec is what is shown of a process: that it has ended well.
func (w *world) exec(id string) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	if container, ok := w.execs[id]; ok {
		return object{"ID": id, "ContainerID": container, "Running": false, "ExitCode": 0, "Pid": 0}
	}
	return nil
}
