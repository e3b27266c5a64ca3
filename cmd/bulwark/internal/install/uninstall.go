package install

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"syscall"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// Uninstall takes Bulwark out of the engine. Settings and logs stay. Where no engine runs, Bulwark is
// only taken out of daemon.json, so that an engine which does not start because of it can start again.
func Uninstall(ctx context.Context, o Options) error {
	h, err := open(o)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return uninstallStopped(o, err)
	}
	if err != nil {
		return err
	}
	if err := h.canReload(ctx); err != nil {
		return err
	}
	if err := h.deactivate(ctx); err != nil {
		return err
	}
	plugin, err := h.client.InspectPlugin(ctx, h.plugin)
	if err != nil {
		return err
	}
	if plugin == nil && !h.listed() {
		h.say("nothing to do: the engine has no plugin %s and %s does not list it", h.plugin, h.daemonJSON)
		return nil
	}
	if plugin != nil {
		if err := h.client.RemovePlugin(ctx, h.plugin); err != nil {
			return hint.Wrap(err, "the engine asks Bulwark no longer; remove what is left with docker plugin rm --force "+h.plugin)
		}
		h.say("removed: plugin %s", h.plugin)
	}
	h.say("left as they are: settings in /etc/bulwark, the decision log in /var/log/bulwark")
	return nil
}

func (h *host) deactivate(ctx context.Context) (err error) {
	if !h.listed() {
		return nil
	}
	doc, backup, err := h.beforeInstall()
	if err != nil {
		return err
	}
	var back undo
	back.add(h.daemonJSON+" as it was", func(ctx context.Context) error { return h.apply(ctx, h.original) })
	if err := h.apply(ctx, doc); err != nil {
		return back.run(ctx, err, h.say)
	}
	h.say("deactivated: %s no longer lists %s, and the engine reloaded", h.daemonJSON, h.plugin)
	return h.dropBackup(doc, backup)
}

// beforeInstall returns daemon.json without Bulwark: byte for byte as it was where nothing else changed
// since; nil where installing made the file.
func (h *host) beforeInstall() (doc, backup []byte, err error) {
	if backup, err = readFile(h.daemonJSON + backupSuffix); err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", h.daemonJSON+backupSuffix, err)
	}
	switch {
	case backup != nil && sameJSON(backup, h.without):
		return backup, backup, nil
	case backup == nil && sameJSON(nil, h.without):
		return nil, nil, nil
	}
	return h.without, backup, nil
}

// dropBackup removes a backup that has served, and keeps one that tells something else.
func (h *host) dropBackup(doc, backup []byte) error {
	if backup == nil {
		return nil
	}
	if string(doc) != string(backup) {
		h.say("kept: %s, since %s has changed since then", h.daemonJSON+backupSuffix, h.daemonJSON)
		return nil
	}
	return replaceFile(h.daemonJSON+backupSuffix, nil)
}

// sameJSON compares what two daemon.json say; a blank one says as little as an empty object.
func sameJSON(a, b []byte) bool {
	left, errLeft := object(a)
	right, errRight := object(b)
	return errLeft == nil && errRight == nil && reflect.DeepEqual(left, right)
}

func object(doc []byte) (map[string]any, error) {
	members := map[string]any{}
	if len(bytes.TrimSpace(doc)) == 0 {
		return members, nil
	}
	err := json.Unmarshal(doc, &members)
	return members, err
}

func uninstallStopped(o Options, cause error) error {
	h := &host{plugin: o.Plugin, daemonJSON: o.DaemonConfig, say: sayer(o.Out)}
	if h.daemonJSON == "" {
		h.daemonJSON = engine.DefaultConfigFile
	}
	if err := h.readDaemonJSON(); err != nil {
		return err
	}
	if !h.listed() {
		return cause
	}
	doc, backup, err := h.beforeInstall()
	if err == nil {
		err = replaceFile(h.daemonJSON, doc)
	}
	if err == nil {
		err = h.dropBackup(doc, backup)
	}
	if err != nil {
		return err
	}
	h.say("deactivated: %s no longer lists %s", h.daemonJSON, h.plugin)
	return hint.Wrap(errors.New("the engine does not run, so the plugin itself is still in it"), "start the engine and run bulwark uninstall again")
}
