package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/bulwark-authz/bulwark/plugin"
)

// checkPlugin asks the plugin how it is.
func (e *examination) checkPlugin(ctx context.Context) {
	socket := e.socket()
	if socket == "" {
		e.add("answers", Warn, "where the plugin listens is not known", "name its socket with --socket")
		return
	}
	status, err := ask(ctx, socket)
	if err != nil {
		e.add("answers", Fail, fmt.Sprintf("the plugin does not say at %s how it is: %v", socket, err), engineLog)
		return
	}
	e.status = status
	d := status.Decisions
	e.add("answers", OK, fmt.Sprintf("Bulwark %s answers: %d allowed, %d denied, %d refused since %s",
		status.Version, d.Allow, d.Deny, d.Refuse, moment(status.Started)), "")
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ask gets the status of the plugin on a socket.
func ask(ctx context.Context, socket string) (*plugin.Status, error) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://plugin"+plugin.StatusPath, nil)
	if err != nil {
		return nil, err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return nil, errors.New("it is of a version that does not, or no Bulwark")
	}
	var status plugin.Status
	if err := json.NewDecoder(resp.Body).Decode(&status); err != nil {
		return nil, fmt.Errorf("reading its answer: %w", err)
	}
	return &status, nil
}

func (e *examination) checkLog() {
	log := e.status.Log
	lost := log.StdoutLost + log.FileLost
	switch file := e.status.LogFile; {
	case log.FileError != "":
		e.add("log", Fail, fmt.Sprintf("%s cannot be written, and %d of its lines are missing: %s", file, log.FileLost, log.FileError),
			"free space on its disk, or install again with log.source=DIR; until then decisions are in the engine's log only")
	case lost > 0:
		e.add("log", Warn, fmt.Sprintf("%d lines of %s and %d of the engine's log are missing since %s", log.FileLost, file, log.StdoutLost, moment(e.status.Started)),
			"see whether the disk was full, or whatever reads the log too slow")
	case file == "":
		e.add("log", OK, "every decision was written to the standard output", "")
	default:
		e.add("log", OK, fmt.Sprintf("every decision was written to %s", file), "")
	}
}

func (e *examination) checkLookups() {
	switch l := e.status.Lookups; {
	case !l.Enabled:
		e.add("look-ups", Warn, "look-ups are turned off: what only a look-up could clear is denied", "set BULWARK_ENGINE to the engine's socket")
	case l.Error != "":
		e.add("look-ups", Fail, "the engine does not answer look-ups, so what needs one is denied: "+l.Error,
			"see whether BULWARK_ENGINE of the plugin is the engine's socket, as the host sees it")
	default:
		e.add("look-ups", OK, fmt.Sprintf("the engine answers look-ups: %d found, %d missing, %d failed since %s",
			l.Found, l.Missing, l.Failed, moment(e.status.Started)), "")
	}
}

func (e *examination) checkConfinement() {
	if version := e.status.Landlock; version > 0 {
		e.add("confinement", OK, fmt.Sprintf("Landlock (version %d) keeps the plugin from writing anything but its log and its socket", version), "")
		return
	}
	e.add("confinement", Warn, "this kernel has no Landlock: what keeps the plugin from writing is that it has no capabilities and sees the host read-only",
		"a kernel from 5.13 on, with landlock among its security modules, has it")
}
