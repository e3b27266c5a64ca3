package install

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// Install creates and enables the plugin, has the engine ask it about every request, and verifies with
// real containers that it does. An installed Bulwark is replaced and keeps its settings. Whatever fails,
// and when ctx ends: the engine is left as it was found.
func Install(ctx context.Context, o Options) error {
	files, err := openStaged(o.PluginDir)
	if err != nil {
		return err
	}
	h, err := open(o)
	if err != nil {
		return err
	}
	if err := h.canReload(ctx); err != nil {
		return err
	}
	h.say("found: engine process %d at %s, which reads %s", h.process.PID, h.client.Socket, h.daemonJSON)
	in := &installation{host: h, files: files, settings: o.Settings}
	for _, step := range []func(context.Context) error{
		in.checkSettings, in.takeOut, in.create, in.enable, in.makeImage, in.activate, in.verify,
	} {
		err := context.Cause(ctx)
		if err == nil {
			err = step(context.WithoutCancel(ctx)) // half a step could not be taken back
		}
		if err != nil {
			return in.back.run(ctx, err, h.say)
		}
	}
	return nil
}

// installation is one run of Install; each step leaves in back how to take it back.
type installation struct {
	*host
	files    staged
	settings []string // to give to the plugin
	site     string   // the site's settings.yaml, or "" where it has none
	back     undo
}

// staged is what `make plugin` left: the plugin's config.json and the folder of its root.
type staged struct {
	dir    string
	config []byte
}

func (s staged) rootfs() string  { return filepath.Join(s.dir, "rootfs") }
func (s staged) program() string { return filepath.Join(s.rootfs(), "bulwark") }

func openStaged(dir string) (staged, error) {
	files := staged{dir: dir}
	config, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err == nil {
		files.config = config
		_, err = os.Stat(files.program())
	}
	return files, hint.Wrap(err, "build the plugin first with make plugin, or name its folder with --plugin-dir")
}

// engineSetting tells the plugin where the engine's socket is on the host, if not where it expects it.
func (h *host) engineSetting() []string {
	socket, err := filepath.EvalSymlinks(h.client.Socket)
	if err != nil || socket == "/run/docker.sock" {
		return nil
	}
	return []string{"BULWARK_ENGINE=" + socket}
}

// merge joins lists of settings; of two for the same name the later one counts.
func merge(lists ...[]string) []string {
	merged := []string{}
	for _, setting := range slices.Concat(lists...) {
		name, _, _ := strings.Cut(setting, "=")
		merged = slices.DeleteFunc(merged, func(s string) bool { return strings.HasPrefix(s, name+"=") })
		merged = append(merged, setting)
	}
	return merged
}

func (in *installation) create(ctx context.Context) error {
	archive := pack(in.files.config, in.files.rootfs())
	defer func() { _ = archive.Close() }()
	if err := in.client.CreatePlugin(ctx, in.plugin, archive); err != nil {
		return err
	}
	in.back.add("plugin "+in.plugin+" removed again", func(ctx context.Context) error { return in.client.RemovePlugin(ctx, in.plugin) })
	in.say("created: plugin %s from %s", in.plugin, in.files.dir)
	settings := merge(in.engineSetting(), in.settings)
	if len(settings) == 0 {
		return nil
	}
	if err := in.client.SetPlugin(ctx, in.plugin, settings); err != nil {
		return err
	}
	in.say("set: %s", strings.Join(settings, " "))
	return nil
}

func (in *installation) enable(ctx context.Context) error {
	if err := in.client.EnablePlugin(ctx, in.plugin); err != nil {
		return hint.Wrap(err, "the engine's log has the plugin's own words (journalctl -u docker, or where dockerd writes)")
	}
	in.say("enabled: plugin %s", in.plugin)
	return nil
}

// activate has the engine ask Bulwark from now on. What the file was before stays beside it.
func (in *installation) activate(ctx context.Context) error {
	in.back.add(in.daemonJSON+" without "+in.plugin, func(ctx context.Context) error { return in.apply(ctx, in.without) })
	if !in.listed() {
		if err := in.writeBackup(); err != nil {
			return err
		}
	}
	if err := in.apply(ctx, in.with); err != nil {
		return err
	}
	in.say("activated: %s lists %s, the engine reloaded and asks it about every request", in.daemonJSON, in.plugin)
	return nil
}

func (in *installation) writeBackup() error {
	backup := in.daemonJSON + backupSuffix
	older, err := readFile(backup)
	if err != nil {
		return fmt.Errorf("reading %s: %w", backup, err)
	}
	in.back.add(backup+" as it was", func(context.Context) error { return replaceFile(backup, older) })
	return replaceFile(backup, in.original)
}
