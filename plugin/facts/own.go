package facts

import (
	"bufio"
	"context"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// pluginFolder is where the engine mounts into a plugin the folder for its
// socket, which is named by the plugin's id (moby daemon/pkg/plugin/v2,
// InitSpec).
const pluginFolder = "/run/docker/plugins"

// wholeID is an id in full.
var wholeID = regexp.MustCompile("^[0-9a-f]{64}$")

// ownID is the id that the engine runs this process under as a plugin.
func ownID() string {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	return pluginID(f)
}

// pluginID finds the id of a plugin in its mounts (proc_pid_mountinfo(5)): the
// fourth field is the mounted folder, the fifth where it is mounted. It is ""
// unless exactly one mount tells it.
func pluginID(mountinfo io.Reader) string {
	var ids []string
	for lines := bufio.NewScanner(mountinfo); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 4 && fields[4] == pluginFolder {
			ids = append(ids, path.Base(fields[3]))
		}
	}
	if len(ids) != 1 || !wholeID.MatchString(ids[0]) {
		return ""
	}
	return ids[0]
}

// plugin says whether a plugin is Bulwark itself, if that can be told.
func (g *Gatherer) plugin(ctx context.Context, doc *input.Document, name string) func() {
	var answer pluginAnswer
	var fact input.PluginFact
	fact.State, fact.Reason = outcome(g.engine.inspect(ctx, "plugins", name, "/json", &answer))
	if fact.State == input.Found && (g.own == "" || !wholeID.MatchString(answer.ID)) {
		fact.State, fact.Reason = input.Unknown, "Bulwark cannot compare the plugin's id with its own"
	}
	fact.ID, fact.Own = answer.ID, answer.ID == g.own
	fact.Authorizes = slices.ContainsFunc(answer.Config.Interface.Types, func(t string) bool { return strings.HasPrefix(t, "docker.authz/") })
	return func() { doc.Facts.Plugins[name] = fact }
}
