package install

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// checkSettings reads the site's settings as the plugin will, before anything is changed: with broken ones
// it would refuse every request.
func (in *installation) checkSettings(ctx context.Context) error {
	dir := in.settingsDir(ctx)
	if _, err := policy.Load(dir); err != nil {
		return hint.Wrap(err, "mend the settings, then install again; nothing was changed")
	}
	if file := filepath.Join(dir, policy.SettingsFile); exists(file) {
		in.site = file
		in.say("found: the settings in %s", file)
	}
	return nil
}

// settingsDir is where the plugin will look for settings: as told now, else as it was told when it was
// installed, else the default.
func (in *installation) settingsDir(ctx context.Context) string {
	const name, byDefault = "BULWARK_CONFIG", "/etc/bulwark"
	for _, setting := range in.settings {
		if dir, ok := strings.CutPrefix(setting, name+"="); ok {
			return dir
		}
	}
	// A plugin that does not answer cannot be asked about; then the default is as good a guess as any.
	if plugin, err := in.client.InspectPlugin(ctx, in.plugin); err == nil && plugin != nil && plugin.Env(name) != "" {
		return plugin.Env(name)
	}
	return byDefault
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
