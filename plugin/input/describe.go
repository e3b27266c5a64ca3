package input

import (
	"path"

	"github.com/moby/moby/api/types/checkpoint"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/plugin"
	"github.com/moby/moby/api/types/volume"
)

// describeStart also fills the checkpoint that a container is started from.
func describeStart(doc *Document, body any) {
	describeStarting(doc, body)
	describeCheckpoint(doc, body)
}

func describeStarting(doc *Document, _ any) { doc.Starting = true }

// describeBody is for operations of which rules see no more than the body.
func describeBody(doc *Document, body any) {
	if body != nil {
		doc.Body = body
	}
}

func describeExec(doc *Document, body any) {
	req, ok := body.(*container.ExecCreateRequest)
	if !ok {
		return
	}
	doc.Exec = &Exec{
		User:       parseUser(req.User, "User"),
		Privileged: Flag{Value: req.Privileged, Field: "Privileged"},
		WorkingDir: Text{Value: cleanDir(req.WorkingDir), Field: "WorkingDir"},
		EnvNames:   envNames(req.Env),
		TTY:        req.Tty,
		Stdin:      req.AttachStdin,
	}
	redacted := *req
	redacted.Env = envNames(req.Env)
	doc.Body = redacted
}

func describeCommit(doc *Document, body any) {
	doc.Images = []Image{doc.target("commit")}
	if config, ok := body.(*container.Config); ok {
		doc.Body = redactConfig(config)
	}
}

func describeVolumeCreate(doc *Document, body any) {
	req, ok := body.(*volume.CreateRequest)
	if !ok {
		return
	}
	doc.Volumes = []Volume{newVolume(Volume{Name: req.Name, Driver: req.Driver, Cluster: req.ClusterVolumeSpec != nil,
		Options: options(req.DriverOpts, "DriverOpts"), Labels: req.Labels, Field: "Driver"})}
	doc.Body = req
}

func describeVolumeUpdate(doc *Document, body any) {
	if req, ok := body.(*volumeUpdateRequest); ok {
		doc.Volumes = []Volume{newVolume(Volume{Name: doc.Object, Cluster: true, Field: "Spec"})}
		doc.Body = req
	}
}

func describeArchive(doc *Document, _ any) {
	where := doc.parameter("path")
	where.Value = cleanDir(where.Value)
	doc.Archive = &Archive{Path: where, Write: doc.Method == "PUT"}
}

func describeCopy(doc *Document, body any) {
	if req, ok := body.(*copyRequest); ok {
		doc.Archive = &Archive{Path: Text{Value: path.Clean(req.Resource), Field: "Resource"}}
		doc.Body = req
	}
}

// describeCheckpoint fills the checkpoint that a request makes, lists, deletes
// or starts a container from.
func describeCheckpoint(doc *Document, body any) {
	a := &Archive{Checkpoint: doc.parameter("checkpoint"), CheckpointDir: doc.parameter("checkpoint-dir")}
	if doc.Operation != "ContainerStart" {
		a.CheckpointDir = doc.parameter("dir")
	}
	if req, ok := body.(*checkpoint.CreateRequest); ok {
		a.Checkpoint = Text{Value: req.CheckpointID, Field: "CheckpointID"}
		a.CheckpointDir = Text{Value: req.CheckpointDir, Field: "CheckpointDir"}
		doc.Body = req
	}
	doc.Archive = a
}

// describePlugin fills every operation on plugins. The values that a set would
// give are left out: they may be secrets.
func describePlugin(doc *Document, body any) {
	p := &Plugin{Name: doc.Object, Remote: doc.parameter("remote"), Privileges: []Option{}, Settings: []Text{},
		Force: doc.truth("force")}
	if name := doc.parameter("name"); p.Name == "" {
		p.Name = name.Value
	}
	switch req := body.(type) {
	case *plugin.Privileges:
		for i, privilege := range *req {
			for _, value := range privilege.Value {
				p.Privileges = append(p.Privileges, Option{Name: privilege.Name, Value: value, Field: element("", i)})
			}
		}
		doc.Body = req
	case *[]string:
		for i, name := range envNames(*req) {
			p.Settings = append(p.Settings, Text{Value: name, Field: element("", i)})
		}
		doc.Body = envNames(*req)
	}
	doc.Plugin = p
}
