// Package install puts Bulwark into the Docker Engine of this host, and takes it out again.
package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/daemonjson"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// Options says what to install where.
type Options struct {
	Engine       string    // the engine's address, unix:///var/run/docker.sock
	DaemonConfig string    // its daemon.json; empty means the one that the engine reads
	Plugin       string    // the plugin's name in the engine
	PluginDir    string    // config.json and rootfs/ of the plugin to install
	Settings     []string  // NAME=VALUE and MOUNT.source=PATH, as in docker plugin set
	Out          io.Writer // is told each step
}

type sayFunc func(format string, args ...any)

// host is this host's engine, and the daemon.json that it reads.
type host struct {
	client     *engine.Client
	process    engine.Process
	plugin     string
	daemonJSON string
	original   []byte // daemon.json as found; nil where there is none
	without    []byte // the same without Bulwark
	with       []byte // the same with Bulwark
	say        sayFunc
}

// open finds the engine and reads its daemon.json. It changes nothing.
func open(o Options) (*host, error) {
	client, err := engine.NewClient(o.Engine)
	if err != nil {
		return nil, err
	}
	process, err := engine.FindProcess(client.Socket)
	if err != nil {
		return nil, hint.Wrap(err, "start the engine, or name its address with --engine")
	}
	h := &host{client: client, process: process, plugin: o.Plugin, daemonJSON: o.DaemonConfig, say: sayer(o.Out)}
	if h.daemonJSON == "" {
		h.daemonJSON = process.ConfigFile()
	}
	return h, h.readDaemonJSON()
}

func sayer(out io.Writer) sayFunc {
	return func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
}

func (h *host) readDaemonJSON() (err error) {
	if h.original, err = readFile(h.daemonJSON); err == nil {
		h.without, err = daemonjson.Remove(h.original, h.plugin)
	}
	if err == nil {
		h.with, err = daemonjson.Add(h.original, h.plugin)
	}
	if err != nil {
		return hint.Wrap(fmt.Errorf("reading %s: %w", h.daemonJSON, err), "mend the file first; nothing was changed")
	}
	return nil
}

// listed tells whether daemon.json, as found, lists Bulwark.
func (h *host) listed() bool { return string(h.without) != string(h.original) }

// canReload makes sure that a reload does what we want and no harm: an engine that is told of an
// authorization plugin which it cannot find ends at once, and its containers with it.
func (h *host) canReload(ctx context.Context) error {
	if h.process.Flag("authorization-plugin") != "" {
		return hint.Wrap(errors.New("the engine was started with --authorization-plugin, so it refuses a list in daemon.json"),
			"move the plugins from the engine's command line to \"authorization-plugins\" in "+h.daemonJSON+" and restart the engine")
	}
	others, err := daemonjson.Plugins(h.without)
	if err != nil || len(others) == 0 {
		return err
	}
	info, err := h.client.Info(ctx)
	if err != nil {
		return err
	}
	for _, other := range others {
		if slices.Contains(info.Authz, other) {
			continue
		}
		plugin, err := h.client.InspectPlugin(ctx, other)
		if err != nil {
			return err
		}
		if plugin == nil || !plugin.Enabled {
			return hint.Wrap(fmt.Errorf("%s lists the authorization plugin %q, which the engine does not have; a reload would end the engine", h.daemonJSON, other),
				"install and enable that plugin, or take it out of the file")
		}
	}
	return nil
}
