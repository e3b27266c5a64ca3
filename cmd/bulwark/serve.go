package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/hint"
	"github.com/bulwark-authz/bulwark/plugin"
	"github.com/bulwark-authz/bulwark/plugin/decisionlog"
	"github.com/bulwark-authz/bulwark/plugin/facts"
	"github.com/bulwark-authz/bulwark/plugin/policy"
	"github.com/bulwark-authz/bulwark/plugin/sandbox"
)

// noEngine as BULWARK_ENGINE turns look-ups off.
const noEngine = "none"

// Loading a policy takes a fifth less time when little is collected meanwhile.
// With no collection at all, what stays would lie apart, and hold on to more
// memory.
const (
	gcLoading  = 250
	gcDeciding = 100
)

// settleAfter leaves the first requests, which have waited for the policy, alone:
// to change the collector's pace begins a collection.
const settleAfter = time.Second

// memoryLimit is where more garbage is collected than otherwise, in bytes. It
// takes a flood of large requests to get there.
const memoryLimit = 128 << 20

type serveOptions struct {
	socket, config, hostRoot, logFile, engine string
}

// askedEngine is the engine to look things up in, nil for none.
func (o serveOptions) askedEngine() *facts.Engine {
	if o.engine == "" || o.engine == noEngine {
		return nil
	}
	return facts.NewEngine(o.hostRoot, o.engine).OnlyAsker()
}

func newServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve --socket PATH",
		Short: "Be the plugin: answer what an engine asks on a unix socket",
		Long: `Be the plugin: answer what an engine asks on a unix socket.

The settings are read at start, and again whenever they change. When there is a fault in them, the last good ones stay
in force; at start every request is refused with the reason until they are mended. BULWARK_CONFIG sets the default
of --config, BULWARK_ENGINE that of --engine, BULWARK_LOG_LEVEL (debug, info, warn, error) what is written to the
standard output; the log file gets every decision. On the same socket, GET /status says how the plugin is, and
GET /metrics says so to Prometheus.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), o, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.socket, "socket", "", "the unix `PATH` to listen on")
	configFlag(flags, &o.config)
	flags.StringVar(&o.hostRoot, "host-root", "", "the `DIR` where the host's files are mounted")
	flags.StringVar(&o.engine, "engine", os.Getenv("BULWARK_ENGINE"), "the `SOCKET` of the engine to look images, containers and volumes up in, as the host sees it; none for not")
	flags.StringVar(&o.logFile, "log-file", "", "a `PATH` to write every decision to, rotated by size")
	return cmd
}

func serve(ctx context.Context, o serveOptions, stdout io.Writer) error {
	if o.socket == "" {
		return hint.Wrap(errors.New("no socket to listen on"), "say which with --socket PATH")
	}
	// A reader of stdout that goes away must not end the plugin.
	signal.Ignore(syscall.SIGPIPE)
	status, err := confine(o)
	if err != nil {
		return err
	}
	setMemory(gcLoading)

	level, levelErr := logLevel()
	log := decisionlog.Open(stdout, level, o.logFile)
	defer log.Close()
	if levelErr != nil {
		log.Logger().WithError(levelErr).Warn("BULWARK_LOG_LEVEL is not a level; using info")
	}
	if status.Landlock == 0 {
		log.Logger().Warn("this kernel has no Landlock: writing files is restricted by their modes alone")
	}

	// The engine waits for the socket, not for the policy: it gives up on a
	// plugin that does not listen after some ten seconds.
	listener, err := plugin.Listen(ctx, o.socket)
	if err != nil {
		return err
	}
	log.Logger().WithField("socket", o.socket).WithField("version", version).Info("listening")
	authorizer := plugin.New(log, facts.NewGatherer(o.askedEngine(), facts.Host{Root: o.hostRoot}))
	authorizer.Describe(plugin.About{Version: version, Config: o.config, LogFile: o.logFile, Landlock: status.Landlock})
	loaded := watchPolicy(ctx, authorizer, o, log.Logger())
	authorizer.Await(loaded)
	go func() {
		<-loaded
		time.Sleep(settleAfter)
		setMemory(gcDeciding)
	}()
	return plugin.Serve(ctx, listener, authorizer)
}

// watchPolicy gives the authorizer its policy, now and whenever it changes. The
// channel is closed after the first one, good or bad: a fault in the settings
// does not end the plugin, since the person in front of docker must get to
// read it.
func watchPolicy(ctx context.Context, authorizer *plugin.Authorizer, o serveOptions, log *logrus.Logger) <-chan struct{} {
	loaded := make(chan struct{})
	first := sync.OnceFunc(func() { close(loaded) })
	adopt := func(l policy.Loaded) {
		authorizer.Adopt(l)
		first()
	}
	warn := func(err error) { log.WithField("config", o.config).Warn(err) }
	go policy.Watch(ctx, policy.Folder{Root: o.hostRoot, Dir: o.config}, adopt, warn)
	return loaded
}

// confine gives up what the plugin does not need. What it writes to must exist
// before: afterwards nothing can be created elsewhere.
func confine(o serveOptions) (sandbox.Status, error) {
	directory := filepath.Dir(o.socket)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return sandbox.Status{}, fmt.Errorf("creating the socket's directory: %w", err)
	}
	writable := []string{directory}
	if o.logFile != "" {
		// Without it the plugin goes on: the log says that it cannot be written.
		if directory := filepath.Dir(o.logFile); os.MkdirAll(directory, 0o750) == nil {
			writable = append(writable, directory)
		}
	}
	return sandbox.Confine(writable...)
}

// setMemory leaves alone what the environment sets.
func setMemory(gcPercent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

func logLevel() (logrus.Level, error) {
	value := os.Getenv("BULWARK_LOG_LEVEL")
	if value == "" {
		return logrus.InfoLevel, nil
	}
	level, err := logrus.ParseLevel(value)
	if err != nil {
		return logrus.InfoLevel, err
	}
	return level, nil
}
