//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// siteConfig is a daemon.json that an administrator wrote: its keys and its layout must survive.
const siteConfig = "{\n\t\"default-address-pools\": [{\"base\": \"10.213.0.0/16\", \"size\": 24}],\n\t\"debug\": false\n}\n"

// TestInstall installs and uninstalls as an administrator does, with the defaults of both commands.
func TestInstall(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.write(t, daemonConfig, siteConfig)
		bulwark := filepath.Join(pluginDir(t), "rootfs/bulwark")
		installed := func(t *testing.T, dir string) result {
			t.Helper()
			return d.run(t, bulwark, "install", "--plugin-dir", dir)
		}

		t.Run("a broken plugin is put back", func(t *testing.T) {
			if got := installed(t, brokenPlugin(t)); got.code == 0 {
				t.Errorf("installed: %s", got)
			}
			d.checkPristine(t)
		})
		for _, name := range []string{"first", "again"} {
			t.Run(name, func(t *testing.T) {
				if got := installed(t, pluginDir(t)); got.code != 0 {
					t.Fatalf("not installed: %s", got)
				}
				d.awaitProtection(t, true)
				if got := d.daemonConfig(t); !strings.Contains(got, `"bulwark"`) || !strings.Contains(got, `"base": "10.213.0.0/16"`) {
					t.Errorf("daemon.json is now %s", got)
				}
				if left := d.containers(t); len(left) > 0 {
					t.Errorf("containers left behind: %q", left)
				}
			})
		}
		t.Run("a restart of the engine keeps it", func(t *testing.T) {
			d.stop(t)
			d.start(t)
			d.awaitProtection(t, true)
		})
		t.Run("a broken plugin does not replace it", func(t *testing.T) {
			if got := installed(t, brokenPlugin(t)); got.code == 0 {
				t.Errorf("installed: %s", got)
			}
			d.awaitProtection(t, true)
		})
		for _, name := range []string{"uninstall", "uninstall again"} {
			t.Run(name, func(t *testing.T) {
				if got := d.run(t, bulwark, "uninstall"); got.code != 0 {
					t.Fatalf("not uninstalled: %s", got)
				}
				d.checkPristine(t)
			})
		}
	})
}

// brokenPlugin is a plugin whose program ends at once.
func brokenPlugin(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "plugin")
	if out, err := exec.Command("cp", "-R", pluginDir(t), dir).CombinedOutput(); err != nil {
		t.Fatalf("copying the plugin: %v\n%s", err, out)
	}
	program, err := os.ReadFile("/bin/busybox") // it has no applet of this name
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rootfs/bulwark"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// checkPristine checks that the engine is as it was before anything was installed.
func (d *daemon) checkPristine(t *testing.T) {
	t.Helper()
	d.awaitProtection(t, false)
	if got := d.daemonConfig(t); got != siteConfig {
		t.Errorf("daemon.json: want it as it was, got %s", got)
	}
	for _, list := range [][]string{{"plugin", "ls", "-q"}, {"ps", "-aq"}, {"images", "-aq"}} {
		if left := d.mustDocker(t, list...); left != "" {
			t.Errorf("docker %s: left behind: %s", list, left)
		}
	}
}

// daemonConfig is what daemon.json says now.
func (d *daemon) daemonConfig(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(d.file(daemonConfig))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
