package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check/place"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/recorder"
	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// Checker checks sources, each for itself.
type Checker struct {
	Policy *policy.Engine
	// Engine is the socket of the engine to look things up in, "" for none.
	Engine string
}

const noEngineNote = "no engine was asked: an image without a user of its own in the request counts as running as root, and what is in volumes and other containers is not known"

// File checks a file. Relative names in it start in dir.
func (c Checker) File(ctx context.Context, name, dir string, content []byte) (Source, error) {
	kind, items, err := read(ctx, name, dir, content)
	if errors.As(err, new(place.Fault)) {
		return Source{}, err
	} else if err != nil {
		return Source{}, fmt.Errorf("checking %s: %w", name, err)
	}
	source, err := c.judge(ctx, items)
	source.Name, source.Kind = name, kind
	return source, err
}

// Containers checks containers of the engine, as docker inspect shows them.
func (c Checker) Containers(ctx context.Context, inspected []map[string]any) (Source, error) {
	var items []item
	for _, container := range inspected {
		items = append(items, startOf(container, "container"))
	}
	source, err := c.judge(ctx, items)
	source.Name, source.Kind = c.Engine, Engine
	return source, err
}

// judge judges the requests of items, one after the other.
func (c Checker) judge(ctx context.Context, items []item) (Source, error) {
	return c.record(ctx, func(s *session, r *recorder.Recorder, _ string) error {
		for _, it := range items {
			if it.inspected != nil {
				it.request.URI = "/containers/" + r.Hold(ctx, it.inspected) + "/start"
			}
			s.current = it
			r.Take(ctx, it.request)
		}
		return nil
	})
}

// Command runs a command with a recorder as its engine. What it prints goes to
// output. A command that asks no engine for anything, or does not get through,
// is an error beside what was judged until then.
func (c Checker) Command(ctx context.Context, args []string, output io.Writer) (Source, error) {
	line := strings.Join(args, " ")
	source, err := c.record(ctx, func(_ *session, r *recorder.Recorder, socket string) error {
		code, err := recorder.RunClient(ctx, socket, args, output)
		switch {
		case err != nil && !errors.Is(err, recorder.ErrLimit):
			return err
		case err == nil && r.Asked() == 0:
			err = fmt.Errorf("%s asked no engine for anything (exit code %d), so nothing was judged", args[0], code)
		case err == nil && code != 0:
			err = fmt.Errorf("%s ended with exit code %d; what it would have asked for after that was not judged", args[0], code)
		}
		return hint.Wrap(err, "see what the command printed; the engine that records is given to it in DOCKER_HOST")
	})
	source.Name, source.Kind = line, Command
	return source, err
}

// record has a recorder listen in a private folder while work is done.
func (c Checker) record(ctx context.Context, work func(*session, *recorder.Recorder, string) error) (Source, error) {
	dir, err := os.MkdirTemp("", "bulwark-check-")
	if err != nil {
		return Source{}, fmt.Errorf("making a folder for the recording socket: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	host, err := c.host(dir)
	if err != nil {
		return Source{}, err
	}
	socket := filepath.Join(dir, "docker.sock")
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return Source{}, fmt.Errorf("listening on the recording socket: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &session{policy: c.Policy, gatherer: facts.NewGatherer(facts.NewEngine("", socket), host)}
	r := recorder.New(c.Engine, s)
	s.called = r.Called
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx, listener) }()
	err = work(s, r, socket)
	cancel()
	err = errors.Join(err, <-served)
	source := Source{Requests: s.requests(), Notes: []string{}}
	switch assumed := r.Assumed(); {
	case c.Engine == "":
		source.Notes = append(source.Notes, noEngineNote)
	case len(assumed) > 0:
		source.Notes = append(source.Notes, "the engine does not have these images, so that they count as running as root: "+strings.Join(assumed, ", "))
	}
	return source, err
}

// host is where host paths are followed: on this machine when its engine is
// asked. Else nothing is known of the machine in question, and one without
// links stands for it, with this one's version of control groups.
func (c Checker) host(dir string) (facts.Host, error) {
	if c.Engine != "" {
		return facts.Host{}, nil
	}
	const onlyInV1 = "/sys/fs/cgroup/devices/tasks"
	root := filepath.Join(dir, "host")
	if _, err := os.Stat(onlyInV1); err != nil {
		return facts.Host{Root: root}, nil
	}
	file := filepath.Join(root, onlyInV1)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return facts.Host{}, fmt.Errorf("making a folder for the recording socket: %w", err)
	}
	return facts.Host{Root: root}, os.WriteFile(file, nil, 0o600)
}
