package recorder

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// bare is what is in a container that was never made: nothing.
var bare = map[string]any{
	"ContainerChanges": []any{},
	"ContainerExport":  object{},
	"ContainerStats":   object{},
	"ContainerTop":     object{"Titles": []string{"PID", "CMD"}, "Processes": []any{}},
}

// readFiles answers who copies from or into a container. Which files it has
// nobody knows: a name that ends as a folder's is one, and empty.
func readFiles(w http.ResponseWriter, doc input.Document) {
	name := parameter(doc, "path")
	if doc.Operation == "ContainerArchiveInfo" && !strings.HasSuffix(name, "/") {
		send(w, answer{status: http.StatusNotFound})
		return
	}
	stat, _ := json.Marshal(object{"name": path.Base(name), "mode": os.ModeDir | 0o755}) // never fails
	w.Header().Set("X-Docker-Container-Path-Stat", base64.StdEncoding.EncodeToString(stat))
	w.Header().Set("Content-Type", "application/x-tar")
	const emptyTar = 1024
	_, _ = w.Write(make([]byte, emptyTar))
}
