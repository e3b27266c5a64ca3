package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
)

// takeOut removes an installed Bulwark, after keeping a copy for the case that the new one fails; the new
// one gets the settings that it had. The order matters: while the engine asks Bulwark, Bulwark refuses
// to be disabled; and the engine ends if it reads a daemon.json with a plugin that is not running.
func (in *installation) takeOut(ctx context.Context) error {
	if in.listed() {
		in.back.add(in.daemonJSON+" as it was", func(ctx context.Context) error { return in.apply(ctx, in.original) })
		if err := in.apply(ctx, in.without); err != nil {
			return err
		}
		in.say("deactivated: the installed plugin, while it is replaced")
	}
	old, err := in.client.InspectPlugin(ctx, in.plugin)
	if err != nil || old == nil {
		return err
	}
	settings, err := old.Changed(in.files.config)
	if err != nil {
		return err
	}
	copied, err := in.keepCopy(ctx, old)
	if err != nil {
		return hint.Wrap(fmt.Errorf("keeping a copy of the installed plugin: %w", err), "run bulwark uninstall first")
	}
	in.back.add("the plugin that was installed", func(ctx context.Context) error { return in.restore(ctx, copied) })
	if err := in.client.RemovePlugin(ctx, in.plugin); err != nil {
		return err
	}
	in.say("removed: the installed plugin; its settings are kept: %s", strings.Join(settings, " "))
	in.settings = merge(settings, in.settings)
	return nil
}

// installed is a copy of the plugin that the engine had, in the form that engines create plugins from.
type installed struct {
	archive  *os.File // has no name any more, so it goes with this process
	settings []string
	enabled  bool
}

// keepCopy copies an installed plugin. The engine has no call for that, so the files are read from
// where the engine keeps them.
func (h *host) keepCopy(ctx context.Context, plugin *engine.Plugin) (*installed, error) {
	settings, err := plugin.Changed(plugin.Config)
	if err != nil {
		return nil, err
	}
	info, err := h.client.Info(ctx)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "bulwark-installed-*.tar")
	if err != nil {
		return nil, err
	}
	archive := pack(plugin.Config, filepath.Join(info.RootDir, "plugins", plugin.ID, "rootfs"))
	_, err = io.Copy(file, archive)
	if err := errors.Join(err, archive.Close(), os.Remove(file.Name())); err != nil {
		return nil, err
	}
	return &installed{archive: file, settings: settings, enabled: plugin.Enabled}, nil
}

// restore brings the copy back, unless the plugin is still there.
func (h *host) restore(ctx context.Context, copied *installed) error {
	present, err := h.client.InspectPlugin(ctx, h.plugin)
	if err != nil {
		return err
	}
	if present == nil {
		if err := h.recreate(ctx, copied); err != nil {
			return err
		}
	}
	if !copied.enabled || (present != nil && present.Enabled) {
		return nil
	}
	return h.client.EnablePlugin(ctx, h.plugin)
}

func (h *host) recreate(ctx context.Context, copied *installed) error {
	if _, err := copied.archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := h.client.CreatePlugin(ctx, h.plugin, copied.archive); err != nil {
		return err
	}
	if len(copied.settings) == 0 {
		return nil
	}
	return h.client.SetPlugin(ctx, h.plugin, copied.settings)
}
