package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/daemonjson"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/engine"
)

const (
	install   = "install Bulwark with make install"
	engineLog = "the engine's log says why (journalctl -u docker, or where dockerd writes); make install replaces the plugin"
)

// checkEngine sees whether the engine answers at all.
func (e *examination) checkEngine(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	info, err := e.client.Info(ctx)
	var answer *engine.Error
	switch {
	case err == nil:
		e.answers = true
		e.add("engine", OK, fmt.Sprintf("Docker Engine %s answers at %s", info.Version, e.client.Socket), "")
	case engine.FailedIn(err, e.Plugin):
		e.add("engine", Fail, fmt.Sprintf("the engine refuses every request, since the plugin %s does not answer it: %v", e.Plugin, err), engineLog)
	case errors.As(err, &answer):
		e.answers = true
		e.add("engine", Warn, fmt.Sprintf("the engine at %s does not say what it is: %v", e.client.Socket, err), "")
	case e.Socket != "":
		e.add("engine", Warn, fmt.Sprintf("no engine answers at %s, so whether one asks Bulwark is not known: %v", e.client.Socket, err), toReach(err))
	default:
		e.add("engine", Fail, fmt.Sprintf("no engine answers at %s: %v", e.client.Socket, err), toReach(err))
	}
}

func toReach(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "run it with sudo"
	}
	return "start the engine, or name its address with --engine"
}

// checkInstalled sees whether the engine has the plugin.
func (e *examination) checkInstalled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	managed, err := e.client.InspectPlugin(ctx, e.Plugin)
	switch e.managed = managed; {
	case err != nil:
		e.add("plugin", Fail, err.Error(), engineLog)
	case managed == nil:
		e.add("plugin", Fail, fmt.Sprintf("the engine has no plugin %s", e.Plugin), install+", or name the socket of a plugin that runs outside of the engine with --socket")
	case !managed.Enabled:
		e.add("plugin", Fail, fmt.Sprintf("the plugin %s is not enabled", e.Plugin), install)
	default:
		e.add("plugin", OK, fmt.Sprintf("the plugin %s is enabled", e.Plugin), "")
	}
}

// checkChain sees whether the engine asks the plugin about requests, now and
// after a restart.
func (e *examination) checkChain(ctx context.Context) {
	file, listed, err := e.listed()
	if err != nil {
		e.add("requests", Warn, err.Error(), "run it with sudo, and name the engine's daemon.json with --daemon-config")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	// What Bulwark never allows, and what does no harm where Bulwark is not
	// asked: to set nothing on itself.
	answer := e.client.SetPlugin(ctx, e.Plugin, []string{})
	_, asked := engine.DeniedBy(answer, e.Plugin)
	switch {
	case asked && listed:
		e.add("requests", OK, fmt.Sprintf("the engine asks %s about every request, as %s says", e.Plugin, file), "")
	case asked:
		e.add("requests", Fail, fmt.Sprintf("the engine asks %s about every request, but will not after a restart: %s does not list it", e.Plugin, file),
			fmt.Sprintf(`add %q to "authorization-plugins" in %s`, e.Plugin, file))
	case listed:
		e.add("requests", Fail, fmt.Sprintf("the engine does not ask %s, though %s lists it", e.Plugin, file), install)
	default:
		e.add("requests", Fail, fmt.Sprintf("the engine does not ask %s: %s does not list it", e.Plugin, file), install)
	}
}

// listed tells whether the engine is told to ask the plugin when it starts,
// and by what.
func (e *examination) listed() (by string, listed bool, err error) {
	by = e.DaemonConfig
	if e.process, err = engine.FindProcess(e.client.Socket); err != nil && by == "" {
		return "", false, err
	}
	if flag := e.process.Flag("authorization-plugin"); flag != "" {
		return "the engine's command line", slices.Contains(strings.Split(flag, ","), e.Plugin), nil
	}
	if by == "" {
		by = e.process.ConfigFile()
	}
	doc, err := os.ReadFile(by)
	if errors.Is(err, fs.ErrNotExist) {
		return by, false, nil
	}
	if err != nil {
		return by, false, err
	}
	names, err := daemonjson.Plugins(doc)
	if err != nil {
		return by, false, fmt.Errorf("reading %s: %w", by, err)
	}
	return by, daemonjson.Lists(names, e.Plugin), nil
}
